import { findByte, type CharacterLength } from './bytes';

/**
 * Where something quoted ends: the index behind it, or the complement (`~`) of the index from which the rest has to come
 * again together with the next piece.
 */
export type End = number;

const LF = 10;
const BACKSLASH = 92;

/** A doubled quote ends one string and begins the next: the same in the end. */
export function quoteEnd(data: Buffer, from: number, quote: number, length: CharacterLength | null): End {
  if (!length) {
    const end = findByte(data, quote, from, data.length);
    return end < 0 ? ~data.length : end + 1;
  }
  let at = from;
  while (at < data.length) {
    const byte = data[at]!;
    if (byte === quote) return at + 1;
    const next = wide(data, at, length);
    if (next < 0) break;
    at = next;
  }
  return ~at;
}

/** Where a string with backslash escapes ends. */
export function escapeStringEnd(
  data: Buffer,
  from: number,
  length: CharacterLength | null,
  last: boolean,
): End {
  let at = from;
  while (at < data.length) {
    const byte = data[at]!;
    if (byte === BACKSLASH || byte === 39) {
      if (at + 1 >= data.length && !last) break;
      // A doubled quote must not end it: what follows is still a string with escapes.
      if (byte === 39 && data[at + 1] !== 39) return at + 1;
      at += 2;
    } else {
      const next = length ? wide(data, at, length) : at + 1;
      if (next < 0) break;
      at = next;
    }
  }
  return ~Math.min(at, data.length);
}

/** The index behind a character; -1 when it is not whole. No character goes over the end of a line. */
function wide(data: Buffer, at: number, length: CharacterLength): number {
  if (data[at]! < 128) return at + 1;
  if (at + 1 >= data.length) return -1;
  const end = at + length(data, at);
  if (end > data.length) return -1;
  for (let i = at + 1; i < end; i++) if (data[i] === LF) return i;
  return end;
}

/** Where the text between two equal dollar tags ends. */
export function dollarEnd(data: Buffer, from: number, tag: Buffer, last: boolean): End {
  const end = data.indexOf(tag, from);
  if (end >= 0) return end + tag.length;
  // The tag may lie across the border of two pieces.
  return ~(last ? data.length : Math.max(from, data.length - tag.length + 1));
}

/** Where a comment ends; comments nest. `nesting.depth` is kept up to date. */
export function commentEnd(data: Buffer, from: number, nesting: { depth: number }, last: boolean): End {
  let at = from;
  while (at < data.length) {
    const byte = data[at]!;
    if (byte !== 42 && byte !== 47) {
      at++;
      continue;
    }
    if (at + 1 >= data.length) return ~(last ? data.length : at);
    if (byte === 42 && data[at + 1] === 47) {
      at += 2;
      if (--nesting.depth === 0) return at;
    } else if (byte === 47 && data[at + 1] === 42) {
      at += 2;
      nesting.depth++;
    } else at++;
  }
  return ~data.length;
}

/** Where the rest of a line ends: before its line feed or carriage return; -1 when neither is there. */
export function lineEnd(data: Buffer, from: number, to: number): number {
  for (let at = from; at < to; at++) if (data[at] === LF || data[at] === 13) return at;
  return -1;
}
