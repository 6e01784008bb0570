import type { Section } from '../types';
import { copyTarget } from '../rows/columns';
import { tokens, type Token } from './tokens';

/** What a statement makes, in pg_dump's words. */
export interface Made {
  kind: string;
  schema: string | null;
  name: string;
  section: Section;
}

/** Kinds of more than one word, and words between CREATE and the kind that are no part of it. */
const KINDS = [
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
].map((kind) => kind.split(' '));
const MODIFIERS = new Set(
  'or replace global local temp temporary unlogged unique recursive trusted procedural constraint default'.split(
    ' ',
  ),
);
const RENAMED: Record<string, string> = {
  LANGUAGE: 'PROCEDURAL LANGUAGE',
  USER: 'ROLE',
  GROUP: 'ROLE',
};
const POST_DATA = new Set([
  'INDEX',
  'TRIGGER',
  'RULE',
  'POLICY',
  'EVENT TRIGGER',
  'STATISTICS',
  'PUBLICATION',
  'SUBSCRIPTION',
]);
/** Kinds whose tag ends in the table they belong to, in pg_dump's order `table name`. */
const OF_TABLE = new Set(['TRIGGER', 'RULE', 'POLICY']);

/** What a statement of a script makes; null for those that make nothing a contents list shows. */
export function classify(text: string): Made | null {
  const words: Token[] = [];
  for (const token of tokens(text)) if (words.push(token) >= 60) break;
  switch (words[0]?.text) {
    case 'create':
      return created(words, text);
    case 'alter':
      return altered(words);
    case 'insert':
      return rowsOf(words, 2);
    case 'copy': {
      const target = copyTarget(text);
      return target && { kind: 'TABLE DATA', schema: target.schema, name: target.table, section: 'data' };
    }
    case 'comment':
    case 'security':
      return attached(words[0].text === 'comment' ? 'COMMENT' : 'SECURITY LABEL', words, text, 'on', 'is');
    case 'grant':
    case 'revoke':
      return attached('ACL', words, text, 'on', words[0].text === 'grant' ? 'to' : 'from');
    case 'refresh':
      return named('MATERIALIZED VIEW DATA', words, 3, 'post-data');
    case 'select':
      return selected(words);
    default:
      return null;
  }
}

/** `schema.name` from a position on: the last part is the name. */
function qualified(
  words: Token[],
  from: number,
): { schema: string | null; name: string; next: number } | null {
  let at = from;
  const part = (): string | null => {
    const token = words[at];
    return token && (token.type === 'word' || token.type === 'name') ? token.text : null;
  };
  let name = part();
  let schema: string | null = null;
  if (name === null) return null;
  at++;
  while (words[at]?.text === '.' && words[at]?.type === 'other') {
    at++;
    schema = name;
    name = part();
    if (name === null) return null;
    at++;
  }
  return { schema, name, next: at };
}

function named(kind: string, words: Token[], from: number, section: Section): Made | null {
  const found = qualified(words, from);
  return found && { kind, schema: found.schema, name: found.name, section };
}

function rowsOf(words: Token[], from: number): Made | null {
  return words[1]?.text === 'into' ? named('TABLE DATA', words, from, 'data') : null;
}

function created(words: Token[], text: string): Made | null {
  let at = 1;
  while (words[at]?.type === 'word' && MODIFIERS.has(words[at]!.text)) at++;
  const kindWords = KINDS.find((kind) => kind.every((word, i) => words[at + i]?.text === word));
  if (!kindWords) return null;
  at += kindWords.length;
  if (words[at]?.text === 'concurrently') at++;
  while (words[at]?.type === 'word' && ['if', 'not', 'exists'].includes(words[at]!.text)) at++;
  const upper = kindWords.join(' ').toUpperCase();
  const kind = RENAMED[upper] ?? upper;
  const section: Section = POST_DATA.has(kind) ? 'post-data' : 'pre-data';
  if (kind === 'CAST' || kind === 'TRANSFORM' || kind === 'USER MAPPING' || kind === 'OPERATOR')
    return { kind, schema: null, name: rest(words, at, text), section };
  if (kind === 'SCHEMA' && words[at]?.text === 'authorization') at++;
  const found = qualified(words, at);
  if (!found) return null;
  let { schema, name } = found;
  if (['FUNCTION', 'PROCEDURE', 'AGGREGATE'].includes(kind)) name += argumentsOf(words, found.next, text);
  else if (OF_TABLE.has(kind) || kind === 'INDEX') {
    const on = words.findIndex(
      (token, i) =>
        i >= found.next && token.type === 'word' && token.text === (kind === 'RULE' ? 'to' : 'on'),
    );
    const only = words[on + 1]?.text === 'only' ? 1 : 0;
    const table = on < 0 ? null : qualified(words, on + 1 + only);
    if (table) {
      schema = table.schema;
      if (kind !== 'INDEX') name = `${table.name} ${name}`;
    }
  }
  return { kind, schema, name, section };
}

/** `(a integer)` as written, on one line. */
function argumentsOf(words: Token[], from: number, text: string): string {
  if (words[from]?.text !== '(') return '()';
  let depth = 0;
  for (let at = from; at < words.length; at++) {
    const { type, text: word, end } = words[at]!;
    if (type !== 'other') continue;
    if (word === '(') depth++;
    if (word === ')' && --depth === 0) return text.slice(words[from]!.start, end).replace(/\s+/g, ' ');
  }
  return '(…)';
}

function altered(words: Token[]): Made | null {
  if (words[1]?.text === 'default' && words[2]?.text === 'privileges')
    return { kind: 'DEFAULT ACL', schema: null, name: 'DEFAULT PRIVILEGES', section: 'post-data' };
  if (words[1]?.text !== 'table' && words[1]?.text !== 'index') return null;
  let at = 2;
  while (words[at]?.type === 'word' && ['only', 'if', 'exists'].includes(words[at]!.text)) at++;
  const table = qualified(words, at);
  if (!table) return null;
  const { schema, name } = table;
  const after = words.slice(table.next).map(({ type, text }) => (type === 'word' ? text : '*'));
  const tail = words.slice(table.next);
  if (after[0] === 'add' && after[1] === 'constraint') {
    const constraint = tail[2]?.text ?? '';
    const type =
      after[3] === 'foreign' ? 'FK CONSTRAINT' : after[3] === 'check' ? 'CHECK CONSTRAINT' : 'CONSTRAINT';
    return { kind: type, schema, name: `${name} ${constraint}`, section: 'post-data' };
  }
  if (after[0] === 'attach') {
    const part = qualified(tail, 2);
    const kind = words[1]!.text === 'index' ? 'INDEX ATTACH' : 'TABLE ATTACH';
    return (
      part && {
        kind,
        schema: part.schema,
        name: part.name,
        section: kind === 'INDEX ATTACH' ? 'post-data' : 'pre-data',
      }
    );
  }
  if (after[0] === 'alter' && after.includes('default') && after.includes('set')) {
    const column = tail[after[1] === 'column' ? 2 : 1]?.text ?? '';
    return { kind: 'DEFAULT', schema, name: `${name} ${column}`, section: 'pre-data' };
  }
  if (after[0] === 'enable' && after[1] === 'row')
    return { kind: 'ROW SECURITY', schema, name, section: 'post-data' };
  return null;
}

/** COMMENT ON TABLE x IS …, GRANT … ON x TO …: named by what is between two words, as written. */
function attached(kind: string, words: Token[], text: string, from: string, to: string): Made | null {
  const first = words.findIndex(({ type, text: word }) => type === 'word' && word === from);
  const last = words.findIndex(({ type, text: word }, i) => i > first && type === 'word' && word === to);
  if (first < 0 || last <= first + 1) return null;
  const name = text.slice(words[first + 1]!.start, words[last - 1]!.end).replace(/\s+/g, ' ');
  return { kind, schema: null, name, section: 'none' };
}

function selected(words: Token[]): Made | null {
  let at = 1;
  if (words[at]?.text === 'pg_catalog' && words[at + 1]?.text === '.') at += 2;
  if (words[at]?.text !== 'setval' || words[at + 2]?.type !== 'string') return null;
  const parts = [...tokens(words[at + 2]!.text)];
  return named('SEQUENCE SET', parts, 0, 'data');
}

function rest(words: Token[], from: number, text: string): string {
  const last = words.findIndex(
    ({ text: word }, i) => i > from && (word === '(' || word === 'with' || word === 'options'),
  );
  const first = words[from];
  if (!first) return '';
  const end =
    words[from]!.text === '(' ? words.find(({ text: word }, i) => i > from && word === ')') : words[last - 1];
  return text.slice(first.start, end?.end ?? first.end).replace(/\s+/g, ' ');
}
