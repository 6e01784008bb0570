import type { ByteReader } from '../io/byte-reader';
import type { Header } from '../types';
import { checkAborted } from '../abort';
import { blockBegins } from './block-head';
import { tryParse, type Cursor } from './cursor';

/** Looked ahead at once. An entry that is larger is not found again behind damage; the next one is. */
const WINDOW = 4 * 1024 * 1024;
/** Searched for the next entry at most: no table of contents is larger. */
const FARTHEST = 256 * 1024 * 1024;
/** Every entry begins with at least these: number, data flag, the length of an OID. */
const HEAD = 16;

/**
 * Whether the next bytes can only begin an entry: a positive number, 0 or 1, then an OID in digits.
 * Texts hold no zero bytes (PostgreSQL has none), so this never stands inside one.
 */
export async function beginsEntry(reader: ByteReader, { intSize }: Header): Promise<boolean> {
  await reader.fill(HEAD + intSize);
  return looksLikeEntry(reader.peek(reader.available), 0);
}

function looksLikeEntry(bytes: Buffer, at: number): boolean {
  return (
    at + HEAD <= bytes.length &&
    bytes[at] === 0 &&
    bytes.readInt32LE(at + 1) > 0 &&
    bytes[at + 5] === 0 &&
    bytes.readUInt32LE(at + 6) <= 1 &&
    bytes[at + 10] === 0 &&
    bytes[at + 11]! > 0 &&
    bytes.readUInt32LE(at + 11) <= 10 &&
    isDigit(bytes[at + 15]!)
  );
}

function isDigit(byte: number): boolean {
  return byte >= 48 && byte <= 57;
}

/**
 * Moves a reader on to the next whole entry, not before where it stands; false when there is none. In custom
 * archives it stops at the first block of data. Bounded, whatever lies there.
 */
export async function findEntry(
  reader: ByteReader,
  header: Header,
  read: (cursor: Cursor, header: Header) => { odd: boolean },
  { end = Infinity, signal }: { end?: number | undefined; signal?: AbortSignal | undefined },
): Promise<boolean> {
  const last = Math.min(end, reader.offset + FARTHEST);
  while (reader.offset < last) {
    checkAborted(signal);
    const more = await reader.fill(WINDOW);
    const bytes = reader.peek(Math.min(reader.available, last - reader.offset));
    const stop = more && bytes.length >= WINDOW ? bytes.length - WINDOW / 2 : bytes.length;
    for (let at = 0; at < stop; at++) {
      // Both begin with a small byte; most bytes are none.
      if (bytes[at]! > 3) continue;
      if (
        looksLikeEntry(bytes, at) &&
        tryParse(bytes.subarray(at), header, (cursor) => read(cursor, header))?.odd === false
      ) {
        reader.take(at);
        return true;
      }
      if (header.formatByte === 1 && blockBegins(bytes, at, header.compression, reader.remaining - at)) {
        reader.take(at);
        return false;
      }
    }
    reader.take(stop);
    if (!more) return false;
  }
  return false;
}
