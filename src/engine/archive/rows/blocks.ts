import type { DataStream, ReadOptions } from '../types';

/** A place in a table's data to read on from. */
export interface Mark {
  /** Number of the row that begins there. */
  row: number;
  /** Position in the decoded bytes. */
  position: number;
  /** What the format has to know there besides; nothing at the beginning of the data. */
  state?: unknown;
}

/** A row as its format reads it: values whole. */
export interface ParsedRow {
  values: (string | null)[];
  /** Columns written as DEFAULT. */
  defaults?: number[];
}

/** Whole rows, one behind the other, in memory. */
export interface Block extends Mark {
  kind: 'rows';
  bytes: Buffer;
  rows: number;
  /** The place behind them. */
  next: Mark;
  /** Whether a text can be looked for in the bytes: they are COPY text with no escape a server does not write. */
  plain: boolean;
  /** Beginning and end of each row in `bytes`, in pairs. */
  bounds(): ArrayLike<number>;
  /** One row. */
  parse(index: number): ParsedRow;
  /** All rows from one on, quicker than one by one; every value keeps the text of the whole block in memory. */
  parseFrom(index: number): Iterable<ParsedRow>;
  /** The rows as text, escapes and all; null where they are not `plain`. */
  lines(): string[] | null;
}

/** A piece of one row that is too long to be held in memory; the mark is where the row begins. */
export interface LongPiece extends Mark {
  kind: 'long';
  bytes: Buffer;
  first: boolean;
  /** The place behind the row, with its last piece. */
  next: Mark | null;
}

/** Takes the values of a long row in pieces. */
export interface LongSink {
  /** `text` is null for NULL and DEFAULT; `last` ends the value. */
  value(column: number, text: string | null, last: boolean, isDefault?: boolean): void;
}

/** Splits a long row into values. */
export interface LongRow {
  push(bytes: Buffer, last: boolean): void;
}

/** One way rows are written in a dump. */
export interface RowFormat {
  /**
   * Reads from a mark to the end of the data; the last thing given back is the mark behind it. Damage is thrown
   * as `DamageError` after all whole rows before it.
   */
  blocks(data: DataStream, from: Mark, options: ReadOptions): AsyncGenerator<Block | LongPiece, Mark>;
  longRow(piece: LongPiece, sink: LongSink): LongRow;
}

/** Rows with more bytes than this are read in pieces. */
export const LONGEST_ROW = 4 * 1024 * 1024;
/** No table has more columns; source: MaxTupleAttributeNumber of PostgreSQL. */
export const MOST_COLUMNS = 1664;
