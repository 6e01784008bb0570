import type {
  Column,
  CountOptions,
  ExportOptions,
  FoundRow,
  KnownRows,
  ReadOptions,
  Row,
  RowQuery,
  RowRange,
} from '../types';
import type { Block, LongRow, LongSink, ParsedRow } from './blocks';
import { CutRow, shownRow } from './cut';
import { exportRows } from './export';
import { RowReader, type TableSource } from './row-reader';
import { Search, type LongMatch } from './search';

/** The rows of one TABLE DATA entry, from its decoded data. Every method may be called side by side. */
export class TableRows {
  readonly #reader: RowReader;

  constructor(source: TableSource) {
    this.#reader = new RowReader(source);
  }

  /** INSERT data without a definition in the dump: known when the first rows were read. */
  columns(): Column[] {
    return this.#reader.table.columns;
  }

  known(): KnownRows {
    return this.#reader.known();
  }

  async count(options: CountOptions = {}): Promise<number> {
    return await this.#reader.count(options);
  }

  async *rows({ from = 0, limit = Infinity, signal, onProgress }: RowRange = {}): AsyncGenerator<Row> {
    let left = limit;
    if (left <= 0) return;
    const longest = this.#reader.source.limits.value;
    let long: { row: LongRow; cut: CutRow } | null = null;
    for await (const piece of this.#reader.blocks(from, { signal, onProgress })) {
      if (piece.kind === 'long') {
        if (piece.row < from) continue;
        if (!long) {
          const cut = new CutRow(longest);
          long = { cut, row: this.#reader.format.longRow(piece, cut) };
        }
        long.row.push(piece.bytes, piece.next !== null);
        if (!piece.next) continue;
        yield long.cut.row(piece.row);
        long = null;
        if (--left <= 0) return;
        continue;
      }
      let index = Math.max(0, from - piece.row);
      // Those who want a few rows keep them, and should not keep the block with them.
      const few = piece.rows - index > left;
      for (const row of few ? someRows(piece, index, left) : piece.parseFrom(index)) {
        yield shownRow(piece.row + index++, row, longest);
        if (--left <= 0) return;
      }
    }
  }

  /**
   * Rows that fit. Case is folded as a regular expression with the flag i does. A pattern sees the first 256 Ki
   * characters of a value, and one that takes too long for a row ends the search with `rows.slowPattern`.
   */
  async *search(
    query: RowQuery,
    { from = 0, limit = Infinity, signal, onProgress }: RowRange = {},
  ): AsyncGenerator<FoundRow> {
    let left = limit;
    const search = new Search(query, this.#reader.codec);
    if (left <= 0) return;
    const longest = this.#reader.source.limits.value;
    let long: { row: LongRow; cut: CutRow; match: LongMatch } | null = null;
    for await (const piece of this.#reader.blocks(from, { signal, onProgress })) {
      if (piece.kind === 'long') {
        if (piece.row < from) continue;
        if (!long) {
          const both = { cut: new CutRow(longest), match: search.longRow() };
          const sink: LongSink = {
            value(column, text, last, isDefault) {
              both.cut.value(column, text, last, isDefault);
              both.match.value(column, text, last);
            },
          };
          long = { ...both, row: this.#reader.format.longRow(piece, sink) };
        }
        long.row.push(piece.bytes, piece.next !== null);
        if (!piece.next) continue;
        const { cut, match } = long;
        long = null;
        if (match.columns.length === 0) continue;
        yield { row: cut.row(piece.row), columns: match.columns };
        if (--left <= 0) return;
        continue;
      }
      for (const { index, row, columns } of search.hits(piece, Math.max(0, from - piece.row), signal)) {
        yield { row: shownRow(piece.row + index, row, longest), columns };
        if (--left <= 0) return;
      }
    }
  }

  /** The table, or the rows that fit, as the bytes of a file. */
  exportRows(options: ExportOptions): AsyncGenerator<Buffer> {
    return exportRows(this.#reader, options);
  }

  /** One value whole, in pieces; null for NULL, and for a row or column that is not there. */
  async value(row: number, column: number, options: ReadOptions = {}): Promise<AsyncIterable<string> | null> {
    const pieces = this.#value(row, column, options);
    // NULL is told before anything is given out.
    const first = await pieces.next();
    if (first.done) return null;
    return (async function* () {
      yield first.value;
      yield* pieces;
    })();
  }

  async *#value(row: number, column: number, options: ReadOptions): AsyncGenerator<string> {
    let long: LongRow | null = null;
    const collector = new ColumnPieces(column);
    for await (const piece of this.#reader.blocks(row, options)) {
      if (piece.kind === 'rows') {
        if (row < piece.row) return;
        const value = piece.parse(row - piece.row).values[column] ?? null;
        if (value !== null) yield value;
        return;
      }
      if (piece.row < row) continue;
      long ??= this.#reader.format.longRow(piece, collector);
      long.push(piece.bytes, piece.next !== null);
      yield* collector.pieces.splice(0);
      if (piece.next || collector.ended) return;
    }
  }
}

function* someRows(block: Block, index: number, count: number): Generator<ParsedRow> {
  for (let i = index; i < index + count; i++) yield block.parse(i);
}

/** The pieces of one column of a long row. */
class ColumnPieces implements LongSink {
  readonly pieces: string[] = [];
  readonly #column: number;
  ended = false;

  constructor(column: number) {
    this.#column = column;
  }

  value(column: number, text: string | null, last: boolean): void {
    if (column !== this.#column) return;
    if (text !== null) this.pieces.push(text);
    this.ended ||= last;
  }
}
