import type { Transform } from 'node:stream';
import type { CompressionCodec } from '../compressions';
import type { WrapperName } from '../types';

/** Something around a whole file: one file each, one line in `wrappers/index.ts`. */
export interface Wrapper {
  name: WrapperName;
  matches(head: Buffer): boolean;
  /** Takes it off. */
  unwrap(): Transform;
  /** As for compressions. */
  resume?: CompressionCodec['resume'];
}
