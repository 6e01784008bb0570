import { HashLoops, INPUT, SLACK } from './hashLoops';

const LF = 10;
/** Of each side. Rows that are longer are hashed in pieces. */
const SIZE = 1024 * 1024;

/** The rows of both sides that come next, in one memory, so that they can be compared byte by byte. */
export class Windows {
  readonly #loops = HashLoops.take();
  readonly both: readonly [Window, Window];

  constructor() {
    const begins = [INPUT, INPUT + SIZE + SLACK] as const;
    this.#loops.reserve(begins[1] + SIZE);
    this.both = [new Window(this.#loops, begins[0]), new Window(this.#loops, begins[1])];
  }

  /**
   * Goes over the rows that are the same bytes on both sides, to the end of what is there or to the first line that differs;
   * end lines and lines whose line feed is escaped are taken for such.
   */
  passSame(): { rows: number; differs: boolean } {
    const [left, right] = this.both;
    const { same, rows, differs } = this.#loops.exports;
    const bytes = same(left.start, right.start, Math.min(left.size, right.size));
    left.drop(bytes);
    right.drop(bytes);
    return { rows: rows.value, differs: differs.value === 1 };
  }

  /** To be called when nothing more is asked of it. */
  release(): void {
    this.#loops.release();
  }
}

/** What was read of one side and is not worked on yet. */
export class Window {
  readonly #loops: HashLoops;
  readonly #begin: number;
  /** In the memory: the first byte, the one behind the last whole line, the one behind the last byte. */
  start: number;
  #whole: number;
  #end: number;

  constructor(loops: HashLoops, begin: number) {
    this.#loops = loops;
    this.#begin = this.start = this.#whole = this.#end = begin;
  }

  get size(): number {
    return this.#end - this.start;
  }

  get hasLine(): boolean {
    return this.#whole > this.start;
  }

  get full(): boolean {
    return this.size === SIZE;
  }

  /** Takes what there is room for; how many bytes. */
  append(piece: Buffer): number {
    const { bytes } = this.#loops;
    if (this.start > this.#begin) {
      bytes.copyWithin(this.#begin, this.start, this.#end);
      const gone = this.start - this.#begin;
      [this.start, this.#whole, this.#end] = [this.#begin, this.#whole - gone, this.#end - gone];
    }
    const taken = piece.copy(bytes, this.#end, 0, SIZE - this.size);
    const line = piece.subarray(0, taken).lastIndexOf(LF);
    if (line >= 0) this.#whole = this.#end + line + 1;
    this.#end += taken;
    return taken;
  }

  /** Whole lines at the beginning, at most so many, in bytes that are overwritten by what is appended. */
  lines(most: number): { lines: number; bytes: Buffer } {
    const { skip, rows } = this.#loops.exports;
    const end = skip(this.start, this.#whole - this.start, Math.min(most, SIZE));
    return { lines: rows.value, bytes: this.#loops.bytes.subarray(this.start, end) };
  }

  /** The beginning up to the first line feed, or all there is. */
  toLineEnd(): Buffer {
    const bytes = this.#loops.bytes.subarray(this.start, this.#end);
    const line = this.hasLine ? bytes.indexOf(LF) : -1;
    return line < 0 ? bytes : bytes.subarray(0, line + 1);
  }

  drop(bytes: number): void {
    this.start += bytes;
    this.#whole = Math.max(this.#whole, this.start);
  }

  clear(): void {
    this.start = this.#whole = this.#end = this.#begin;
  }
}
