import * as l10n from '@vscode/l10n';
import { damage } from '../errors';
import type { ByteReader } from '../io/byte-reader';

/** Chunks are handed on in pieces of this size: some writers make one chunk per row. */
const PIECE = 128 * 1024;

/** Reads one sign-and-magnitude integer. */
export async function readInt(reader: ByteReader, intSize: number, what: string): Promise<number> {
  if (reader.available <= intSize && !(await reader.fill(intSize + 1))) throw cut(reader, what);
  return reader.int(intSize);
}

/**
 * The bytes of one chunk list of a custom archive, in pieces; afterwards the reader stands behind it.
 * Every length is checked against what is there; a length is never allocated, only read up to.
 */
export async function* chunks(reader: ByteReader, intSize: number): AsyncGenerator<Buffer> {
  const what = l10n.t('the data');
  let piece = Buffer.allocUnsafe(PIECE);
  let filled = 0;
  for (;;) {
    // Nothing is waited for while bytes are in memory: a waiting per row would cost more than the reading.
    if (reader.available <= intSize && !(await reader.fill(intSize + 1))) throw cut(reader, what);
    const at = reader.offset;
    let left = reader.int(intSize);
    if (left === 0) break;
    if (left < 0 || left > reader.remaining)
      throw damage(l10n.t('a piece of data claims {0} bytes, more than the file can hold', left), at);
    while (left > 0) {
      if (reader.available === 0 && !(await reader.fill(1))) throw cut(reader, what);
      const part = Math.min(left, reader.available, PIECE - filled);
      reader.copyTo(piece, filled, part);
      left -= part;
      filled += part;
      if (filled < PIECE) continue;
      yield piece;
      piece = Buffer.allocUnsafe(PIECE);
      filled = 0;
    }
  }
  if (filled > 0) yield piece.subarray(0, filled);
}

function cut(reader: ByteReader, what: string) {
  return damage(l10n.t('the file ends inside {0}', what), reader.offset + reader.available);
}
