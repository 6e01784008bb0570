import { createGunzip, createInflate } from 'node:zlib';
import type { CompressionCodec } from './types';

const CHUNK = 256 * 1024;

/** The same number means a zlib stream in custom archives and a gzip file in directory dumps. */
export const gzip: CompressionCodec = {
  name: 'gzip',
  number: 1,
  suffix: '.gz',
  magic: Buffer.from([0x1f, 0x8b]),
  blockDecoder: () => createInflate({ chunkSize: CHUNK }),
  fileDecoder: () => createGunzip({ chunkSize: CHUNK }),
};
