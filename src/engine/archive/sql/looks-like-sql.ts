import { tokens, type Token } from './tokens';

/** How statements begin that nothing but SQL begins with: word after word, `*` any token. */
const STARTS = [
  'create *',
  'alter *',
  'drop *',
  'comment on',
  'insert into',
  'delete from',
  'update *',
  'copy *',
  'grant *',
  'revoke *',
  'truncate *',
  'set *',
  'reset *',
  'begin',
  // Also of a body that was split at its semicolons.
  'end',
  'start transaction',
  'commit',
  'rollback',
  'do *',
  'select *',
  'with * as',
  'with recursive',
  'analyze',
  'vacuum',
  'refresh materialized',
  'reindex *',
  'security label',
  'lock *',
  'call *',
  'explain *',
  'values (',
  'import foreign',
  'cluster',
  'reassign owned',
  'merge into',
  'table *',
  'savepoint *',
  'discard *',
].map((start) => start.split(' '));

/** What follows `create`, `alter` and `drop`: keeps prose that begins with one of them out. */
const OBJECTS = new Set(
  (
    'or unique table temp temporary unlogged global local view materialized index sequence schema database role ' +
    'user group type domain function procedure aggregate operator extension trigger event rule policy publication ' +
    'subscription server foreign language trusted procedural cast collation conversion statistics text access ' +
    'tablespace default large recursive constraint system transform routine owned'
  ).split(' '),
);

/**
 * Whether the beginning of a text is a script of SQL statements: every statement in it (up to 20) begins
 * like one, and the first one ends in a semicolon or runs on to the end of what was read. Prose is not.
 */
export function looksLikeSql(head: string): boolean {
  const whole = head.length < 64 * 1024;
  let statement: Token[] = [];
  let count = 0;
  for (const token of tokens(head)) {
    if (token.type === 'meta' && (statement.length === 0 || /^\\g/.test(token.text))) {
      if (!/^\\(?:[a-z_+?!]+|[!;:?])/i.test(token.text)) return false;
      if (statement.length === 0) continue;
    } else if (!(token.type === 'other' && token.text === ';')) {
      if (statement.length < 8) statement.push(token);
      continue;
    }
    if (statement.length === 0) continue;
    if (!startsLikeSql(statement)) return false;
    const copies = statement[0]!.text === 'copy';
    statement = [];
    // What follows COPY … FROM stdin is data; enough was seen.
    if (++count >= 20 || copies) return true;
  }
  if (statement.length === 0) return count > 0;
  // An unfinished statement may be cut by the end of the head, never by the end of the whole text.
  if (!startsLikeSql(statement)) return false;
  return count > 0 || !whole;
}

function startsLikeSql(statement: Token[]): boolean {
  const words = statement.map(({ type, text }) => (type === 'word' || type === 'other' ? text : '*'));
  if (
    !STARTS.some((start) => start.every((word, i) => (word === '*' ? i < words.length : words[i] === word)))
  )
    return false;
  if (words[0] === 'create' || words[0] === 'alter' || words[0] === 'drop')
    return OBJECTS.has(words[1] ?? '');
  if (words[0] === 'update') return words.includes('set');
  return true;
}
