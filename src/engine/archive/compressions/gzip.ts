import { createGunzip, createInflate, inflateSync } from 'node:zlib';
import { atOnce } from './at-once';
import type { CompressionCodec } from './types';

const CHUNK = 512 * 1024;

/** The same number means a zlib stream in custom archives and a gzip file in directory dumps. */
export const gzip: CompressionCodec = {
  name: 'gzip',
  number: 1,
  suffix: '.gz',
  magic: Buffer.from([0x1f, 0x8b]),
  blockDecoder: () => createInflate({ chunkSize: CHUNK }),
  fileDecoder: () => createGunzip({ chunkSize: CHUNK }),
  blockAtOnce: (block) => atOnce(inflateSync, block),
};
