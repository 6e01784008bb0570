import { make, type Made } from './made';
import type { Words } from './words';

/** Kinds of more than one word behind ON; all others are one. */
const KINDS = [
  'materialized view',
  'foreign table',
  'foreign data wrapper',
  'foreign server',
  'event trigger',
  'text search configuration',
  'text search dictionary',
  'text search parser',
  'text search template',
  'operator class',
  'operator family',
  'access method',
  'procedural language',
  'large object',
];
/** Kinds that are on a table or domain: `CONSTRAINT c ON t`. */
const ON_TABLE = ['constraint', 'trigger', 'rule', 'policy'];

/** COMMENT ON and SECURITY LABEL: tagged by what they are on, as `TABLE "x"`. */
export function described(kind: string, words: Words): Made | null {
  const on = words.find(1, 'on');
  const is = on < 0 ? -1 : words.find(on + 1, 'is');
  return is < 0 ? null : tagged(kind, words, on + 1, is);
}

/** GRANT and REVOKE: of privileges, or of a role to others. */
export function granted(words: Words): Made | null {
  const end = words.find(1, 'to', 'from');
  const on = words.find(1, 'on');
  if (end < 0) return null;
  if (on < 0 || on > end) return membership(words, end);
  let columns = false;
  for (let at = 1; at < on; at++) columns ||= words.is(at, '(');
  if (words.word(on + 1) === 'all') return make('ACL', null, words.slice(on + 1, end));
  const kind = words.at(on + 1)?.type === 'word' && !words.is(on + 2, '.') && on + 2 < end;
  if (!columns) return kind ? tagged('ACL', words, on + 1, end) : onRelation(words, on + 1);
  const table = words.qualified(on + (kind ? 2 : 1));
  let open = 1;
  while (!words.is(open, '(')) open++;
  return (
    table &&
    make(
      'ACL',
      table.schema,
      `COLUMN ${words.slice(table.start, table.next)}.${words.slice(open + 1, open + 2)}`,
    )
  );
}

function onRelation(words: Words, at: number): Made | null {
  const table = words.qualified(at);
  return table && make('ACL', table.schema, `TABLE ${words.slice(table.start, table.next)}`);
}

function membership(words: Words, to: number): Made | null {
  if (to < 2 || words.word(to) !== 'to') return null;
  return make('ROLE MEMBERSHIP', null, `${words.at(to - 1)!.text} TO ${words.at(to + 1)?.text ?? ''}`, {
    which: JSON.stringify([words.at(to - 1)!.text, words.at(to + 1)?.text]),
  });
}

/** `kind target`, with the target's schema apart. */
function tagged(kind: string, words: Words, from: number, to: number): Made | null {
  const first = words.word(from);
  let at = KINDS.reduce((found, name) => found || words.match(from, name), 0) || from + 1;
  const what = words.slice(from, at).toUpperCase();
  if (first === 'cast' || first === 'transform' || what === 'LARGE OBJECT')
    return make(kind, null, `${what} ${words.slice(at, to)}`);
  let start = at;
  if (ON_TABLE.includes(first)) {
    const on = words.find(at, 'on');
    if (on < 0) return null;
    at = words.skip(on + 1, ['domain']);
  }
  const name = words.qualified(at);
  if (!name || name.next > to) return null;
  const prefix = at > start ? `${words.slice(start, at)} ` : '';
  // The last part of a column's name is the column, the part before it the table.
  const column = what === 'COLUMN' && name.start - 2 >= at;
  start = column ? name.start - 2 : name.start;
  const schema = column ? (start - 2 >= at ? words.at(start - 2)!.text : null) : name.schema;
  return make(kind, schema, `${what} ${prefix}${words.slice(start, to)}`);
}
