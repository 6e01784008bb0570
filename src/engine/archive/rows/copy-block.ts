import type { TextCodec } from '../text';
import type { Block, Mark, ParsedRow } from './blocks';
import { lineValues, textValues } from './copy-escapes';
import { lineBounds } from './copy-lines';

const CR = 13;

/** Rows of COPY text, one behind the other. */
export class CopyBlock implements Block {
  readonly kind = 'rows';
  readonly row: number;
  readonly position: number;
  readonly next: Mark;
  readonly bytes: Buffer;
  readonly rows: number;
  readonly plain: boolean;
  readonly #codec: TextCodec;
  readonly #columns: number | null;
  /** All escapes are such as a server writes. */
  readonly #written: boolean;
  #bounds: Uint32Array | null = null;
  #lines: string[] | null = null;

  constructor(
    {
      row,
      position,
      next,
      bytes,
      rows,
      plain,
    }: Pick<Block, keyof Mark | 'next' | 'bytes' | 'rows' | 'plain'>,
    codec: TextCodec,
    columns: number | null,
  ) {
    [this.row, this.position, this.next, this.bytes, this.rows] = [row, position, next, bytes, rows];
    [this.#written, this.#codec, this.#columns] = [plain, codec, columns];
    this.plain = plain && codec.asciiSafe;
  }

  bounds(): Uint32Array {
    return (this.#bounds ??= lineBounds(this.bytes, this.rows, this.#written, this.#codec));
  }

  parse(index: number): ParsedRow {
    const bounds = this.bounds();
    const line = this.bytes.subarray(bounds[index * 2], bounds[index * 2 + 1]);
    return { values: lineValues(line, this.#codec, this.#columns) };
  }

  *parseFrom(index: number): Generator<ParsedRow> {
    const lines = this.lines();
    for (let i = index; i < this.rows; i++) {
      const values = lines && textValues(lines[i]!, this.#columns);
      yield values ? { values } : this.parse(i);
    }
  }

  /**
   * Decoded all at once: where bytes below 0x80 are only ever characters of their own, a line feed ends a character
   * that is cut, so that every line reads as it does alone.
   */
  lines(): string[] | null {
    if (!this.plain) return null;
    if (this.#lines) return this.#lines;
    const { bytes } = this;
    const lines = this.#codec.decode(bytes.subarray(0, -1)).split('\n');
    // A server writes a carriage return as an escape: a raw one belongs to the end of the line.
    if (bytes.includes(CR))
      for (let i = 0; i < lines.length; i++) if (lines[i]!.endsWith('\r')) lines[i] = lines[i]!.slice(0, -1);
    return (this.#lines = lines);
  }
}
