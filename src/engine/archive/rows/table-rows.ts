import { checkAborted } from '../abort';
import { contentsEncoding, escapesInStrings, textCodec } from '../text';
import type {
  Column,
  Contents,
  CountOptions,
  DataStream,
  Entry,
  KnownRows,
  Limits,
  ReadOptions,
  Row,
  RowRange,
} from '../types';
import type { Block, LongPiece, LongRow, LongSink, RowFormat } from './blocks';
import { InsertColumns } from './insert-columns';
import { InsertFormat } from './insert-format';
import { CopyFormat } from './copy-format';
import { columnCount } from './columns';
import { CutRow, shownRow } from './cut';
import { RowIndex } from './row-index';
import { tableColumns, type TableColumns } from './table-columns';

export interface TableSource {
  data: DataStream;
  entry: Entry;
  contents: Contents;
  limits: Pick<Limits, 'value'>;
  /** PostgreSQL's name; without it the one of the ENCODING entry, else UTF8. */
  encoding?: string;
  /** INSERT data: backslashes escape in every string; without it what the STDSTRINGS entry says. */
  escapes?: boolean;
  /** INSERT data: there may be statements of other tables in between. */
  mixed?: boolean;
}

/** The rows of one TABLE DATA entry, from its decoded data. Every method may be called side by side. */
export class TableRows {
  readonly #source: TableSource;
  readonly #index = new RowIndex();
  #columns: TableColumns | null = null;
  #format: RowFormat | null = null;

  constructor(source: TableSource) {
    this.#source = source;
  }

  columns(): Column[] {
    return this.#table.columns;
  }

  known(): KnownRows {
    const { frontier, complete } = this.#index;
    return { rows: frontier.row, complete, estimate: complete ? frontier.row : this.#estimate() };
  }

  async *rows({ from = 0, limit = Infinity, signal, onProgress }: RowRange = {}): AsyncGenerator<Row> {
    let left = limit;
    if (left <= 0) return;
    const longest = this.#source.limits.value;
    let long: { row: LongRow; cut: CutRow } | null = null;
    for await (const piece of this.#blocks(from, { signal, onProgress })) {
      if (piece.kind === 'long') {
        if (piece.row < from) continue;
        if (!long) {
          const cut = new CutRow(longest);
          long = { cut, row: this.#rowFormat.longRow(piece, cut) };
        }
        long.row.push(piece.bytes, piece.next !== null);
        if (!piece.next) continue;
        yield long.cut.row(piece.row);
        long = null;
        if (--left <= 0) return;
        continue;
      }
      for (let i = Math.max(0, from - piece.row); i < piece.rows; i++) {
        yield shownRow(piece.row + i, piece.parse(i), longest);
        if (--left <= 0) return;
      }
    }
  }

  async count({ signal, onProgress }: CountOptions = {}): Promise<number> {
    const blocks = this.#blocks(Infinity, { signal, onProgress });
    if (!this.#index.complete) while (!(await blocks.next()).done) checkAborted(signal);
    return this.#index.frontier.row;
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
    for await (const piece of this.#blocks(row, options)) {
      if (piece.kind === 'long') {
        if (piece.row < row) continue;
        long ??= this.#rowFormat.longRow(piece, collector);
        long.push(piece.bytes, piece.next !== null);
        yield* collector.pieces.splice(0);
        if (piece.next || collector.ended) return;
      } else if (row < piece.row + piece.rows) {
        const value = piece.parse(row - piece.row).values[column] ?? null;
        if (value !== null) yield value;
        return;
      }
    }
  }

  /** Blocks from the nearest known place before a row on; what is met is noted in the index. */
  async *#blocks(row: number, { signal, onProgress }: CountOptions): AsyncGenerator<Block | LongPiece> {
    const { data } = this.#source;
    checkAborted(signal);
    const all = data.stored;
    const blocks = this.#rowFormat.blocks(data, this.#index.before(row), { signal });
    for (let next = await blocks.next(); ; next = await blocks.next()) {
      if (next.done) return this.#index.finish(next.value);
      const piece = next.value;
      this.#index.note(piece);
      if (piece.next) this.#index.note(piece.next);
      yield piece;
      if (piece.next && onProgress && all)
        onProgress(Math.min(1, data.storedBefore(piece.next.position) / all));
    }
  }

  #estimate(): number | null {
    const { data } = this.#source;
    const { row, position } = this.#index.frontier;
    if (row === 0 || position === 0) return null;
    const [read, all] =
      data.size !== null ? [position, data.size] : [data.storedBefore(position), data.stored ?? 0];
    return read > 0 && all > 0 ? Math.max(row, Math.round(row * (all / read))) : null;
  }

  get #table(): TableColumns {
    return (this.#columns ??= tableColumns(this.#source.entry, this.#source.contents));
  }

  get #rowFormat(): RowFormat {
    if (this.#format) return this.#format;
    const { entry, contents, encoding, escapes, mixed } = this.#source;
    const codec = textCodec(encoding ?? contentsEncoding(contents.entries) ?? 'UTF8');
    if (entry.copyStatement)
      return (this.#format = new CopyFormat(entry, codec, columnCount(entry.copyStatement)));
    return (this.#format = new InsertFormat({
      ...{ entry, codec, columns: new InsertColumns(this.#table) },
      escapes: escapes ?? escapesInStrings(contents.entries),
      ownOnly: mixed ?? false,
    }));
  }
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
