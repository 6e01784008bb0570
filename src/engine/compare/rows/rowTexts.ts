import { LONGEST_ROW } from '../../archive/comparing';
import { RowSkipper } from './rowHasher';
import type { RowSet } from './rowSet';

const LF = 10;
/** Bytes of whole pieces that are kept: rows that find their equal do so soon, mostly. */
const WINDOW = 4 * 1024 * 1024;
/** Bytes of single rows that are kept, for what still has no equal then. */
const MOST = 32 * 1024 * 1024;
/** What a row takes beside its text. */
const HEAD = 200;

interface Block {
  /** Number of its first row. */
  first: number;
  rows: number;
  /** Whole lines. */
  bytes: Buffer;
}

/**
 * Texts of the rows that have no equal yet, so that they need not be read again: of the last pieces all, of those before only
 * what is still waiting. Gives up when that is too much; then they are read again.
 */
export class RowTexts {
  readonly #window: number;
  readonly #most: number;
  #skipper: RowSkipper | null = null;
  #blocks: Block[] = [];
  #size = 0;
  #carried: Buffer[] = [];
  #carriedSize = 0;
  readonly #texts = new Map<number, Buffer>();
  #textSize = 0;
  /** Nothing is kept any more. */
  gaveUp = false;

  /** Bounds in bytes. */
  constructor(window = WINDOW, most = MOST) {
    this.#window = window;
    this.#most = most;
  }

  /** The next piece of a side, in which so many rows end; the first of them has number `first`. */
  add(piece: Buffer, rows: number, first: number, waiting: RowSet): void {
    if (this.gaveUp) return;
    const end = piece.lastIndexOf(LF) + 1;
    if (end > 0) {
      const bytes = Buffer.concat([...this.#carried, piece.subarray(0, end)]);
      [this.#carried, this.#carriedSize] = [[], 0];
      this.#blocks.push({ first, rows, bytes });
      this.#size += bytes.length;
    }
    if (end < piece.length) {
      this.#carried.push(Buffer.from(piece.subarray(end)));
      this.#carriedSize += piece.length - end;
    }
    if (this.#carriedSize > LONGEST_ROW) this.giveUp();
    else if (this.#size > this.#window) this.#compact(waiting);
  }

  /** What comes next begins a line of its own. */
  endPart(): void {
    [this.#carried, this.#carriedSize] = [[], 0];
  }

  giveUp(): void {
    this.gaveUp = true;
    [this.#blocks, this.#size, this.#textSize] = [[], 0, 0];
    this.endPart();
    this.#texts.clear();
    this.#skipper?.release();
    this.#skipper = null;
  }

  /** Leaves of the oldest pieces only the rows that wait. */
  #compact(waiting: RowSet): void {
    while (this.#size > this.#window / 2) {
      const block = this.#blocks.shift()!;
      this.#size -= block.bytes.length;
      for (const { row, bytes } of this.#linesOf(block, waiting)) {
        this.#texts.set(row, Buffer.from(bytes));
        this.#textSize += bytes.length + HEAD;
      }
    }
    if (this.#textSize <= this.#most) return;
    for (const [row, bytes] of this.#texts)
      if (!waiting.has(row)) {
        this.#texts.delete(row);
        this.#textSize -= bytes.length + HEAD;
      }
    if (this.#textSize > this.#most / 2) this.giveUp();
  }

  *#linesOf({ first, rows, bytes }: Block, wanted: RowSet): Generator<{ row: number; bytes: Buffer }> {
    let at = 0;
    let here = first;
    let loaded = false;
    for (let row = first; row < first + rows; row++) {
      if (!wanted.has(row)) continue;
      const skipper = (this.#skipper ??= new RowSkipper());
      if (!loaded) skipper.load(bytes);
      loaded = true;
      if (row > here) at = skipper.skip(at, row - here).at;
      here = row;
      yield { row, bytes: bytes.subarray(at, bytes.indexOf(LF, at)) };
    }
  }

  /** Lines of rows, in ascending order. All of them are here unless it gave up. */
  *lines(wanted: RowSet): Generator<{ row: number; bytes: Buffer }> {
    const texts = [...this.#texts.entries()].sort(([a], [b]) => a - b);
    for (const [row, bytes] of texts) if (wanted.has(row)) yield { row, bytes };
    // What is still in whole pieces came later.
    for (const block of this.#blocks) yield* this.#linesOf(block, wanted);
  }
}
