import type { Column, CopiedRows, ExportFormat, GridLayout, RowQuery } from '../../../shared/contentsPage';
import type { RowsTexts } from '../../../shared/rowsTexts';
import { fill } from '../../components/text';
import {
  ColumnLayout,
  GridModel,
  fitColumn,
  fittedWidth,
  isSingle,
  type Cell,
} from '../../components/virtualGrid';
import type { RowsTabProps } from '../calls';
import { Finder } from './finder';
import { FoundRows } from './foundRows';
import { TableRows } from './tableRows';
import { Tasks } from './tasks';

/** Rows a column's first width is fitted to. */
const fittedRows = 100;

/** Everything a person does with one table's rows, without its drawing. */
export class RowsSession {
  readonly columns: readonly Column[];
  readonly rows: TableRows;
  readonly found: FoundRows;
  readonly finder: Finder;
  readonly tasks: Tasks;
  /** The grid of all rows, and that of the found ones: each keeps its place. */
  readonly grid: GridModel;
  readonly foundGrid: GridModel;
  /** Shows only what was found. */
  onlyFound = false;
  /** The active cell is shown whole, in its place. */
  peek = false;
  /** What went wrong with something asked for; rows that failed are the source's. */
  error: unknown = null;
  /** Said aloud, and shown until the next. */
  said = '';
  /** Where the rows were last there, all that were seen: stopping goes back to it. */
  #arrived = { top: 0, active: { row: 0, column: 0 } };
  /** F3 was pressed before anything was found. */
  #awaited: 'next' | 'previous' | null = null;
  /** The row that was jumped to: the table may turn out to end before it. */
  #asked = 0;
  #fitted = false;
  readonly #props: RowsTabProps;
  readonly #set: Record<string, number>;
  readonly #listeners = new Set<() => void>();

  constructor(props: RowsTabProps, columns: readonly Column[], layout: GridLayout | null) {
    this.#props = props;
    this.columns = columns;
    this.#set = { ...layout?.widths };
    const { host, entry, locale } = props;
    const { id } = entry;
    this.tasks = new Tasks(
      (key, hear) => props.watch(`${key} ${id}`, hear),
      () => this.#tell(),
    );
    this.finder = new Finder({
      search: (query, from, limit, signal) => host.call('search', { id, query, from, limit }, signal),
      changed: () => this.#foundMore(),
    });
    this.rows = new TableRows({
      columns,
      load: (from, count, signal) => host.call('rows', { id, from, count }, signal),
      rows: entry.rows,
      locale,
      damaged: (fault) => fill(this.#texts.damaged, fault),
      marks: (row) => this.finder.marks(row),
    });
    this.found = new FoundRows(this.rows.columns, this.finder, locale);
    const widths = this.#widths();
    this.grid = new GridModel(widths, () => this.rows.extent);
    this.foundGrid = new GridModel(widths, () => this.found.extent);
    this.rows.subscribe(() => this.#rowsCame());
    this.grid.subscribe(() => this.#note());
  }

  get #texts(): RowsTexts {
    return this.#props.texts.grid;
  }

  /** The grid that is shown. */
  get model(): GridModel {
    return this.onlyFound ? this.foundGrid : this.grid;
  }

  get source(): TableRows | FoundRows {
    return this.onlyFound ? this.found : this.rows;
  }

  /** The active cell by its row in the table; the row is -1 in the headers. */
  get active(): Cell {
    const { row, column } = this.model.active;
    if (!this.onlyFound || row < 0) return { row, column };
    return { row: this.finder.found[row]?.row.at ?? 0, column };
  }

  subscribe(changed: () => void): () => void {
    this.#listeners.add(changed);
    return () => this.#listeners.delete(changed);
  }

  close(): void {
    this.tasks.stopAll();
    this.finder.stop();
    this.rows.close();
    this.#listeners.clear();
  }

  number(value: number): string {
    return value.toLocaleString(this.#props.locale);
  }

  say(text: string): void {
    this.said = text;
    this.#tell();
  }

  setPeek(shown: boolean): void {
    this.peek = shown;
    this.#tell();
  }

  // Widths

  /** Keeps a width that was set by hand, in both grids and for the next time. */
  resized(column: number): void {
    const name = this.columns[column]?.name;
    const width = this.model.layout.widths[column];
    if (name === undefined || width === undefined) return;
    this.#set[name] = width;
    this.#setLayout(this.model.layout);
    const { host, entry } = this.#props;
    host.call('keepGridLayout', { id: entry.id, layout: { widths: this.#set } }).catch(() => {
      // A width that is not remembered is no failure to speak of.
    });
  }

  fit(column: number): void {
    fitColumn(this.model, this.source, column);
    this.resized(column);
  }

  #widths(): number[] {
    const rows = this.rows.first(fittedRows);
    const character = this.grid?.character ?? 7.5;
    return this.rows.columns.map(
      (column, index) => this.#set[column.name] ?? fittedWidth(column, index, rows, character),
    );
  }

  // Going somewhere

  /** Shows a row by its number in the table, from 0. */
  goTo(row: number, column = this.active.column): void {
    const { exact } = this.rows.extent;
    const last = exact ? this.rows.known.rows - 1 : Infinity;
    const to = Math.max(0, Math.min(row, last));
    this.onlyFound = this.peek = false;
    this.#asked = to;
    // Far beyond the estimate: the row may be there all the same, or the end will be found on the way.
    this.rows.expect(to + 1);
    this.grid.goTo({ row: to, column });
    if (row > last) this.#tellEnd();
    else this.say(fill(this.#texts.wentTo, this.number(to + 1)));
  }

  #tellEnd(): void {
    this.say(fill(this.#texts.lastRow, this.number(this.rows.known.rows)));
  }

  /** Goes to the last row, which has to be found first; `extend` takes the selection along. */
  async seekEnd(extend: boolean): Promise<void> {
    if (this.onlyFound) return;
    if ((await this.count()) === null && this.rows.fault === null) return;
    const row = Math.max(0, this.rows.extent.rows - 1);
    this.grid.goTo({ row, column: this.grid.active.column }, { extend });
  }

  /** Counts the rows exactly; null when that was stopped or failed. */
  async count(): Promise<number | null> {
    const { host, entry } = this.#props;
    const rows = await this.#task('count', this.#texts.counting, (signal) =>
      host.call('count', entry.id, signal),
    );
    if (rows === null) return null;
    this.rows.setCount(rows);
    this.say(fill(this.#texts.counted, this.number(rows)));
    return rows;
  }

  /** Stops reading for a place that was jumped to, and goes back to where rows are. */
  stopReading(): void {
    this.rows.cancel();
    this.grid.goTo(this.#arrived.active);
    this.grid.scrollTo(this.#arrived.top);
    this.say(this.#texts.cancelled);
  }

  // Find

  find(query: RowQuery | null): void {
    // From where the person is; the list of found rows alone begins at the first.
    const start = this.onlyFound ? 0 : Math.max(0, this.active.row);
    this.#awaited = null;
    this.foundGrid.scrollTo(0);
    this.finder.start(query, start);
    if (this.finder.searching && !this.onlyFound) this.#awaited = 'next';
  }

  /** Goes to the next found cell, from the other end after the last. */
  findNext(back: boolean): void {
    this.#awaited = null;
    const { active, finder } = this;
    const beside = finder.next(active, back);
    if (beside) return this.#showFound(beside, false);
    const other = finder.edge(back);
    if (finder.searching) this.#awaited = back ? 'previous' : 'next';
    else if (other) this.#showFound(other, true);
    else if (finder.query) this.say(this.#texts.noneFound);
  }

  setOnlyFound(only: boolean): void {
    const { active } = this;
    this.onlyFound = only;
    if (only)
      this.foundGrid.goTo({ row: Math.max(0, this.finder.placeOf(active.row) - 1), column: active.column });
    else if (active.row >= 0) {
      this.rows.expect(active.row + 1);
      this.grid.goTo(active);
    }
    this.#tell();
  }

  #showFound(cell: Cell, wrapped: boolean): void {
    if (this.onlyFound) this.foundGrid.goTo({ row: this.finder.placeOf(cell.row) - 1, column: cell.column });
    else {
      this.rows.expect(cell.row + 1);
      this.grid.goTo(cell);
    }
    const text = fill(this.#texts.foundAt, this.number(cell.row + 1));
    this.say(wrapped ? `${this.#texts.wrapped} ${text}` : text);
  }

  #foundMore(): void {
    const { finder } = this;
    this.found.tell();
    if (this.#awaited) {
      const back = this.#awaited === 'previous';
      // The active cell itself counts for a search that just began.
      const here = finder.marks(this.active.row)?.has(this.active.column);
      const beside = here ? this.active : finder.next(this.active, back);
      const other = finder.searching ? null : finder.edge(back);
      if (beside || other) {
        this.#awaited = null;
        this.#showFound((beside ?? other)!, beside === null);
      } else if (!finder.searching) {
        this.#awaited = null;
        if (finder.query && finder.error === null) this.say(this.#texts.noneFound);
      }
    }
    this.#tell();
  }

  // Taking along

  /** Copies the selection. */
  async copy(format: CopiedRows['format'], headers = false): Promise<void> {
    const range = this.model.range;
    if (!range) return;
    const { host, entry } = this.#props;
    const columns = Array.from(
      { length: range.last.column - range.first.column + 1 },
      (_, index) => range.first.column + index,
    );
    const wanted = this.#selectedRows(range.first.row, range.last.row);
    const bare = isSingle(range) && format === 'cells' && !headers;
    const what = { id: entry.id, rows: wanted, columns, format: bare ? 'text' : format, headers } as const;
    const copied = await this.#task('copyRows', this.#texts.copying, (signal) =>
      host.call('copyRows', what, signal),
    );
    if (!copied) return;
    if (!copied.complete) this.say(fill(this.#texts.copiedPart, this.number(copied.rows)));
    else if (isSingle(range)) this.say(this.#texts.copied);
    else this.say(fill(this.#texts.copiedRows, this.number(copied.rows)));
  }

  /** Opens SQL that brings the selected rows back. */
  async restoreRows(): Promise<void> {
    const range = this.model.range;
    if (!range) return;
    const { host, entry } = this.#props;
    const rows = this.#selectedRows(range.first.row, range.last.row);
    await host.call('restoreRows', { id: entry.id, rows }).catch((error: unknown) => this.#fail(error));
  }

  #selectedRows(first: number, last: number): CopiedRows['rows'] {
    if (this.onlyFound) return this.finder.found.slice(first, last + 1).map(({ row }) => row.at);
    // To an end nobody knows yet: all there is.
    const toEnd = last >= this.rows.extent.rows - 1 && !this.rows.extent.exact;
    return { from: first, count: toEnd ? Number.MAX_SAFE_INTEGER : last - first + 1 };
  }

  copyName(): void {
    const name = this.columns[this.active.column]?.name ?? '';
    void this.#props.host.call('copy', name).then(
      () => this.say(this.#texts.copied),
      (error: unknown) => this.#fail(error),
    );
  }

  async exportRows(format: ExportFormat, foundOnly: boolean): Promise<void> {
    const { host, entry } = this.#props;
    const query = foundOnly ? (this.finder.query ?? undefined) : undefined;
    try {
      // The editor asks where to, shows how far it is and lets it be stopped.
      await host.call('exportRows', { id: entry.id, format, query });
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Opens the active value beside the page. */
  openValue(): void {
    const { row, column } = this.active;
    if (row < 0 || this.rows.row(row)?.note !== undefined) return;
    this.setPeek(false);
    this.#props.host
      .call('openValue', { id: this.#props.entry.id, row, column })
      .catch((error: unknown) => this.#fail(error));
  }

  dismissError(): void {
    this.error = null;
    this.#tell();
  }

  async #task<T>(key: string, text: string, work: (signal: AbortSignal) => Promise<T>): Promise<T | null> {
    this.error = null;
    try {
      return await this.tasks.run(key, text, work);
    } catch (error) {
      this.#fail(error);
      return null;
    }
  }

  #fail(error: unknown): void {
    this.error = error;
    this.#tell();
  }

  #rowsCame(): void {
    if (!this.#fitted && this.rows.first(1).length > 0) {
      this.#fitted = true;
      this.#setLayout(new ColumnLayout(this.#widths()));
    }
    this.#widen();
    if (this.rows.extent.exact && this.#asked >= this.rows.known.rows && this.#asked > 0) {
      this.#asked = 0;
      this.#tellEnd();
    }
    this.#note();
    this.#tell();
  }

  /** Numbers get longer from row to row, and a number that is cut says something else. */
  #widen(): void {
    const { seen } = this.grid;
    if (!seen || !this.#fitted) return;
    const rows = [];
    for (let row = seen.first; row <= seen.last; row++) rows.push(this.rows.row(row));
    const there = rows.filter((row) => row !== undefined);
    let { layout } = this.grid;
    this.rows.columns.forEach((column, index) => {
      if (!column.numeric || this.#set[column.name] !== undefined) return;
      const width = fittedWidth(column, index, there, this.grid.character);
      if (width > layout.widths[index]!) layout = layout.with(index, width);
    });
    if (layout !== this.grid.layout) this.#setLayout(layout);
  }

  #setLayout(layout: ColumnLayout): void {
    this.grid.setLayout(layout);
    this.foundGrid.setLayout(layout);
  }

  /** Remembers a place whose rows are all there. */
  #note(): void {
    const { seen, top, active } = this.grid;
    if (!seen) return;
    for (let row = seen.first; row <= seen.last; row++) if (!this.rows.row(row)) return;
    this.#arrived = {
      top,
      active: { ...active, row: Math.min(Math.max(active.row, seen.first), seen.last) },
    };
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
