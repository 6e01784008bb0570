/** Something known about a position. */
interface Positioned {
  position: number;
}

/**
 * Places along a sequence, sparse and bounded: every `step` bytes at first; when there are too many, every
 * second one is forgotten and the step doubles.
 */
export class Marks<T extends Positioned> {
  readonly #most: number;
  #step: number;
  #marks: T[] = [];

  constructor(step: number, most: number) {
    this.#step = step;
    this.#most = most;
  }

  /** Whether a mark at a position would be kept; positions come in any order, but only new ground is marked. */
  wants(position: number): boolean {
    return position >= (this.#marks.at(-1)?.position ?? 0) + this.#step;
  }

  add(mark: T): void {
    this.#marks.push(mark);
    if (this.#marks.length < this.#most) return;
    this.#marks = this.#marks.filter((_, i) => i % 2 === 1);
    this.#step *= 2;
  }

  /** The last mark at or before a position. */
  before(position: number): T | undefined {
    return this.#marks[this.#index(position)];
  }

  /** The first mark behind a position. */
  after(position: number): T | undefined {
    return this.#marks[this.#index(position) + 1];
  }

  /** Index of the last mark at or before a position, -1 for none. */
  #index(position: number): number {
    let low = -1;
    let high = this.#marks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#marks[middle]!.position <= position) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
