import { isAscii } from 'node:buffer';
import { TextDecoder } from 'node:util';
import { encodingNamed, type Encoding } from './encodings';
import { corrections } from './corrected';
import { rawByte } from './raw-bytes';

/** Reads texts in one of PostgreSQL's encodings without losing a byte (see `raw-bytes`). */
export interface TextCodec extends Encoding {
  /** Bytes that do not decode become U+DC80 … U+DCFF; those below 0x80 stay what they are in ASCII. */
  decode(bytes: Buffer): string;
  /** The only bytes a text can have in this encoding; null when that is not known, or there are none. */
  encode(text: string): Buffer | null;
  /** PostgreSQL's name of what `bytesOf` makes of decoded texts: UTF8 where characters are known, else the same. */
  fileEncoding: string;
}

const codecs = new Map<string, TextCodec>();

/** The codec of an encoding, by any name PostgreSQL takes. SQL_ASCII, unknown bytes, is read as UTF-8 where it fits. */
export function textCodec(name: string): TextCodec {
  const encoding = encodingNamed(name);
  let codec = codecs.get(encoding.name);
  if (!codec) codecs.set(encoding.name, (codec = makeCodec(encoding)));
  return codec;
}

/** A lossless decoder for texts in an encoding. */
export function textDecoder(name: string): (bytes: Buffer) => string {
  return textCodec(name).decode;
}

/** The length of characters where these may hold bytes of ASCII; null where they do not, and nobody has to ask. */
export function wideLength({ length, asciiSafe }: Encoding): Encoding['length'] | null {
  return asciiSafe ? null : length;
}

/** Bytes at the beginning of a piece of text that are whole characters. */
export function wholeLength(bytes: Buffer, codec: Encoding): number {
  // Behind a byte of ASCII a character begins, where no other character holds such bytes.
  let at = codec.asciiSafe ? asciiEnd(bytes) : 0;
  while (at < bytes.length) {
    const end = bytes[at]! < 0x80 ? at + 1 : at + codec.length(bytes, at);
    if (end > bytes.length) break;
    at = end;
  }
  return at;
}

/** The place behind the last byte of ASCII, looked for near the end only; 0 where there is none. */
function asciiEnd(bytes: Buffer): number {
  const from = Math.max(0, bytes.length - NEAR);
  let at = bytes.length;
  while (at > from && bytes[at - 1]! >= 0x80) at--;
  return at > from ? at : 0;
}

const NEAR = 4096;

function makeCodec(encoding: Encoding): TextCodec {
  const { name, label } = encoding;
  // The label iso-8859-1 means windows-1252 to TextDecoder.
  if (name === 'LATIN1')
    return {
      ...encoding,
      fileEncoding: 'UTF8',
      decode: (bytes) => bytes.toString('latin1'),
      encode: (text) => (/^[\0-\xff]*$/.test(text) ? Buffer.from(text, 'latin1') : null),
    };
  if (name === 'UTF8' || name === 'SQL_ASCII')
    return {
      ...encoding,
      fileEncoding: name,
      decode: (bytes) => {
        const text = bytes.toString('utf8');
        // What does not decode shows as U+FFFD, which the bytes may hold as well.
        return text.includes('\ufffd') ? piecewise(bytes, encoding, utf8Character) : text;
      },
      encode: (text) => (text.isWellFormed() ? Buffer.from(text, 'utf8') : null),
    };
  const strict = label === null ? null : strictDecoder(label);
  const corrected = strict && corrections(name, strict);
  const character = (part: Buffer): string | null => {
    const known = corrected?.characters.get(part.toString('hex'));
    if (known !== undefined) return known;
    const text = strict?.(part) ?? null;
    // Some decoders give a control character and what follows it for bytes they do not know.
    return text !== null && part.length > 1 && /[\x80-\x9f]/.test(text) ? null : text;
  };
  const decode = (bytes: Buffer): string => {
    if (isAscii(bytes)) return bytes.toString('latin1');
    const text = strict?.(bytes) ?? null;
    return text !== null && !corrected?.wrong.test(text) ? text : piecewise(bytes, encoding, character);
  };
  return { ...encoding, decode, encode: encoderOf(encoding, decode), fileEncoding: strict ? 'UTF8' : name };
}

/** Null for what does not decode, or when the platform was built without the encoding. */
function strictDecoder(label: string): (bytes: Buffer) => string | null {
  let decoder: TextDecoder | null;
  const make = (): TextDecoder | null => {
    try {
      return new TextDecoder(label, { fatal: true, ignoreBOM: true });
    } catch {
      return null;
    }
  };
  decoder = make();
  return (bytes) => {
    try {
      return decoder?.decode(bytes) ?? null;
    } catch {
      // It may be left in the middle of a character.
      decoder = make();
      return null;
    }
  };
}

/** Character by character: those that do not decode are kept as bytes. */
function piecewise(bytes: Buffer, encoding: Encoding, decode: (part: Buffer) => string | null): string {
  const { length } = encoding;
  const parts: string[] = [];
  let ascii = 0;
  for (let at = 0; at < bytes.length;) {
    if (bytes[at]! < 0x80) {
      at++;
      continue;
    }
    if (at > ascii) parts.push(bytes.toString('latin1', ascii, at));
    const end = Math.min(bytes.length, at + length(bytes, at));
    const text = decode(bytes.subarray(at, end));
    if (text !== null) {
      parts.push(text);
      at = end;
    } else {
      // Bytes below 0x80 are given as ASCII: they come back as they are.
      for (const stop = brokenEnd(bytes, at, end, encoding); at < stop; at++)
        parts.push(bytes[at]! < 0x80 ? String.fromCharCode(bytes[at]!) : rawByte(bytes[at]!));
    }
    ascii = at;
  }
  if (bytes.length > ascii) parts.push(bytes.toString('latin1', ascii));
  return parts.join('');
}

/** How far a character reaches that does not decode: whole, when it looks like one; else its first byte. */
function brokenEnd(bytes: Buffer, at: number, end: number, { name, asciiSafe }: Encoding): number {
  if (!asciiSafe) return end;
  // A broken character of UTF-8 ends where the next begins.
  if (name === 'UTF8' || name === 'SQL_ASCII') return at + 1;
  return bytes.subarray(at, end).every((byte) => byte >= 0x80) ? end : at + 1;
}

function utf8Character(part: Buffer): string | null {
  const text = part.toString('utf8');
  return text.includes('\ufffd') && !part.equals(REPLACEMENT) ? null : text;
}

const REPLACEMENT = Buffer.from('\ufffd', 'utf8');

/** For single bytes by the table that decoding makes; for others ASCII alone. */
function encoderOf({ length, asciiSafe }: Encoding, decode: (bytes: Buffer) => string): TextCodec['encode'] {
  const single = length(Buffer.from([0x80]), 0) === 1;
  const table = new Map<string, number>();
  return (text) => {
    if (/^[\0-\x7f]*$/.test(text)) return asciiSafe ? Buffer.from(text, 'latin1') : null;
    if (!single) return null;
    if (table.size === 0)
      for (let byte = 255; byte >= 0; byte--) table.set(decode(Buffer.from([byte])), byte);
    const bytes = [...text].map((character) => table.get(character));
    return bytes.includes(undefined) ? null : Buffer.from(bytes as number[]);
  };
}
