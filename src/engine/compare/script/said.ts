import { tokens } from '../../archive/comparing';
import { semicolon } from './words';

/**
 * Statements that take what is said of an object (privileges, comments, labels) from one state to the other: what one
 * side says is taken back in reverse, then the other's is said.
 */
export function privilegesFrom(before: readonly string[], after: readonly string[]): string[] {
  return [...before.flatMap(statementsOf).toReversed().flatMap(revoked), ...after].map(semicolon);
}

/** Entries hold several statements of privileges. */
function statementsOf(text: string): string[] {
  const found: string[] = [];
  let from = 0;
  for (const { type, text: word, end } of tokens(text))
    if (type === 'other' && word === ';') {
      found.push(text.slice(from, end).trim());
      from = end;
    }
  const rest = text.slice(from).trim();
  return rest ? [...found, rest] : found;
}

/** GRANT as REVOKE, and the other way round. Who speaks (`SET SESSION AUTHORIZATION`) is not repeated: the owner does. */
function revoked(statement: string): string[] {
  const words = [...tokens(statement)];
  const first = words[0];
  if (first?.type !== 'word' || (first.text !== 'grant' && first.text !== 'revoke'))
    return alteredDefaults(statement);
  return [turned(statement, words)];
}

function turned(statement: string, words: ReturnType<typeof listOf>, from = 0): string {
  const isGrant = words[from]!.text === 'grant';
  const [old, other] = isGrant ? ['to', 'from'] : ['from', 'to'];
  const at = words.findLastIndex(({ type, text }, index) => index > from && type === 'word' && text === old);
  if (at < 0) return statement;
  const option = words.findIndex(({ type, text }, index) => index > at && type === 'word' && text === 'with');
  const end =
    isGrant && option > 0
      ? words[option]!.start
      : (words.findLast(({ text }) => text !== ';')?.end ?? statement.length);
  return [
    statement.slice(0, words[from]!.start),
    isGrant ? 'REVOKE' : 'GRANT',
    statement.slice(words[from]!.end, words[at]!.start),
    other.toUpperCase(),
    statement.slice(words[at]!.end, end).trimEnd(),
    ';',
  ].join('');
}

function listOf(statement: string) {
  return [...tokens(statement)];
}

/** `ALTER DEFAULT PRIVILEGES … GRANT …` */
function alteredDefaults(statement: string): string[] {
  const words = listOf(statement);
  const at = words.findIndex(({ type, text }) => type === 'word' && (text === 'grant' || text === 'revoke'));
  return words[0]?.text === 'alter' && at > 0 ? [turned(statement, words, at)] : [];
}

/** `COMMENT ON … IS NULL` and `SECURITY LABEL … IS NULL` for what is not said any more, then what is. */
export function wordsFrom(before: readonly string[], after: readonly string[]): string[] {
  const kept = new Set(after.map(subject));
  const gone = before.filter((statement) => !kept.has(subject(statement)));
  return [
    ...gone.map((statement) => `${subject(statement)} IS NULL;`),
    ...after.filter((one) => !before.includes(one)),
  ].map(semicolon);
}

/** The statement up to its IS. */
function subject(statement: string): string {
  const words = listOf(statement);
  const is = words.findLast(({ type, text }) => type === 'word' && text === 'is');
  return is ? statement.slice(0, is.start).trim() : statement;
}
