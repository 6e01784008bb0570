import type { ByteReader } from './byte-reader';
import type { ByteSource } from './source';

/** Tells how much of a source, as stored, a reader has passed. */
export function progressOf(
  source: ByteSource,
  reader: Pick<ByteReader, 'offset'>,
  onProgress: ((fraction: number) => void) | undefined,
): () => void {
  const total = source.stored || 1;
  return () => onProgress?.(Math.min(1, source.storedBefore(reader.offset) / total));
}
