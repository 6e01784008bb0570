/** Rows in one page: a bit each. */
const PAGE = 32 * 1024;

interface Page {
  bits: Uint32Array;
  count: number;
}

/** Numbers of rows, a bit for each where some are near each other. */
export class RowSet {
  readonly #pages = new Map<number, Page>();
  /** The page that was used last: rows come in about their order. */
  #number = -1;
  #page: Page = { bits: new Uint32Array(0), count: 0 };
  size = 0;

  add(row: number): void {
    const page = this.#at(row, true)!;
    const bit = row % PAGE;
    const before = page.bits[bit >>> 5]!;
    const after = (before | (1 << (bit & 31))) >>> 0;
    if (after === before) return;
    page.bits[bit >>> 5] = after;
    page.count++;
    this.size++;
  }

  delete(row: number): void {
    const page = this.#at(row, false);
    if (!page) return;
    const bit = row % PAGE;
    const before = page.bits[bit >>> 5]!;
    const after = (before & ~(1 << (bit & 31))) >>> 0;
    if (after === before) return;
    page.bits[bit >>> 5] = after;
    this.size--;
    if (--page.count > 0) return;
    this.#pages.delete(Math.floor(row / PAGE));
    this.#number = -1;
  }

  has(row: number): boolean {
    const bit = row % PAGE;
    return ((this.#at(row, false)?.bits[bit >>> 5] ?? 0) & (1 << (bit & 31))) !== 0;
  }

  #at(row: number, make: boolean): Page | undefined {
    const number = Math.floor(row / PAGE);
    if (number === this.#number) return this.#page;
    let page = this.#pages.get(number);
    if (!page && make) this.#pages.set(number, (page = { bits: new Uint32Array(PAGE / 32), count: 0 }));
    if (page) [this.#number, this.#page] = [number, page];
    return page;
  }

  /** In ascending order. */
  *[Symbol.iterator](): Generator<number> {
    for (const number of [...this.#pages.keys()].sort((a, b) => a - b)) {
      const { bits } = this.#pages.get(number)!;
      for (let word = 0; word < bits.length; word++)
        for (let rest = bits[word]!; rest !== 0; rest &= rest - 1)
          yield number * PAGE + word * 32 + (31 - Math.clz32(rest & -rest));
    }
  }
}
