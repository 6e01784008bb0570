import type { Words } from './words';

const MODES = ['in', 'out', 'inout', 'variadic'];
/** First words of types of more than one word, which a name before a type cannot be without quotes. */
const LONG_TYPES = new Set(['double', 'character', 'bit', 'national', 'time', 'timestamp', 'interval']);

/**
 * Types of the arguments a function is called with, as pg_dump's tags have them: `(a integer, OUT b text, c text = '')`
 * is `(integer, text)`. `from` is the index of the parenthesis.
 */
export function signature(words: Words, from: number): string {
  if (!words.is(from, '(')) return '()';
  const end = words.closing(from) - 1;
  if (words.is(from + 1, '*') && end === from + 2) return '(*)';
  const types: string[] = [];
  for (let at = from + 1; at < end;) {
    const stop = argumentEnd(words, at, end);
    const type = argumentType(words, at, stop);
    if (type) types.push(type);
    at = words.match(stop, 'order by') || stop + 1;
  }
  return `(${types.join(', ')})`;
}

/** Before the comma that ends an argument; ORDER BY of ordered-set aggregates ends one, too. */
function argumentEnd(words: Words, from: number, end: number): number {
  for (let at = from; at < end; at++) {
    if (words.is(at, '(')) at = words.closing(at) - 1;
    else if (words.is(at, ',')) return at;
    else if (words.match(at, 'order by')) return at;
  }
  return end;
}

function argumentType(words: Words, from: number, to: number): string | null {
  let at = from;
  const mode = words.word(at);
  if (MODES.includes(mode) && at + 1 < to) at++;
  if (mode === 'out') return null;
  let end = at;
  while (end < to && !words.is(end, '=') && words.word(end) !== 'default') end++;
  // `name type`, unless what could be the name begins a type, alone or with its schema.
  const named = end - at > 1 && !words.is(at + 1, '.') && !words.is(at + 1, '[') && !words.is(at + 1, '(');
  if (named && !(words.at(at)!.type === 'word' && LONG_TYPES.has(words.word(at)))) at++;
  return words.slice(at, end);
}
