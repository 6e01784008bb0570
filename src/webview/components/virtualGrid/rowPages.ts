/** What a request for rows gave. */
export interface LoadedRows<Row> {
  /** From the first asked for on; may be fewer than asked for. */
  rows: Row[];
  /** Nothing follows these rows. */
  end: boolean;
}

export interface RowPagesOptions<Row> {
  load(from: number, count: number, signal: AbortSignal): Promise<LoadedRows<Row>>;
  /** Roughly the memory of a row, in any unit. */
  sizeOf(row: Row): number;
  /** Rows of a page. */
  pageRows?: number;
  /** What all pages together may take, in the unit of `sizeOf`; pages that are seen stay even so. */
  memory?: number;
  /** Something came, failed or was asked for. */
  changed(): void;
  /** How long a place far from the last one must be looked at before its rows are asked for. */
  settleMs?: number;
}

interface Page<Row> {
  rows: Row[];
  size: number;
  /** Nothing is missing from it. */
  whole: boolean;
}

/**
 * Rows of a long list, in pages, as far as memory allows: what is looked at is asked for first, then what comes next
 * in the direction of movement; pages not looked at for longest go first; a request for what is no longer looked at
 * is cancelled.
 */
export class RowPages<Row> {
  readonly pageRows: number;
  readonly #options: RowPagesOptions<Row>;
  readonly #memory: number;
  /** In the order of their last use. */
  readonly #pages = new Map<number, Page<Row>>();
  readonly #requests = new Map<number, AbortController>();
  #used = 0;
  #wanted: number[] = [];
  #seen: { first: number; last: number } | null = null;
  #end = Infinity;
  #error: unknown = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  constructor(options: RowPagesOptions<Row>) {
    this.#options = options;
    this.pageRows = options.pageRows ?? 200;
    this.#memory = options.memory ?? 24_000_000;
  }

  /** Why the last request failed; asking stops until `retry`. */
  get error(): unknown {
    return this.#error;
  }

  /** Whether something that is seen is still to come. */
  get loading(): boolean {
    return this.#requests.size > 0 || this.#timer !== undefined;
  }

  /** Memory of all pages, in the unit of `sizeOf`. */
  get used(): number {
    return this.#used;
  }

  row(index: number): Row | undefined {
    return this.#pages.get(Math.floor(index / this.pageRows))?.rows[index % this.pageRows];
  }

  /** Rows that are at hand, among the first `count`. */
  first(count: number): Row[] {
    return (this.#pages.get(0)?.rows ?? []).slice(0, count);
  }

  /** Rows from `first` to `last` are seen now. */
  want(first: number, last: number): void {
    if (this.#closed || (this.#seen?.first === first && this.#seen.last === last)) return;
    const before = this.#seen;
    this.#seen = { first, last };
    const page = (row: number): number => Math.floor(row / this.pageRows);
    const [from, to] = [page(first), page(last)];
    const seen = Array.from({ length: to - from + 1 }, (_, index) => from + index);
    const back = before !== null && first < before.first;
    if (back) seen.reverse();
    const ahead = back ? [from - 1, from - 2] : [to + 1, to + 2];
    this.#wanted = [...seen, ...ahead].filter((one) => one >= 0 && one * this.pageRows < this.#end);
    for (const [one, request] of this.#requests) if (!this.#wanted.includes(one)) request.abort();
    for (const one of seen) this.#touch(one);
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const height = last - first + 1;
    const far = before !== null && Math.abs(first - before.first) > 2 * height + this.pageRows;
    if (!far) return this.#ask();
    // The thumb is being dragged over millions of rows: only where it comes to rest is worth reading.
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#ask();
    }, this.#options.settleMs ?? 80);
  }

  /** Asks again after a failure. */
  retry(): void {
    this.#error = null;
    this.#ask();
    this.#options.changed();
  }

  /** Gives up what is being asked for until something else is looked at. */
  cancel(): void {
    this.#wanted = [];
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const request of this.#requests.values()) request.abort();
    this.#options.changed();
  }

  close(): void {
    this.#closed = true;
    this.cancel();
    this.#pages.clear();
    this.#used = 0;
  }

  #touch(number: number): void {
    const page = this.#pages.get(number);
    if (!page) return;
    this.#pages.delete(number);
    this.#pages.set(number, page);
  }

  /** One request at a time: a compressed table is read from front to back, and two places at once would fight. */
  #ask(): void {
    if (this.#closed || this.#error !== null || this.#requests.size > 0) return;
    const next = this.#wanted.find((one) => !this.#pages.get(one)?.whole && one * this.pageRows < this.#end);
    if (next !== undefined) void this.#load(next);
  }

  async #load(number: number): Promise<void> {
    const request = new AbortController();
    this.#requests.set(number, request);
    const have = this.#pages.get(number)?.rows ?? [];
    const from = number * this.pageRows + have.length;
    const count = this.pageRows - have.length;
    try {
      const { rows, end } = await this.#options.load(from, count, request.signal);
      if (request.signal.aborted) return;
      if (rows.length === 0 && !end) throw new Error(`No rows came from ${from} on.`);
      if (end) this.#end = from + rows.length;
      this.#keep(number, [...have, ...rows.slice(0, count)], end || rows.length >= count);
    } catch (error) {
      if (!request.signal.aborted) this.#error = error ?? new Error();
    } finally {
      this.#requests.delete(number);
      if (!this.#closed) {
        this.#ask();
        this.#options.changed();
      }
    }
  }

  #keep(number: number, rows: Row[], whole: boolean): void {
    this.#used -= this.#pages.get(number)?.size ?? 0;
    this.#pages.delete(number);
    const size = rows.reduce((sum, row) => sum + this.#options.sizeOf(row), 0);
    this.#pages.set(number, { rows, size, whole });
    this.#used += size;
    for (const [old, page] of this.#pages) {
      if (this.#used <= this.#memory) break;
      if (this.#wanted.includes(old)) continue;
      this.#pages.delete(old);
      this.#used -= page.size;
    }
  }
}
