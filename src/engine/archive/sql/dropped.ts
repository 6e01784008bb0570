import { kindAt, userMapping } from './created';
import { signature } from './signature';
import type { Words } from './words';

/** Relations share one name space; constraints are dropped in one way. */
export function nameSpace(kind: string): string {
  if (/^(?:TABLE|VIEW|MATERIALIZED VIEW|FOREIGN TABLE|SEQUENCE|INDEX)$/.test(kind)) return 'RELATION';
  return /CONSTRAINT$/.test(kind) ? 'CONSTRAINT' : kind;
}

/** What an entry is found by when a later statement speaks of it. */
export function objectKey(kind: string, schema: string | null, name: string): string {
  return JSON.stringify([nameSpace(kind), schema, name]);
}

/** The `objectKey` of what a DROP statement, or an ALTER … DROP, drops; null for others. */
export function droppedKey(words: Words): string | null {
  if (words.word(0) === 'alter') return droppedPart(words);
  const found = words.word(0) === 'drop' ? kindAt(words, 1) : null;
  if (found?.kind === 'USER MAPPING') {
    const mapping = userMapping(words, words.skip(found.next, ['if', 'exists']));
    return mapping && objectKey(mapping.kind, mapping.schema, mapping.name);
  }
  const name = found && words.qualified(words.skip(found.next, ['if', 'exists']));
  if (!found || !name) return null;
  const { kind } = found;
  if (['FUNCTION', 'PROCEDURE', 'AGGREGATE'].includes(kind))
    return objectKey(kind, name.schema, name.name + signature(words, name.next));
  if (!['TRIGGER', 'RULE', 'POLICY'].includes(kind)) return objectKey(kind, name.schema, name.name);
  const table = words.word(name.next) === 'on' ? words.qualified(name.next + 1) : null;
  return table && objectKey(kind, table.schema, `${table.name} ${name.name}`);
}

function droppedPart(words: Words): string | null {
  const found = kindAt(words, 1);
  const table = found && words.qualified(words.skip(found.next, ['if', 'exists', 'only']));
  if (!table) return null;
  const constraint = words.match(table.next, 'drop constraint');
  if (constraint) {
    const own = words.at(words.skip(constraint, ['if', 'exists']))?.text;
    return own === undefined ? null : objectKey('CONSTRAINT', table.schema, `${table.name} ${own}`);
  }
  const column = words.match(table.next, 'alter column') || words.match(table.next, 'alter');
  const own = column ? words.at(column)?.text : undefined;
  if (own === undefined || !words.match(column + 1, 'drop default')) return null;
  return objectKey('DEFAULT', table.schema, `${table.name} ${own}`);
}
