const LF = 10;

/** Words begin with these and go on with those: psqlscan.l, `ident_start` and `ident_cont`. */
const WORD_START = new Uint8Array(256);
const WORD = new Uint8Array(256);
for (let byte = 0; byte < 256; byte++) {
  const letter = (byte | 32) >= 97 && (byte | 32) <= 122 && byte < 128;
  WORD_START[byte] = letter || byte === 95 || byte >= 128 ? 1 : 0;
  WORD[byte] = WORD_START[byte] || (byte >= 48 && byte <= 57) || byte === 36 ? 1 : 0;
}

export const isWordStart = (byte: number | undefined): boolean => WORD_START[byte!] === 1;
export const isDigit = (byte: number | undefined): boolean => byte! >= 48 && byte! <= 57;

/**
 * Counts line feeds, four bytes at a time: three times as fast as a loop over bytes, and not slowed down by short
 * lines as hopping from one to the next is.
 */
export function countLines(data: Buffer, from: number, to: number): number {
  let count = 0;
  let at = from;
  // Making a view takes as long as looking at some dozens of bytes.
  if (to - from < 128) {
    for (; at < to; at++) if (data[at] === LF) count++;
    return count;
  }
  // Views of four bytes begin at multiples of four.
  while (at < to && ((data.byteOffset + at) & 3) !== 0) if (data[at++] === LF) count++;
  const words = (to - at) >> 2;
  if (words > 0) {
    count += countInWords(new Int32Array(data.buffer, data.byteOffset + at, words));
    at += words << 2;
  }
  while (at < to) if (data[at++] === LF) count++;
  return count;
}

function countInWords(words: Int32Array): number {
  let count = 0;
  let i = 0;
  while (i < words.length) {
    // Each of the four bytes counts its own line feeds, 255 at most.
    let sums = 0;
    for (const stop = Math.min(words.length, i + 255); i < stop; i++) {
      const x = words[i]! ^ 0x0a0a0a0a;
      sums = (sums + (~(((x & 0x7f7f7f7f) + 0x7f7f7f7f) | x | 0x7f7f7f7f) >>> 7)) | 0;
    }
    count += (sums & 255) + ((sums >>> 8) & 255) + ((sums >>> 16) & 255) + (sums >>> 24);
  }
  return count;
}

/** Where a byte comes next before `to`, -1 for nowhere. Quick for near ones and for far ones. */
export function findByte(data: Buffer, byte: number, from: number, to: number): number {
  const near = Math.min(to, from + 48);
  for (let at = from; at < near; at++) if (data[at] === byte) return at;
  if (near >= to) return -1;
  const found = data.indexOf(byte, near);
  return found < to ? found : -1;
}

/**
 * Bytes of the character at an index, for encodings whose characters can hold ASCII bytes (a backslash, a letter; never
 * quotes or line feeds): `TextCodec.length` of those that are not `asciiSafe`.
 */
export type CharacterLength = (bytes: Uint8Array, at: number) => number;

/** Where the word that goes on at `from` ends, at `to` at the latest. */
export function wordEnd(data: Buffer, from: number, to: number, length: CharacterLength | null): number {
  let at = from;
  if (length) while (at < to && WORD[data[at]!]) at += data[at]! > 127 ? length(data, at) : 1;
  else while (at < to && WORD[data[at]!]) at++;
  return Math.min(at, to);
}
