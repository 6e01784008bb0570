import { DamageError } from '../errors';
import type { StreamOptions } from '../types';

/**
 * Bytes that can be read from any position. Several readers of one source do not disturb each other.
 * What a source gives out is never changed afterwards (but to who asks for it in passing) and may share memory with other pieces.
 */
export interface ByteSource {
  /** Bytes in all; null when only the end will tell. */
  readonly size: number | null;
  /** Whether reading at another position costs nothing: nothing has to be decoded for it. */
  readonly seekable: boolean;
  /** Bytes as stored (compressed); null when not known. */
  readonly stored: number | null;
  /** Up to `length` bytes from a position, fewer only at the end. */
  read(position: number, length: number, signal?: AbortSignal): Promise<Buffer>;
  /** On from a position to the end; damage is thrown after all bytes before it. */
  stream(position: number, options?: StreamOptions): AsyncIterable<Buffer>;
  /** Bytes as stored that lie before a position, roughly: for progress. */
  storedBefore(position: number): number;
  close(): Promise<void>;
}

/** Reads `length` bytes from a source that only streams well. */
export async function readFromStream(
  source: Pick<ByteSource, 'stream'>,
  position: number,
  length: number,
  signal: AbortSignal | undefined,
): Promise<Buffer> {
  const parts: Buffer[] = [];
  let missing = length;
  if (missing > 0)
    for await (const part of source.stream(position, { signal })) {
      parts.push(part.subarray(0, missing));
      missing -= Math.min(missing, part.length);
      if (missing === 0) break;
    }
  return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
}

/** All bytes of a source, which is closed afterwards. */
export async function* wholeOf(source: ByteSource, signal: AbortSignal | undefined): AsyncGenerator<Buffer> {
  try {
    yield* source.stream(0, { signal });
  } finally {
    await source.close();
  }
}

/** Up to `length` bytes from the beginning; of a damaged source what can be read, unless that is nothing. */
export async function readHead(source: ByteSource, length: number, signal?: AbortSignal): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  try {
    for await (const part of source.stream(0, { signal })) {
      parts.push(part);
      size += part.length;
      if (size >= length) break;
    }
  } catch (error) {
    if (size === 0 || !(error instanceof DamageError)) throw error;
  }
  return Buffer.concat(parts).subarray(0, length);
}
