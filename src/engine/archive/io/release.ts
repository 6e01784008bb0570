import { freeMemory } from '../../freeMemory';

const LARGE = 256 * 1024;

/** Frees the memory of a part that a decoder of the platform filled to its end and will not touch again. */
export function release(part: Buffer): void {
  const { buffer, byteOffset, byteLength } = part;
  // Small ones share their memory with others.
  if (buffer.byteLength >= LARGE && byteOffset + byteLength === buffer.byteLength) freeMemory(part);
}
