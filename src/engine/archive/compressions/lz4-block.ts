/** Bytes a later block may refer back to. */
export const HISTORY = 65536;

/**
 * Decodes one LZ4 block into `output` from `at`; `output` before `at` holds what earlier blocks gave.
 * Returns where the output ends. Every length and distance is checked: throws on anything that would
 * read or write outside. Source: https://github.com/lz4/lz4/blob/dev/doc/lz4_Block_format.md
 */
export function decodeBlock(input: Uint8Array, output: Uint8Array, at: number, lowest: number): number {
  const end = input.length;
  const limit = output.length;
  let from = 0;
  let to = at;
  while (from < end) {
    const token = input[from++]!;
    let literals = token >> 4;
    if (literals === 15) {
      let more: number;
      do {
        if (from >= end) throw new Error('LZ4 block ends inside a length');
        more = input[from++]!;
        literals += more;
      } while (more === 255);
    }
    if (literals > end - from || literals > limit - to) throw new Error('LZ4 literals run past the block');
    if (literals < 24) for (const stop = from + literals; from < stop;) output[to++] = input[from++]!;
    else {
      output.set(input.subarray(from, from + literals), to);
      from += literals;
      to += literals;
    }
    if (from === end) return to;
    if (end - from < 2) throw new Error('LZ4 block ends inside a distance');
    const distance = input[from]! | (input[from + 1]! << 8);
    from += 2;
    if (distance === 0 || distance > to - lowest) throw new Error('LZ4 distance points before the data');
    let length = (token & 15) + 4;
    if (length === 19) {
      let more: number;
      do {
        if (from >= end) throw new Error('LZ4 block ends inside a length');
        more = input[from++]!;
        length += more;
      } while (more === 255);
    }
    if (length > limit - to) throw new Error('LZ4 match runs past the block');
    let back = to - distance;
    if (distance >= length && length > 32) {
      output.copyWithin(to, back, back + length);
      to += length;
    } else for (const stop = to + length; to < stop;) output[to++] = output[back++]!;
  }
  throw new Error('LZ4 block ends without its last literals');
}
