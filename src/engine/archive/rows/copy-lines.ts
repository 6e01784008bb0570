import type { TextCodec } from '../text';

const LF = 10;
const CR = 13;
const DOT = 46;
const BACKSLASH = 92;

/** What a server writes behind a backslash. */
const WRITTEN = new Uint8Array(256);
for (const byte of Buffer.from('bfnrtvN\\.')) WRITTEN[byte] = 1;

export interface Lines {
  rows: number;
  /** Behind the last whole row; the end line is not part of it. */
  end: number;
  /** The end line was met. */
  ended: boolean;
  /** All escapes are such as a server writes. */
  plain: boolean;
}

/**
 * Counts the whole rows at the beginning of a piece of COPY text. A line feed behind a backslash belongs to the value;
 * the line `\.` ends the data.
 */
export function scanLines(bytes: Buffer, codec: TextCodec): Lines {
  const { length } = bytes;
  const safe = codec.asciiSafe;
  let rows = 0;
  let start = 0;
  let plain = true;
  // This loop sees every byte that is read: nothing in it but what must be.
  for (let i = 0; i < length; i++) {
    const byte = bytes[i]!;
    if (byte === LF) {
      if (i - start <= 3 && isEndLine(bytes, start, i)) return { rows, end: start, ended: true, plain };
      rows++;
      start = i + 1;
    } else if (byte === BACKSLASH) {
      const next = bytes[++i];
      if (next !== undefined && WRITTEN[next] === 0) plain = false;
    } else if (byte >= 0x80 && !safe) i += codec.length(bytes, i) - 1;
  }
  return { rows, end: start, ended: false, plain };
}

/** Whether the line is `\.`, with or without a carriage return. */
export function isEndLine(bytes: Buffer, start: number, end: number): boolean {
  return (
    bytes[start] === BACKSLASH &&
    bytes[start + 1] === DOT &&
    (end - start === 2 || (end - start === 3 && bytes[start + 2] === CR))
  );
}

/** Beginning and end of each of so many rows, in pairs, without line feeds and carriage returns. */
export function lineBounds(bytes: Buffer, rows: number, plain: boolean, codec: TextCodec): Uint32Array {
  const bounds = new Uint32Array(rows * 2);
  for (let row = 0, start = 0; row < rows; row++) {
    const end = plain && codec.asciiSafe ? bytes.indexOf(LF, start) : rowEnd(bytes, start, codec).at;
    bounds[row * 2] = start;
    // A server writes a carriage return as an escape: a raw one belongs to the end of the line.
    bounds[row * 2 + 1] = end > start && bytes[end - 1] === CR ? end - 1 : end;
    start = end + 1;
  }
  return bounds;
}

/** The line feed that ends a row; -1 when it is not there, and how far behind the bytes an escape goes on. */
export function rowEnd(bytes: Buffer, from: number, codec: TextCodec): { at: number; over: number } {
  let at = from;
  while (at < bytes.length) {
    const byte = bytes[at]!;
    if (byte === LF) return { at, over: 0 };
    if (byte === BACKSLASH) at += 2;
    else if (byte >= 0x80 && !codec.asciiSafe) at += codec.length(bytes, at);
    else at++;
  }
  return { at: -1, over: at - bytes.length };
}
