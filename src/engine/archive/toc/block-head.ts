import type { Compression } from '../../tools/types';

export const TABLE_DATA = 1;
export const LARGE_OBJECTS = 3;

/** An entry's number beyond this is not believed of a block that is searched for. */
const HIGHEST_ID = 20_000_000;
/** Two integers of five bytes behind the type, and the two first bytes of data. */
const HEAD = 13;

/**
 * Whether a data block of a custom archive can begin at a place with `remaining` bytes behind it: type, number, a first piece that fits
 * the file and begins like its compression's data; where there is none, the next piece must fit too.
 */
export function blockBegins(bytes: Buffer, at: number, compression: Compression, remaining: number): boolean {
  if (at + HEAD > bytes.length) return false;
  const type = bytes[at];
  if (type !== TABLE_DATA && type !== LARGE_OBJECTS) return false;
  if (bytes[at + 1] !== 0) return false;
  const id = bytes.readUInt32LE(at + 2);
  if (id === 0 || id > HIGHEST_ID) return false;
  // Rows are never empty, they have at least an end: the end of an entry without data would look like such a block.
  if (type === TABLE_DATA)
    return lengthAt(bytes, at + 6) !== 0 && piecesBegin(bytes, at + 6, compression, remaining - 6);
  // The object's number may be written as if negative; none at all ends the block.
  if (bytes[at + 6]! > 1) return false;
  if (bytes.readUInt32LE(at + 7) === 0) return false;
  return piecesBegin(bytes, at + 11, compression, remaining - 11);
}

function piecesBegin(bytes: Buffer, at: number, compression: Compression, remaining: number): boolean {
  const first = lengthAt(bytes, at);
  if (first === null || first > remaining) return false;
  if (compression === 'none') {
    if (first === 0) return true; // An empty large object.
    const second = at + 5 + first;
    if (second + 5 > bytes.length) return second + 5 - at <= remaining;
    const length = lengthAt(bytes, second);
    return length !== null && length <= remaining - (second - at);
  }
  const data = at + 5;
  if (first < 4 || data + 4 > bytes.length) return false;
  if (compression === 'gzip') return bytes[data] === 0x78 && bytes.readUInt16BE(data) % 31 === 0;
  return bytes.readUInt32LE(data) === (compression === 'lz4' ? 0x184d2204 : 0xfd2fb528);
}

function lengthAt(bytes: Buffer, at: number): number | null {
  if (at + 5 > bytes.length || bytes[at] !== 0) return null;
  return bytes.readUInt32LE(at + 1);
}
