import type { Transform } from 'node:stream';
import type { Compression } from '../../tools/types';
import type { WalFile, WalSource } from './types';

/** Bytes that tell a compression. */
const HEAD = 4;

/** A compressed file that is damaged or cut short, in the decoder's words. */
export class CompressionError extends Error {}

/** A file of an archive, opened. */
export interface Decoded {
  compression: Compression;
  /** Damage of a compressed file is thrown as `CompressionError`, after everything before it. */
  parts: AsyncIterable<Buffer>;
}

/** Opens a file and decompresses it by what its content begins with: names do not always tell. */
export async function openDecoded(
  source: WalSource,
  file: WalFile,
  options: { signal?: AbortSignal } = {},
): Promise<Decoded> {
  const { first, all } = await beginning(source.open(file, options));
  const { compressions } = await import('../../archive/decoding');
  const codec = compressions.find(({ magic }) => magic && first.subarray(0, magic.length).equals(magic));
  const decoder = codec?.fileDecoder();
  return decoder
    ? { compression: codec!.name, parts: decompressed(all, decoder) }
    : { compression: 'none', parts: all };
}

async function* decompressed(parts: AsyncIterable<Buffer>, decoder: Transform): AsyncGenerator<Buffer> {
  const { DecodeError, decode } = await import('../../archive/decoding');
  try {
    yield* decode(parts, decoder);
  } catch (error) {
    throw error instanceof DecodeError ? new CompressionError(error.message, { cause: error }) : error;
  }
}

/** The first bytes, and all of them. */
async function beginning(
  parts: AsyncIterable<Buffer>,
): Promise<{ first: Buffer; all: AsyncIterable<Buffer> }> {
  const iterator = parts[Symbol.asyncIterator]();
  const taken: Buffer[] = [];
  let length = 0;
  while (length < HEAD) {
    const { done, value } = await iterator.next();
    if (done) break;
    taken.push(value);
    length += value.length;
  }
  async function* all(): AsyncGenerator<Buffer> {
    try {
      yield* taken;
      for (;;) {
        const { done, value } = await iterator.next();
        if (done) return;
        yield value;
      }
    } finally {
      await iterator.return?.();
    }
  }
  return { first: Buffer.concat(taken).subarray(0, HEAD), all: all() };
}

/** Up to `length` bytes from the beginning, decompressed. */
export async function decodedHead(
  source: WalSource,
  file: WalFile,
  length: number,
  options: { signal?: AbortSignal } = {},
): Promise<{ compression: Compression; head: Buffer }> {
  const { compression, parts } = await openDecoded(source, file, options);
  const taken: Buffer[] = [];
  let size = 0;
  for await (const part of parts) {
    taken.push(part);
    size += part.length;
    if (size >= length) break;
  }
  return { compression, head: Buffer.concat(taken).subarray(0, length) };
}
