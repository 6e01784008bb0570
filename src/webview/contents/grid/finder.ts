import type { FoundRow, RowQuery } from '../../../shared/contentsPage';
import type { Cell } from '../../components/virtualGrid';

export interface FinderOptions {
  search(
    query: RowQuery,
    from: number,
    limit: number,
    signal: AbortSignal,
  ): Promise<{ found: FoundRow[]; next: number | null }>;
  changed(): void;
}

/** Found rows that are kept; more is for an export. */
export const mostFound = 10_000;
const mostCharacters = 16_000_000;
/** Rows asked for at once, at most. */
const largestBatch = 512;

/**
 * Rows that fit a query, found from a row on to the end and then from the first row to there. Asked for in pieces that
 * double: the first rows are shown at once, and none is waited for longer than the search has lasted already.
 */
export class Finder {
  readonly #options: FinderOptions;
  #query: RowQuery | null = null;
  #found: FoundRow[] = [];
  #marks = new Map<number, ReadonlyMap<number, string>>();
  #running: AbortController | null = null;
  #full = false;
  #done = false;
  #error: unknown = null;

  constructor(options: FinderOptions) {
    this.#options = options;
  }

  get query(): RowQuery | null {
    return this.#query;
  }

  /** In the order of the table. */
  get found(): readonly FoundRow[] {
    return this.#found;
  }

  get searching(): boolean {
    return this.#running !== null;
  }

  /** The whole table was looked at. */
  get done(): boolean {
    return this.#done;
  }

  /** There may be more than are kept. */
  get full(): boolean {
    return this.#full;
  }

  get error(): unknown {
    return this.#error;
  }

  /** Found columns of a row. */
  marks(row: number): ReadonlyMap<number, string> | undefined {
    return this.#marks.get(row);
  }

  /** Begins anew; an empty text only forgets what was found. */
  start(query: RowQuery | null, from: number): void {
    this.stop();
    this.#query = query?.text ? query : null;
    this.#found = [];
    this.#marks = new Map();
    this.#full = this.#done = false;
    this.#error = null;
    if (this.#query) void this.#run(this.#query, from);
    this.#options.changed();
  }

  stop(): void {
    const running = this.#running;
    this.#running = null;
    running?.abort();
    this.#options.changed();
  }

  /** The found cell after (or before) a cell; null when none is known on that side. */
  next({ row, column }: Cell, back: boolean): Cell | null {
    // The first found row that is not before the cell's.
    let low = 0;
    let high = this.#found.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#found[middle]!.row.at < row) low = middle + 1;
      else high = middle;
    }
    const here = this.#found[low]?.row.at === row ? this.#found[low] : undefined;
    const beyond = back
      ? here?.columns.findLast((one) => one < column)
      : here?.columns.find((one) => one > column);
    if (beyond !== undefined) return { row, column: beyond };
    return this.#cell(back ? low - 1 : low + (here ? 1 : 0), back);
  }

  /** The first (or last) found cell. */
  edge(last: boolean): Cell | null {
    return this.#cell(last ? this.#found.length - 1 : 0, last);
  }

  /** Which of the found rows a row is, from 1; 0 when it is none. */
  placeOf(row: number): number {
    if (!this.#marks.has(row)) return 0;
    return this.#found.findIndex((one) => one.row.at === row) + 1;
  }

  #cell(index: number, last: boolean): Cell | null {
    const one = this.#found[index];
    const column = last ? one?.columns.at(-1) : one?.columns[0];
    return one && column !== undefined ? { row: one.row.at, column } : null;
  }

  async #run(query: RowQuery, start: number): Promise<void> {
    const running = new AbortController();
    this.#running = running;
    try {
      await this.#stretch(query, start, Infinity, running.signal);
      // What lies before the start comes first in the list: it is put there while it is found.
      if (start > 0 && !this.#full) await this.#stretch(query, 0, start, running.signal);
      if (!running.signal.aborted) this.#done = !this.#full;
    } catch (error) {
      if (!running.signal.aborted) this.#error = error ?? new Error();
    }
    if (this.#running !== running) return;
    this.#running = null;
    this.#options.changed();
  }

  /** @param end rows from here on were looked at before */
  async #stretch(query: RowQuery, start: number, end: number, signal: AbortSignal): Promise<void> {
    const before = end === Infinity ? null : this.#found;
    const front: FoundRow[] = [];
    let characters = 0;
    for (let from: number | null = start, limit = 1; from !== null && from < end;) {
      const piece: { found: FoundRow[]; next: number | null } = await this.#options.search(
        query,
        from,
        limit,
        signal,
      );
      signal.throwIfAborted();
      const found = piece.found.filter(({ row }) => row.at < end);
      for (const one of found) {
        this.#marks.set(one.row.at, new Map(one.columns.map((column) => [column, 'found'])));
        characters += one.row.values.reduce((sum, value) => sum + (value?.length ?? 0), 0);
      }
      if (before) {
        front.push(...found);
        this.#found = [...front, ...before];
      } else this.#found = [...this.#found, ...found];
      if (this.#found.length >= mostFound || characters > mostCharacters) {
        this.#full = true;
        return;
      }
      // A host that does not get on must not hold us here for ever.
      from = piece.next !== null && piece.next > from ? piece.next : null;
      if (found.length < piece.found.length) return;
      limit = Math.min(limit * 2, largestBatch);
      this.#options.changed();
    }
  }
}
