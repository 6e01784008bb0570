import type { Transform } from 'node:stream';
import { DirectDecoder } from './direct';
import { gzip } from './gzip';
import { lz4 } from './lz4';
import { none } from './none';
import { zstd } from './zstd';
import type { CompressionCodec } from './types';

/** Every compression an archive can have. */
export const compressions: readonly CompressionCodec[] = [none, gzip, lz4, zstd];

/** Whether a decoder is done with a piece when it asks for the next; in others several pieces wait. */
export function takesAtOnce(decoder: Transform): boolean {
  // The platform's own tell what they wrote.
  return decoder instanceof DirectDecoder || 'bytesWritten' in decoder;
}

export { DirectDecoder, none };
export type { Lz4Checkpoint, Lz4Decoder } from './lz4-frame';
export type { CompressionCodec } from './types';
