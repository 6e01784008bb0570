import type { Transform } from 'node:stream';
import type { Compression } from '../../tools/types';
import type { Lz4Checkpoint, Lz4Decoder } from './lz4-frame';

/** One way rows are compressed inside archives: one file each, one line in `compressions/index.ts`. */
export interface CompressionCodec {
  name: Compression;
  /** Its number in headers since archive 1.15. */
  number: number;
  /** Suffix of data files in directory dumps, with the dot. */
  suffix: string;
  /** Bytes a compressed file starts with; null for none. */
  magic: Buffer | null;
  /** Decoder of one chunk list of a custom archive; null when there is nothing to decode. */
  blockDecoder(): Transform | null;
  /** Decoder of a whole file. */
  fileDecoder(): Transform | null;
  /** Goes on where a decoder gave a checkpoint; absent where only the beginning will do. */
  resume?(from: Lz4Checkpoint): Lz4Decoder;
  /**
   * Decodes a whole small chunk list in the caller's turn: for it, making a decoder takes longer than decoding.
   * Null when it is too large, damaged or cut; the decoder then says what is wrong.
   */
  blockAtOnce?(block: Buffer): Buffer | null;
}
