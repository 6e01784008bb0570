import type { CompressionCodec } from './types';

export const none: CompressionCodec = {
  name: 'none',
  number: 0,
  suffix: '',
  magic: null,
  blockDecoder: () => null,
  fileDecoder: () => null,
};
