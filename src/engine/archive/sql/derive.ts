import type { Entry } from '../types';
import { classify } from './classify';
import { kindAt } from './created';
import { objectKey } from './dropped';
import type { Made } from './made';
import { signature } from './signature';
import { Words, type Qualified } from './words';

/**
 * Finds the obvious dependencies that a script does not tell (`derived`): of parts and rows on their table, of comments and
 * privileges on what they are on, of everything on its schema. What queries and function bodies use is not looked for. Also
 * gives parts the owner of what they belong to, as archives have it. `pg_dump -v` tells some dependencies only,
 * `pg_restore -v` all of them.
 */
export function deriveDependencies(entries: readonly Entry[]): void {
  const objects = new Map<string, Entry>();
  const keyOf = (database: string | undefined, key: string): string => `${database ?? ''}\0${key}`;
  for (const entry of entries) {
    const key = keyOf(entry.database, objectKey(entry.kind, entry.schema, entry.name));
    if (!objects.has(key)) objects.set(key, entry);
    if (entry.kind !== 'CONSTRAINT') continue;
    // Keys are indexes, too.
    const on = classify(entry.definition)?.on;
    if (on) objects.set(keyOf(entry.database, objectKey('INDEX', on.schema, on.own)), entry);
  }
  for (const entry of entries) {
    const find = (kind: string, schema: string | null, name: string): Entry | undefined =>
      objects.get(keyOf(entry.database, objectKey(kind, schema, name)));
    const needed = neededBy(entry, find);
    const owner = needed.find((other) => other?.owner)?.owner;
    if (owner && OWNED_WITH.test(entry.kind)) entry.owner ??= owner;
    if (entry.schema !== null) needed.push(find('SCHEMA', null, entry.schema));
    const ids = new Set(entry.dependencies);
    for (const other of needed) if (other && other !== entry) ids.add(other.id);
    if (ids.size === entry.dependencies.length) continue;
    entry.dependencies = [...ids].sort((a, b) => a - b);
    entry.derived = true;
  }
}

/** Kinds whose owner is that of what they belong to. */
const OWNED_WITH =
  /^(?:TABLE DATA|SEQUENCE SET|SEQUENCE OWNED BY|MATERIALIZED VIEW DATA|(?:CHECK |FK )?CONSTRAINT|INDEX|INDEX ATTACH|TABLE ATTACH|DEFAULT|SEQUENCE|USER MAPPING|TRIGGER|RULE|POLICY|ROW SECURITY|COMMENT|ACL|SECURITY LABEL|PUBLICATION TABLE|PUBLICATION TABLES IN SCHEMA)$/;

type Find = (kind: string, schema: string | null, name: string) => Entry | undefined;

/** What an entry needs, what it belongs to first. */
function neededBy(entry: Entry, find: Find): (Entry | undefined)[] {
  const { kind, schema, name, definition } = entry;
  const relation = (at: Pick<Qualified, 'schema' | 'name'> | null): Entry | undefined =>
    at ? find('TABLE', at.schema, at.name) : undefined;
  switch (kind) {
    case 'TABLE DATA':
    case 'SEQUENCE SET':
    case 'MATERIALIZED VIEW DATA':
    case 'ROW SECURITY':
    case 'STATISTICS DATA':
      return [find('TABLE', schema, name)];
    case 'COMMENT':
    case 'ACL':
    case 'SECURITY LABEL':
      return described(entry, find);
    case 'SEQUENCE OWNED BY':
      return [find('TABLE', schema, name), relation(after(definition, 'owned by', true))];
    case 'USER MAPPING': {
      const words = new Words(definition);
      return [find('SERVER', null, words.at(words.find(3, 'server') + 1)?.text ?? '')];
    }
    case 'TABLE ATTACH':
    case 'INDEX ATTACH':
      return [find('TABLE', schema, name), relation(afterVerb(definition))];
    case 'TABLE':
    case 'FOREIGN TABLE':
      return [relation(after(definition, 'partition of')), ...inherited(definition).map(relation)];
    case 'PUBLICATION TABLE':
    case 'PUBLICATION TABLES IN SCHEMA':
    case 'INDEX':
    case 'CONSTRAINT':
    case 'CHECK CONSTRAINT':
    case 'FK CONSTRAINT':
    case 'DEFAULT':
    case 'TRIGGER':
    case 'RULE':
    case 'POLICY':
    case 'SEQUENCE':
      return parts(entry, classify(definition), find);
    default:
      return [];
  }
}

function parts({ kind, definition }: Entry, made: Made | null, find: Find): (Entry | undefined)[] {
  if (kind.startsWith('PUBLICATION')) {
    const words = new Words(definition);
    const publication = find('PUBLICATION', null, words.at(2)?.text ?? '');
    return [publication, made?.on && find('TABLE', made.on.schema, made.on.table)];
  }
  if (!made?.on) return [];
  const { schema, table } = made.on;
  const needed = [find('TABLE', schema, table) ?? find('DOMAIN', schema, table)];
  if (kind === 'FK CONSTRAINT') {
    const other = after(definition, 'references');
    if (other) needed.push(find('TABLE', other.schema, other.name));
  }
  return needed;
}

/** What a comment or privilege is on: its tag is the kind and the name, the table last. */
function described({ schema, name }: Entry, find: Find): (Entry | undefined)[] {
  const words = new Words(name);
  const first = words.word(0);
  if (first === 'column') {
    const column = words.qualified(1);
    return [column?.schema ? find('TABLE', schema, column.schema) : undefined];
  }
  if (first === 'large') return [find('BLOB', null, words.at(2)?.text ?? '')];
  if (['constraint', 'trigger', 'rule', 'policy'].includes(first)) {
    const on = words.find(1, 'on');
    const table = on < 0 ? null : words.qualified(words.skip(on + 1, ['domain']));
    const own = words.at(1)?.text;
    if (!table || own === undefined) return [];
    return [find(first.toUpperCase(), schema, `${table.name} ${own}`), find('TABLE', schema, table.name)];
  }
  const kind = kindAt(words, 0);
  const target = kind && words.qualified(kind.next);
  if (!kind || !target) return [];
  const own =
    target.name +
    (words.is(target.next, '(') && kind.kind !== 'OPERATOR' ? signature(words, target.next) : '');
  return [find(kind.kind, schema, own)];
}

/** The name behind some words; of a column (`schema.table.column`) the table. */
function after(text: string, phrase: string, column = false): Pick<Qualified, 'schema' | 'name'> | null {
  const words = new Words(text);
  const [first] = phrase.split(' ');
  for (let at = words.find(1, first!); at >= 0; at = words.find(at + 1, first!)) {
    const next = words.match(at, phrase);
    if (!next) continue;
    const name = words.qualified(next);
    if (!name || !column) return name;
    const table = words.at(name.start - 2);
    const schema = name.start - 4 >= next ? (words.at(name.start - 4)?.text ?? null) : null;
    return table && name.start > next ? { schema, name: table.text } : null;
  }
  return null;
}

/** The relation an ALTER is of. */
function afterVerb(text: string): Qualified | null {
  const words = new Words(text);
  return words.qualified(words.skip(2, ['only', 'if', 'exists']));
}

function inherited(text: string): Qualified[] {
  const words = new Words(text);
  const parents: Qualified[] = [];
  let at = words.find(1, 'inherits');
  if (at < 0 || !words.is(at + 1, '(')) return parents;
  do {
    const parent = words.qualified(at + 2);
    if (!parent) break;
    parents.push(parent);
    at = parent.next - 1;
  } while (words.is(at + 1, ','));
  return parents;
}
