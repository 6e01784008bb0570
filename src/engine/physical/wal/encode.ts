import * as zlib from 'node:zlib';
import type { Compression } from '../../tools/types';

/** Compressions that segments can be stored in. */
export const walCompressions = ['zstd', 'gzip', 'none'] as const satisfies readonly Compression[];
export type WalCompression = (typeof walCompressions)[number];

/** A compressed piece is hardly ever larger than what it is of, and never by so much. */
const MARGIN = 128 * 1024;

/** Node has zstd from 22.15 on; before, gzip takes its place. */
export function available(wanted: WalCompression): WalCompression {
  return wanted === 'zstd' && typeof zlib.createZstdCompress !== 'function' ? 'gzip' : wanted;
}

/**
 * How much of a segment is read and compressed at once. All of one of the usual size: that is the fastest, and larger ones, of up to
 * 1 GB, are several frames (zstd) or members (gzip), which every decoder takes for one file.
 */
export function pieceOf(compression: WalCompression): number {
  return compression === 'none' ? 1024 * 1024 : 16 * 1024 * 1024;
}

/**
 * Compresses a piece. The fastest level of each: on WAL the next ones take twice as long for hardly a smaller file. With a
 * checksum of the content, which both decoders check.
 */
export function encode(compression: WalCompression, piece: Buffer): Buffer {
  const chunkSize = piece.length + MARGIN;
  switch (compression) {
    case 'none':
      return piece;
    case 'gzip':
      return zlib.gzipSync(piece, { level: 1, chunkSize });
    case 'zstd':
      return zlib.zstdCompressSync(piece, {
        chunkSize,
        pledgedSrcSize: piece.length,
        params: {
          [zlib.constants.ZSTD_c_compressionLevel]: 1,
          [zlib.constants.ZSTD_c_checksumFlag]: 1,
        },
      });
  }
}
