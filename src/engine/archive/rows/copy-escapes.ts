import type { TextCodec } from '../text';

const TAB = 9;
const BACKSLASH = 92;
/** Characters behind a backslash that stand for a control character. */
const CONTROLS: Record<string, string> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };
const CONTROL_BYTES = new Map(Object.entries(CONTROLS).map(([a, b]) => [a.charCodeAt(0), b.charCodeAt(0)]));

const isOctal = (byte: number | undefined): boolean => byte !== undefined && byte >= 48 && byte <= 55;
const hexDigit = (byte: number | undefined): number => {
  if (byte === undefined) return -1;
  if (byte >= 48 && byte <= 57) return byte - 48;
  const low = byte | 32;
  return low >= 97 && low <= 102 ? low - 87 : -1;
};

/**
 * A field of decoded COPY text without its escapes. Null when it holds octal or hexadecimal escapes, which are bytes:
 * then `unescapeBytes` is the way. Source of the rules: CopyReadAttributesText of PostgreSQL.
 */
export function unescapeText(field: string): string | null {
  let at = field.indexOf('\\');
  if (at < 0) return field;
  let text = '';
  let from = 0;
  for (; at >= 0; at = field.indexOf('\\', from)) {
    const next = field[at + 1];
    if (next === undefined) break;
    if ((next >= '0' && next <= '7') || (next === 'x' && hexDigit(field.charCodeAt(at + 2)) >= 0))
      return null;
    text += field.slice(from, at) + (CONTROLS[next] ?? next);
    from = at + 2;
  }
  return text + field.slice(from);
}

/** A field's bytes without escapes: right for every encoding, as characters are stepped over whole. */
export function unescapeBytes(field: Buffer, codec: TextCodec): Buffer {
  if (!field.includes(BACKSLASH)) return field;
  const out = Buffer.allocUnsafe(field.length);
  let length = 0;
  for (let at = 0; at < field.length;) {
    const byte = field[at]!;
    if (codec.asciiSafe && byte !== BACKSLASH) {
      const next = field.indexOf(BACKSLASH, at);
      const end = next < 0 ? field.length : next;
      length += field.copy(out, length, at, end);
      at = end;
    } else if (byte >= 0x80) {
      const end = Math.min(field.length, at + codec.length(field, at));
      while (at < end) out[length++] = field[at++]!;
    } else if (byte !== BACKSLASH || at + 1 >= field.length) {
      out[length++] = byte;
      at++;
    } else {
      const next = field[at + 1]!;
      const end = at + escapeLength(field, at);
      if (isOctal(next)) {
        let value = 0;
        for (let i = at + 1; i < end; i++) value = value * 8 + field[i]! - 48;
        out[length++] = value & 255;
      } else if (next === 120 && end > at + 2) {
        let value = 0;
        for (let i = at + 2; i < end; i++) value = value * 16 + hexDigit(field[i]);
        out[length++] = value;
      } else if (next < 0x80) out[length++] = CONTROL_BYTES.get(next) ?? next;
      // A longer character behind the backslash is itself.
      at = next < 0x80 ? end : at + 1;
    }
  }
  return out.subarray(0, length);
}

/** Bytes of the escape that begins with the backslash at `at`, as far as they are there. */
function escapeLength(field: Buffer, at: number): number {
  const next = field[at + 1];
  if (isOctal(next)) return isOctal(field[at + 2]) ? (isOctal(field[at + 3]) ? 4 : 3) : 2;
  if (next === 120 && hexDigit(field[at + 2]) >= 0) return hexDigit(field[at + 3]) >= 0 ? 4 : 3;
  return 2;
}

/** How much of a piece of a field can be unescaped without what follows it: whole characters, whole escapes. */
export function wholeCharacters(piece: Buffer, codec: TextCodec): number {
  let at = codec.asciiSafe ? certainBorder(piece) : 0;
  while (at < piece.length) {
    const byte = piece[at]!;
    let end: number;
    if (byte >= 0x80) end = at + codec.length(piece, at);
    else if (byte !== BACKSLASH) end = at + 1;
    else if (piece[at + 1]! >= 0x80) end = at + 1 + codec.length(piece, at + 1);
    // An escape of digits may go on; the longest has four bytes.
    else end = at + (isOctal(piece[at + 1]) || piece[at + 1] === 120 ? LONGEST_ESCAPE : 2);
    if (end > piece.length) return at;
    at = byte === BACKSLASH && piece[at + 1]! < 0x80 ? at + escapeLength(piece, at) : end;
  }
  return at;
}

/**
 * A place near the end where a character and no escape goes on, 0 where none is found: behind a byte of ASCII before which no escape begins
 * (the longest has four bytes).
 */
function certainBorder(piece: Buffer): number {
  const last = Math.max(0, piece.length - LONGEST_ESCAPE);
  for (let at = last; at > Math.max(0, last - NEAR); at--)
    if (piece[at - 1]! < 0x80 && !piece.subarray(Math.max(0, at - LONGEST_ESCAPE), at).includes(BACKSLASH))
      return at;
  return 0;
}

const LONGEST_ESCAPE = 4;
const NEAR = 4096;

/** The values of a line of COPY text. */
export function lineValues(line: Buffer, codec: TextCodec, columns: number | null): (string | null)[] {
  const text = codec.decode(line);
  // A backslash before a tab makes it part of the value; bytes that did not decode may hold a backslash that is none.
  const certain = !text.includes('\\\t') && (codec.asciiSafe || text.isWellFormed());
  return (certain || !text.includes('\\') ? textValues(text, columns) : null) ?? bytewise(line, codec);
}

/** The values of a decoded line without escaped tabs; null when it has escapes that are bytes. */
export function textValues(line: string, columns: number | null): (string | null)[] | null {
  if (columns === 0 && line === '') return [];
  const values: (string | null)[] = line.split('\t');
  if (!line.includes('\\')) return values;
  for (let i = 0; i < values.length; i++) {
    const field = values[i]!;
    if (field === '\\N') values[i] = null;
    else if (field.includes('\\')) {
      const value = unescapeText(field);
      if (value === null) return null;
      values[i] = value;
    }
  }
  return values;
}

function bytewise(line: Buffer, codec: TextCodec): (string | null)[] {
  const values: (string | null)[] = [];
  for (let from = 0, to; from <= line.length; from = to + 1) {
    to = fieldEnd(line, from, codec).end;
    const field = line.subarray(from, to);
    values.push(isNull(field) ? null : codec.decode(unescapeBytes(field, codec)));
  }
  return values;
}

export function isNull(field: Buffer): boolean {
  return field.length === 2 && field[0] === BACKSLASH && field[1] === 78;
}

/** The tab that ends the field, or the end of the bytes; `next` is behind it when an escape or character goes on. */
export function fieldEnd(bytes: Buffer, from: number, codec: TextCodec): { end: number; next: number } {
  if (codec.asciiSafe) return plainFieldEnd(bytes, from);
  let at = from;
  while (at < bytes.length) {
    const byte = bytes[at]!;
    if (byte === 9) return { end: at, next: at };
    if (byte === BACKSLASH) at += 2;
    else if (byte >= 0x80) at += codec.length(bytes, at);
    else at++;
  }
  return { end: bytes.length, next: at };
}

/** The same where tabs and backslashes are never part of another character: an odd number of backslashes escapes what follows. */
function plainFieldEnd(bytes: Buffer, from: number): { end: number; next: number } {
  const isEscaped = (at: number): boolean => {
    let first = at;
    while (first > from && bytes[first - 1] === BACKSLASH) first--;
    return (at - first) % 2 === 1;
  };
  for (let tab = bytes.indexOf(TAB, from); tab >= 0; tab = bytes.indexOf(TAB, tab + 1))
    if (!isEscaped(tab)) return { end: tab, next: tab };
  return { end: bytes.length, next: bytes.length + (isEscaped(bytes.length) ? 1 : 0) };
}
