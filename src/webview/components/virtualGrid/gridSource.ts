/** A column as the grid draws it. */
export interface GridColumn {
  name: string;
  type: string | null;
  notNull: boolean;
  key: boolean;
  /** Numbers stand at the end of their cell. */
  numeric: boolean;
}

/** A row as the grid draws it. */
export interface GridRow {
  values: readonly (string | null)[];
  /** Whole lengths of values that are cut, by column. */
  cut?: Readonly<Record<number, number>>;
  /** Columns written as DEFAULT; their value is null. */
  defaults?: readonly number[];
  /** CSS class by column, for cells that were found or changed. */
  marks?: ReadonlyMap<number, string>;
  /** CSS class of the row. */
  className?: string;
  /** Said in place of values, by a row that is none: what is wrong here, or what follows. */
  note?: string;
}

/** Rows to draw, by their place in the grid; how they are got is the source's business. */
export interface GridSource {
  readonly columns: readonly GridColumn[];
  /** Rows as far as known; `exact` once that is all. */
  readonly extent: { rows: number; exact: boolean };
  /** What a row's header shows: its number within the table. */
  label(index: number): string;
  /** A row that is at hand; undefined while it is still to come. */
  row(index: number): GridRow | undefined;
  /** The rows that are seen now, first to last: to be got, and what was asked for and is no longer seen to be left. */
  want(first: number, last: number): void;
  /** Tells when rows came or the extent changed; returns how to stop. */
  subscribe(changed: () => void): () => void;
}
