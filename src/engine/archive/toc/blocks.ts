import * as l10n from '@vscode/l10n';
import { damage } from '../errors';
import type { ByteReader } from '../io/byte-reader';

/** Chunks are handed on in pieces of about this size: some writers make one chunk per row. */
const PIECE = 128 * 1024;

/** Reads one sign-and-magnitude integer; null at a clean end of the data. */
export async function readInt(reader: ByteReader, intSize: number, what: string): Promise<number> {
  const size = intSize + 1;
  if (reader.available < size && !(await reader.fill(size)))
    throw damage(l10n.t('the file ends inside {0}', what), reader.offset + reader.available);
  const negative = reader.byte() !== 0;
  let value = 0;
  for (let i = 0, factor = 1; i < intSize; i++, factor *= 256) value += reader.byte() * factor;
  return negative ? -value : value;
}

/**
 * The bytes of one chunk list of a custom archive, in pieces; afterwards the reader stands behind it.
 * Every length is checked against what is there; a length is never allocated, only read up to.
 */
export async function* chunks(reader: ByteReader, intSize: number): AsyncGenerator<Buffer> {
  const what = l10n.t('the data');
  let batch: Buffer[] = [];
  let size = 0;
  for (;;) {
    const at = reader.offset;
    let left = await readInt(reader, intSize, what);
    if (left === 0) break;
    if (left < 0 || left > reader.remaining)
      throw damage(l10n.t('a piece of data claims {0} bytes, more than the file can hold', left), at);
    while (left > 0) {
      if (reader.available === 0 && !(await reader.fill(1)))
        throw damage(l10n.t('the file ends inside {0}', what), reader.offset);
      const part = reader.take(Math.min(left, reader.available));
      left -= part.length;
      size += part.length;
      batch.push(part);
      if (size >= PIECE) {
        yield batch.length === 1 ? batch[0]! : Buffer.concat(batch);
        batch = [];
        size = 0;
      }
    }
  }
  if (size > 0) yield Buffer.concat(batch);
}
