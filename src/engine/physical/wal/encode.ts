import type { Transform } from 'node:stream';
import * as zlib from 'node:zlib';
import type { Compression } from '../../tools/types';

/** Compressions that segments can be stored in. */
export const walCompressions = ['zstd', 'gzip', 'none'] as const satisfies readonly Compression[];
export type WalCompression = (typeof walCompressions)[number];

const PIECE = 1024 * 1024;

/** Node has zstd from 22.15 on; before, gzip takes its place. */
export function available(wanted: WalCompression): WalCompression {
  return wanted === 'zstd' && typeof zlib.createZstdCompress !== 'function' ? 'gzip' : wanted;
}

/**
 * What compresses a segment of `size` bytes. The fastest level of each: on WAL the next ones take twice as long for hardly a
 * smaller file. With a checksum of the content, which both decoders check.
 */
export function encoder(compression: WalCompression, size: number): Transform | null {
  switch (compression) {
    case 'none':
      return null;
    case 'gzip':
      return zlib.createGzip({ level: 1, chunkSize: PIECE });
    case 'zstd':
      return zlib.createZstdCompress({
        chunkSize: PIECE,
        pledgedSrcSize: size,
        params: {
          [zlib.constants.ZSTD_c_compressionLevel]: 1,
          [zlib.constants.ZSTD_c_checksumFlag]: 1,
        },
      });
  }
}
