import { ColumnLayout } from './columnLayout';
import type { GridAction } from './keys';
import { clampPosition, positionToShow, type Extent } from './scroll';
import { extendTo, rangeOf, selectCell, type Cell, type Range, type Selection } from './selection';

/** The row of headers, as the active cell's row. */
export const headerRow = -1;

/** What the model needs to know of the rows. */
export interface GridSize {
  rows: number;
  exact: boolean;
}

/**
 * A grid's state without its drawing: where it is scrolled to, its columns' widths, what is active and selected.
 * Positions are pixels of the content, exact for any number of rows.
 */
export class GridModel {
  top = 0;
  left = 0;
  /** Pixels of the rows' view, without headers. */
  view = { width: 0, height: 0 };
  rowHeight = 22;
  /** Width of a character of the values' font, a guess before it is measured. */
  character = 7.5;
  layout: ColumnLayout;
  selection: Selection = selectCell({ row: 0, column: 0 });
  /** Rows as they were when the thumb was taken: a better estimate must not pull it from under the pointer. */
  #held: number | null = null;
  readonly #size: () => GridSize;
  readonly #listeners = new Set<() => void>();

  constructor(widths: readonly number[], size: () => GridSize) {
    this.layout = new ColumnLayout(widths);
    this.#size = size;
  }

  get rows(): number {
    return this.#size().rows;
  }

  get vertical(): Extent {
    return { content: (this.#held ?? this.rows) * this.rowHeight, view: this.view.height };
  }

  get horizontal(): Extent {
    return { content: this.layout.total, view: this.view.width };
  }

  get active(): Cell {
    return this.selection.focus;
  }

  get range(): Range | null {
    return rangeOf(this.selection, this.rows, this.layout.widths.length);
  }

  /** First and last row of which something is seen; null when there are none. */
  get seen(): { first: number; last: number } | null {
    if (this.rows === 0) return null;
    const first = Math.floor(this.top / this.rowHeight);
    const last = Math.ceil((this.top + this.view.height) / this.rowHeight) - 1;
    return { first, last: Math.min(this.rows - 1, Math.max(first, last)) };
  }

  get seenColumns(): { first: number; last: number } | null {
    return this.layout.between(this.left, this.left + this.view.width);
  }

  subscribe(changed: () => void): () => void {
    this.#listeners.add(changed);
    return () => this.#listeners.delete(changed);
  }

  /** Rows became more or fewer, or the view changed its size: what no longer exists is not shown. */
  settle(): void {
    const [top, left] = [this.top, this.left];
    this.scrollTo(top, left);
    const last = Math.max(0, this.rows - 1);
    const { anchor, focus } = this.selection;
    if (this.#size().exact && (focus.row > last || anchor.row > last))
      this.select({
        ...this.selection,
        anchor: { ...anchor, row: Math.min(anchor.row, last) },
        focus: { ...focus, row: Math.min(focus.row, last) },
      });
  }

  setView(width: number, height: number, rowHeight: number, character: number): void {
    this.character = character;
    if (this.view.width === width && this.view.height === height && this.rowHeight === rowHeight) return;
    // The row at the top stays there.
    this.top = (this.top / this.rowHeight) * rowHeight;
    this.view = { width, height };
    this.rowHeight = rowHeight;
    this.scrollTo(this.top, this.left);
    this.#tell();
  }

  setLayout(layout: ColumnLayout): void {
    this.layout = layout;
    this.left = clampPosition(this.left, this.horizontal);
    this.#tell();
  }

  scrollTo(top: number, left = this.left): void {
    const to = { top: clampPosition(top, this.vertical), left: clampPosition(left, this.horizontal) };
    if (to.top === this.top && to.left === this.left) return;
    this.top = to.top;
    this.left = to.left;
    this.#tell();
  }

  scrollBy(down: number, right: number): void {
    this.scrollTo(this.top + down, this.left + right);
  }

  /** The thumb is held (or let go). */
  hold(held: boolean): void {
    this.#held = held ? this.rows : null;
    if (!held) this.settle();
  }

  select(selection: Selection): void {
    this.selection = selection;
    this.#tell();
  }

  /** Makes a cell the active one and shows it, in the middle when it is far away. */
  goTo(cell: Cell, { extend = false } = {}): void {
    this.select(extend ? extendTo(this.selection, cell) : selectCell(cell));
    this.show(cell);
  }

  show({ row, column }: Cell): void {
    const start = row * this.rowHeight;
    const far = Math.abs(start - this.top) > 3 * this.view.height;
    let top = this.top;
    if (row >= 0)
      top = far
        ? start - Math.floor((this.view.height - this.rowHeight) / 2)
        : positionToShow(start, this.rowHeight, this.top, this.view.height);
    const width = this.layout.widths[column];
    const left =
      width === undefined
        ? this.left
        : positionToShow(this.layout.start(column), width, this.left, this.view.width);
    this.scrollTo(top, left);
  }

  resize(column: number, width: number): void {
    this.setLayout(this.layout.with(column, width));
  }

  /** Moves and selects; true when the action was one of these. */
  act(action: GridAction): boolean {
    const { row, column } = this.active;
    const columns = this.layout.widths.length;
    if (columns === 0) return false;
    const lastRow = Math.max(0, this.rows - 1);
    const to = (toRow: number, toColumn: number, extend: boolean, topRow = headerRow): true => {
      const inside = {
        row: Math.min(Math.max(toRow, extend ? 0 : topRow), lastRow),
        column: Math.min(Math.max(toColumn, 0), columns - 1),
      };
      this.goTo(inside, { extend: extend && row >= 0 });
      return true;
    };
    switch (action.do) {
      case 'move':
        return to(row + action.rows, column + action.columns, action.extend);
      case 'page': {
        const page = Math.max(1, Math.floor(this.view.height / this.rowHeight) - 1) * action.pages;
        this.scrollBy(page * this.rowHeight, 0);
        return to(row + page, column, action.extend, 0);
      }
      case 'edge':
        return to(
          { top: 0, start: 0, bottom: lastRow, end: lastRow, left: row, right: row }[action.edge],
          { left: 0, start: 0, right: columns - 1, end: columns - 1, top: column, bottom: column }[
            action.edge
          ],
          action.extend,
        );
      case 'select': {
        const kind = ({ row: 'rows', column: 'columns', all: 'all' } as const)[action.what];
        const focus = { row: Math.max(0, row), column };
        this.select({ kind, anchor: focus, focus });
        return true;
      }
      case 'resize':
        this.resize(column, this.layout.widths[column]! + action.by);
        return true;
      default:
        return false;
    }
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
