import { gzip } from './gzip';
import { lz4 } from './lz4';
import { none } from './none';
import { zstd } from './zstd';
import type { CompressionCodec } from './types';

/** Every compression an archive can have. */
export const compressions: readonly CompressionCodec[] = [none, gzip, lz4, zstd];

export { none };
export { DirectDecoder } from './direct';
export type { Lz4Checkpoint, Lz4Decoder } from './lz4-frame';
export type { CompressionCodec } from './types';
