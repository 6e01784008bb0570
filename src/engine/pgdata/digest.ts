import { createHash } from 'node:crypto';
import { crc32cStep } from './crc32c';

/** Algorithms of backup manifests, as they are named there. */
export type Algorithm = 'NONE' | 'CRC32C' | 'SHA224' | 'SHA256' | 'SHA384' | 'SHA512';

export interface Digest {
  update(bytes: Buffer): void;
  /** Ends it; empty where nothing is computed. */
  digest(): Buffer;
}

/** Bytes of each algorithm's checksum. */
export const digestBytes: Record<Algorithm, number> = {
  NONE: 0,
  CRC32C: 4,
  SHA224: 28,
  SHA256: 32,
  SHA384: 48,
  SHA512: 64,
};

export function isAlgorithm(name: string): name is Algorithm {
  return Object.hasOwn(digestBytes, name);
}

export function createDigest(algorithm: Algorithm): Digest {
  if (algorithm === 'NONE') return { update: () => undefined, digest: () => Buffer.alloc(0) };
  if (algorithm !== 'CRC32C') {
    const hash = createHash(algorithm.toLowerCase());
    return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest() };
  }
  let state = -1;
  return {
    update: (bytes) => void (state = crc32cStep(state, bytes)),
    digest: () => {
      // The manifest has the number as it lies in the memory of the server (common/checksum_helper.c).
      const bytes = Buffer.alloc(4);
      bytes.writeInt32LE(~state);
      return bytes;
    },
  };
}
