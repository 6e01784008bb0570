import { Words } from '../sql/words';
import { addedConstraint } from './definition';
import type { TableName } from './definition';

/** What tells the rows of a table apart. */
export interface UniqueKey {
  table: TableName;
  columns: string[];
  from: 'primaryKey' | 'unique';
}

/** The key a statement makes: `ADD CONSTRAINT … PRIMARY KEY | UNIQUE (a, b)`, or a unique index on columns alone. */
export function uniqueKey(sql: string): UniqueKey | null {
  const added = addedConstraint(sql);
  if (added && (added.key || added.unique) && added.columns.length > 0)
    return { table: added.table, columns: added.columns, from: added.key ? 'primaryKey' : 'unique' };
  return uniqueIndex(new Words(sql));
}

/** Not of expressions, and not of some rows only. */
function uniqueIndex(words: Words): UniqueKey | null {
  const on = words.match(0, 'create unique index') && words.find(3, 'on');
  if (!on || on < 0 || words.find(on, 'where') >= 0) return null;
  const table = words.qualified(words.skip(on + 1, ['only']));
  if (!table) return null;
  let at = table.next;
  while (words.at(at) && !words.is(at, '(')) at++;
  const columns: string[] = [];
  const end = words.closing(at) - 1;
  for (at++; at < end; at++) {
    const token = words.at(at)!;
    if (token.type !== 'word' && token.type !== 'name') return null;
    columns.push(token.text);
    // What follows a column is how it is sorted.
    for (at++; at < end && !words.is(at, ','); at++) if (words.is(at, '(') || words.is(at, '.')) return null;
  }
  return columns.length > 0
    ? { table: { schema: table.schema, name: table.name }, columns, from: 'unique' }
    : null;
}

/** What `ALTER TABLE … ATTACH PARTITION …` joins; null for other statements. */
export function attachedPartition(sql: string): { root: TableName; part: TableName } | null {
  const words = new Words(sql);
  const altered = words.match(0, 'alter table');
  const root = altered ? words.qualified(words.skip(altered, ['only'])) : null;
  const attach = root && words.match(root.next, 'attach partition');
  const part = attach ? words.qualified(attach) : null;
  if (!root || !part) return null;
  return {
    root: { schema: root.schema, name: root.name },
    part: { schema: part.schema, name: part.name },
  };
}
