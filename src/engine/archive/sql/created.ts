import { make, type Made } from './made';
import { signature } from './signature';
import type { Qualified, Words } from './words';

/** Kinds that pg_dump calls otherwise. */
const OTHER_NAMES: Record<string, string> = { language: 'PROCEDURAL LANGUAGE', user: 'ROLE', group: 'ROLE' };

/** Kinds by the words behind CREATE, longest first. */
const KINDS: [words: string, kind: string][] = [
  'materialized view',
  'foreign table',
  'foreign data wrapper',
  'event trigger',
  'user mapping',
  'text search configuration',
  'text search dictionary',
  'text search parser',
  'text search template',
  'operator class',
  'operator family',
  'access method',
  'procedural language',
  'table',
  'view',
  'index',
  'sequence',
  'schema',
  'database',
  'role',
  'user',
  'group',
  'type',
  'domain',
  'function',
  'procedure',
  'aggregate',
  'operator',
  'extension',
  'trigger',
  'rule',
  'policy',
  'publication',
  'subscription',
  'server',
  'language',
  'cast',
  'collation',
  'conversion',
  'statistics',
  'tablespace',
  'transform',
].map((words) => [words, OTHER_NAMES[words] ?? words.toUpperCase()]);

/** Words between CREATE and the kind that are no part of it. */
const MODIFIERS =
  'or replace global local temp temporary unlogged unique recursive trusted constraint default'.split(' ');

/** The kind whose words stand at an index, with the index behind them. */
export function kindAt(words: Words, index: number): { kind: string; next: number } | null {
  for (const [name, kind] of KINDS) {
    const next = words.match(index, name);
    if (next) return { kind, next };
  }
  return null;
}

/** What a CREATE statement makes. */
export function created(words: Words): Made | null {
  const start = words.skip(1, MODIFIERS);
  const found = kindAt(words, start);
  if (!found) return null;
  const { kind } = found;
  const at = words.skip(found.next, ['concurrently', 'if', 'not', 'exists']);
  const special = unnamed(kind, words, at);
  if (special !== undefined) return special;
  const name = words.qualified(kind === 'SCHEMA' && words.word(at) === 'authorization' ? at + 1 : at);
  if (!name) return null;
  switch (kind) {
    case 'FUNCTION':
    case 'PROCEDURE':
    case 'AGGREGATE':
      return make(kind, name.schema, name.name + signature(words, name.next));
    case 'OPERATOR':
      return make(kind, name.schema, name.name, { which: operatorArguments(words, name.next) });
    case 'OPERATOR CLASS':
    case 'OPERATOR FAMILY':
      return make(kind, name.schema, name.name, {
        which: words.at(words.find(name.next, 'using') + 1)?.text,
      });
    case 'INDEX':
    case 'TRIGGER':
    case 'POLICY':
    case 'RULE':
      return onTable(kind, words, name);
    case 'TYPE':
      return make(words.at(name.next) ? kind : 'SHELL TYPE', name.schema, name.name);
    default:
      return make(kind, name.schema, name.name);
  }
}

/** Kinds whose tag is more than a name; undefined for all others. */
function unnamed(kind: string, words: Words, at: number): Made | null | undefined {
  if (kind === 'CAST' && words.is(at, '('))
    return make(kind, null, `CAST ${words.slice(at, words.closing(at))}`);
  if (kind === 'TRANSFORM') {
    const language = words.find(at, 'language');
    return language < 0
      ? null
      : make(
          kind,
          null,
          `TRANSFORM ${words
            .slice(at, language + 2)
            .replace(/^for/i, 'FOR')
            .replace(/ language /i, ' LANGUAGE ')}`,
        );
  }
  if (kind === 'USER MAPPING') return userMapping(words, at);
  return undefined;
}

/** `FOR user SERVER server`. */
export function userMapping(words: Words, at: number): Made | null {
  const user = words.at(at + 1)?.text;
  const server = words.at(words.find(at + 2, 'server') + 1)?.text;
  if (user === undefined || server === undefined) return null;
  const which = JSON.stringify([user, server]);
  return make('USER MAPPING', null, `USER MAPPING ${user} SERVER ${server}`, { which });
}

/** Those whose tag begins with the table they belong to; an index is only in its schema. */
function onTable(kind: string, words: Words, { name, next }: Qualified): Made | null {
  const on = words.find(next, kind === 'RULE' ? 'to' : 'on');
  const table = on < 0 ? null : words.qualified(words.skip(on + 1, ['only']));
  if (!table) return null;
  const tag = kind === 'INDEX' ? name : `${table.name} ${name}`;
  return make(kind, table.schema, tag, { on: { schema: table.schema, table: table.name, own: name } });
}

/** The types of an operator's arguments, as DROP OPERATOR wants them: `(integer, NONE)`. */
function operatorArguments(words: Words, from: number): string {
  const end = words.closing(from) - 1;
  const side = (name: string): string => {
    for (let at = from + 1; at < end; at++)
      if (words.word(at) === name && words.is(at + 1, '=')) {
        let to = at + 2;
        while (to < end && !words.is(to, ',')) to++;
        return words.slice(at + 2, to);
      }
    return 'NONE';
  };
  return `(${side('leftarg')}, ${side('rightarg')})`;
}
