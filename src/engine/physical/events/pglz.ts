/**
 * Decompresses what PostgreSQL's own method made (`pglz_decompress` in src/common/pg_lzcompress.c): a control byte for eight items,
 * each a byte or a reference to up to 4095 bytes before. Returns where the output ends; throws for what would read or write outside.
 */
export function decodePglz(input: Uint8Array, output: Uint8Array): number {
  let from = 0;
  let to = 0;
  while (from < input.length && to < output.length) {
    const control = input[from++]!;
    for (let bit = 0; bit < 8 && from < input.length && to < output.length; bit++) {
      if (!((control >> bit) & 1)) {
        output[to++] = input[from++]!;
        continue;
      }
      if (from + 2 > input.length) throw new Error('pglz ends inside a reference');
      let length = (input[from]! & 0x0f) + 3;
      const distance = ((input[from]! & 0xf0) << 4) | input[from + 1]!;
      from += 2;
      if (length === 18) {
        if (from >= input.length) throw new Error('pglz ends inside a length');
        length += input[from++]!;
      }
      if (distance === 0 || distance > to) throw new Error('pglz points before the data');
      for (const stop = Math.min(to + length, output.length); to < stop; to++)
        output[to] = output[to - distance]!;
    }
  }
  return to;
}
