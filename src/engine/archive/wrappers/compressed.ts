import { compressions } from '../compressions';
import type { WrapperName } from '../types';
import type { Wrapper } from './types';

/** gzip, lz4 and zstd around a file: the same decoders as for the files of directory dumps. */
export const compressed: readonly Wrapper[] = compressions.flatMap(({ name, magic, fileDecoder, resume }) =>
  magic
    ? [
        {
          name: name as WrapperName,
          matches: (head) => head.length >= magic.length && head.subarray(0, magic.length).equals(magic),
          unwrap: () => fileDecoder()!,
          resume,
        },
      ]
    : [],
);
