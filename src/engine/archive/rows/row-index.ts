import type { Mark } from './blocks';

/** Marks kept for one table; more are thinned out. */
const MOST_MARKS = 4096;
const FIRST_STEP = 64 * 1024;

/**
 * Where rows lie in a table's data, as far as it was read: sparse, and thinned out as it grows, so that its memory is
 * bounded at any size of table while a mark is never far away.
 */
export class RowIndex {
  #marks: Mark[] = [{ row: 0, position: 0 }];
  /** Bytes from one mark to the next at least. */
  #step = FIRST_STEP;
  #frontier: Mark = this.#marks[0]!;
  #complete = false;

  /** The furthest place that was read to. */
  get frontier(): Mark {
    return this.#frontier;
  }

  /** Whether the frontier is the end of the table. */
  get complete(): boolean {
    return this.#complete;
  }

  /** Notes where a row begins. */
  note(mark: Mark): void {
    if (mark.position <= this.#frontier.position) return;
    const { row, position, state } = mark;
    this.#frontier = { row, position, ...(state === undefined ? {} : { state }) };
    if (position - this.#marks.at(-1)!.position < this.#step) return;
    this.#marks.push(this.#frontier);
    if (this.#marks.length <= MOST_MARKS) return;
    this.#marks = this.#marks.filter((_, i) => i % 2 === 0);
    this.#step *= 2;
  }

  /** The table ends here. */
  finish(mark: Mark): void {
    this.note(mark);
    this.#complete = true;
  }

  /** The nearest place at or before a row. */
  before(row: number): Mark {
    if (this.#frontier.row <= row) return this.#frontier;
    let low = 0;
    let high = this.#marks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#marks[middle]!.row <= row) low = middle;
      else high = middle - 1;
    }
    return this.#marks[low]!;
  }
}
