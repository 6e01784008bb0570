import * as zlib from 'node:zlib';
import type { Transform, TransformOptions } from 'node:stream';
import { atOnce } from './at-once';
import type { CompressionCodec } from './types';
import { ZstdDecoder } from './zstd-decoder';
import { FallbackZstdDecoder } from './zstd-fallback';
import { isOneFrame } from './zstd-frames';

/** Bytes decoded and bytes waiting at once; Node hands all options of a stream on to it. */
const OPTIONS: zlib.ZstdOptions & TransformOptions = { chunkSize: 512 * 1024, highWaterMark: 1024 * 1024 };

/** Node has zstd from 22.15 on; the function is asked for, not the version. */
function decoder(): Transform {
  return typeof zlib.createZstdDecompress === 'function'
    ? new ZstdDecoder(() => zlib.createZstdDecompress(OPTIONS))
    : new FallbackZstdDecoder();
}

export const zstd: CompressionCodec = {
  name: 'zstd',
  number: 3,
  suffix: '.zst',
  magic: Buffer.from([0x28, 0xb5, 0x2f, 0xfd]),
  blockDecoder: decoder,
  fileDecoder: decoder,
  blockAtOnce: (block) =>
    typeof zlib.zstdDecompressSync === 'function' && isOneFrame(block)
      ? atOnce(zlib.zstdDecompressSync, block)
      : null,
};
