import type { Column, KnownRows, Row, RowsPage } from '../../../shared/contentsPage';
import { RowPages, type GridColumn, type GridRow, type GridSource } from '../../components/virtualGrid';

interface Options {
  columns: readonly Column[];
  load(from: number, count: number, signal: AbortSignal): Promise<RowsPage>;
  /** Rows of the table where they are known by now, else -1. */
  rows: number;
  locale: string;
  /** What the row after damage says. */
  damaged(fault: string): string;
  /** Columns of a row that were found, as CSS classes. */
  marks(row: number): ReadonlyMap<number, string> | undefined;
}

/** Rows that are shown to come before anybody knows how many there are. */
const ahead = 200;

/** The rows of one table, page by page as they are looked at. */
export class TableRows implements GridSource {
  readonly columns: readonly GridColumn[];
  readonly #options: Options;
  readonly #pages: RowPages<Row>;
  readonly #listeners = new Set<() => void>();
  #known: KnownRows;
  #fault: string | null = null;
  #expected = 0;

  constructor(options: Options) {
    this.#options = options;
    this.columns = options.columns.map(gridColumn);
    const { rows } = options;
    this.#known = { rows: Math.max(0, rows), complete: rows >= 0, estimate: rows >= 0 ? rows : null };
    this.#pages = new RowPages<Row>({
      load: (from, count, signal) => this.#load(from, count, signal),
      sizeOf: (row) => row.values.reduce((sum, value) => sum + (value?.length ?? 0) + 16, 48),
      changed: () => this.#tell(),
    });
  }

  get extent(): { rows: number; exact: boolean } {
    const { rows, complete, estimate } = this.#known;
    // The row that tells of the damage counts as one.
    if (this.#fault !== null) return { rows: rows + 1, exact: true };
    if (complete) return { rows, exact: true };
    return { rows: Math.max(Math.round(estimate ?? 0), rows + ahead, this.#expected), exact: false };
  }

  /** How many rows there are, as far as known. */
  get known(): KnownRows {
    return this.#known;
  }

  get fault(): string | null {
    return this.#fault;
  }

  get error(): unknown {
    return this.#pages.error;
  }

  get loading(): boolean {
    return this.#pages.loading;
  }

  label(index: number): string {
    return this.#isFault(index) ? '' : (index + 1).toLocaleString(this.#options.locale);
  }

  row(index: number): GridRow | undefined {
    if (this.#isFault(index)) return { values: [], note: this.#options.damaged(this.#fault!) };
    const row = this.#pages.row(index);
    return row && gridRow(row, this.#options.marks(index));
  }

  /** The first rows that are at hand: what widths are fitted to. */
  first(count: number): GridRow[] {
    return this.#pages.first(count).map((row) => gridRow(row));
  }

  want(first: number, last: number): void {
    this.#pages.want(first, last);
  }

  subscribe(changed: () => void): () => void {
    this.#listeners.add(changed);
    return () => this.#listeners.delete(changed);
  }

  /** Somebody wants to see so many rows: there may be, as long as the end is not known. */
  expect(rows: number): void {
    if (this.extent.exact || rows <= this.extent.rows) return;
    this.#expected = rows;
    this.#tell();
  }

  /** The rows were counted. */
  setCount(rows: number): void {
    if (this.#fault === null) this.#known = { rows, complete: true, estimate: rows };
    this.#tell();
  }

  retry(): void {
    this.#pages.retry();
  }

  cancel(): void {
    this.#pages.cancel();
  }

  close(): void {
    this.#pages.close();
    this.#listeners.clear();
  }

  async #load(from: number, count: number, signal: AbortSignal): Promise<{ rows: Row[]; end: boolean }> {
    const { rows, known, end, fault } = await this.#options.load(from, count, signal);
    signal.throwIfAborted();
    if (fault !== null) {
      this.#fault = fault;
      const before = rows.length ? from + rows.length : Math.min(from, known.rows);
      this.#known = { rows: before, complete: true, estimate: before };
      return { rows, end: true };
    }
    const met = Math.max(known.rows, rows.length ? from + rows.length : 0);
    if (end) this.#known = { rows: known.complete ? known.rows : met, complete: true, estimate: met };
    else if (!this.#known.complete) this.#known = { ...known, rows: met };
    return { rows, end };
  }

  #isFault(index: number): boolean {
    return this.#fault !== null && index === this.#known.rows;
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

export function gridRow(row: Row, marks?: ReadonlyMap<number, string>): GridRow {
  return { values: row.values, cut: row.cut, defaults: row.defaults, marks };
}

/** PostgreSQL's types of numbers; arrays and ranges of them are texts to the eye. */
const numbers =
  /^(smallint|integer|bigint|int[248]|numeric|decimal|real|double precision|float[48]|money|oid|(small|big)?serial)\b(?!.*\[\])/i;

function gridColumn({ name, type, notNull, key }: Column): GridColumn {
  return { name, type, notNull, key, numeric: type !== null && numbers.test(type) };
}
