import { Lz4Decoder } from './lz4-frame';
import type { CompressionCodec } from './types';

export const lz4: CompressionCodec = {
  name: 'lz4',
  number: 2,
  suffix: '.lz4',
  magic: Buffer.from([0x04, 0x22, 0x4d, 0x18]),
  blockDecoder: () => new Lz4Decoder(),
  fileDecoder: () => new Lz4Decoder(),
  resume: (from) => new Lz4Decoder({ from }),
};
