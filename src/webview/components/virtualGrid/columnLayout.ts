import type { GridModel } from './gridModel';
import type { GridColumn, GridRow, GridSource } from './gridSource';

export const narrowest = 36;
const widestFitted = 360;
/** What someone asked to be fitted may be wider. */
const widestByHand = 1200;
const padding = 18;

/** Widths of columns and where each begins. */
export class ColumnLayout {
  readonly widths: readonly number[];
  /** One more than there are columns: the last is the width of all. */
  readonly #starts: Float64Array;

  constructor(widths: readonly number[]) {
    this.widths = widths;
    this.#starts = new Float64Array(widths.length + 1);
    widths.forEach((width, index) => (this.#starts[index + 1] = this.#starts[index]! + width));
  }

  get total(): number {
    return this.#starts.at(-1)!;
  }

  start(column: number): number {
    return this.#starts[column]!;
  }

  /** The column at a pixel; the nearest when the pixel is outside. */
  at(pixel: number): number {
    let low = 0;
    let high = this.widths.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#starts[middle]! <= pixel) low = middle;
      else high = middle - 1;
    }
    return Math.max(0, low);
  }

  /** First and last column of which something lies between two pixels; null without columns. */
  between(from: number, to: number): { first: number; last: number } | null {
    if (this.widths.length === 0) return null;
    return { first: this.at(from), last: this.at(Math.max(from, to - 1)) };
  }

  with(column: number, width: number): ColumnLayout {
    return new ColumnLayout(this.widths.with(column, Math.max(narrowest, Math.round(width))));
  }
}

/** Makes a column as wide as what is seen of it needs. */
export function fitColumn(model: GridModel, source: GridSource, column: number): void {
  const { seen } = model;
  const rows: GridRow[] = [];
  for (let row = seen?.first ?? 0; row <= (seen?.last ?? -1); row++) {
    const data = source.row(row);
    if (data) rows.push(data);
  }
  model.resize(column, fittedWidth(source.columns[column]!, column, rows, model.character, widestByHand));
}

/** Columns a text takes in a font of even width: East Asian characters and pictures take two. */
export function textColumns(text: string): number {
  let columns = 0;
  for (const char of text) {
    const code = char.codePointAt(0)!;
    columns += code >= 0x1100 && (code >= 0x1f000 || (code <= 0xffe6 && isWide(code))) ? 2 : 1;
  }
  return columns;
}

function isWide(code: number): boolean {
  return (
    code <= 0x115f ||
    (code >= 0x2e80 && code <= 0xa4cf) ||
    (code >= 0xac00 && code <= 0xd7a3) ||
    (code >= 0xf900 && code <= 0xfaff) ||
    (code >= 0xfe30 && code <= 0xfe6f) ||
    (code >= 0xff00 && code <= 0xff60) ||
    code >= 0xffe0
  );
}

/** The width that shows a column's header and its values among some rows, within bounds. */
export function fittedWidth(
  column: GridColumn,
  index: number,
  rows: readonly GridRow[],
  characterWidth: number,
  widest = widestFitted,
): number {
  // The name in the font of the page and, when there are, a type below and marks beside it.
  const name = textColumns(column.name) + (column.key ? 2.5 : 0) + (column.notNull ? 1.5 : 0);
  let columns = Math.max(name, Math.min(textColumns(column.type ?? ''), 18) * 0.9, 4);
  const most = widest / characterWidth;
  for (const row of rows) {
    const text = row.values[index];
    if (columns >= most) break;
    if (text) columns = Math.max(columns, textColumns(text.slice(0, 200)));
  }
  return Math.round(Math.min(widest, Math.max(narrowest, columns * characterWidth + padding)));
}
