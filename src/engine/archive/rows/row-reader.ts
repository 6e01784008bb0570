import * as l10n from '@vscode/l10n';
import { RestorePointError } from '../../errors';
import { checkAborted } from '../abort';
import { contentsEncoding, escapesInStrings, textCodec, type TextCodec } from '../text';
import type { Contents, CountOptions, DataStream, Entry, KnownRows, Limits } from '../types';
import type { Block, LongPiece, RowFormat } from './blocks';
import { columnCount, copyTarget } from './columns';
import { CopyFormat } from './copy-format';
import { InsertColumns } from './insert-columns';
import { InsertFormat } from './insert-format';
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
}

/** Reads a table's rows in blocks and remembers where they lie. */
export class RowReader {
  readonly source: TableSource;
  readonly codec: TextCodec;
  readonly #index = new RowIndex();
  #columns: TableColumns | null = null;
  #format: RowFormat | null = null;

  constructor(source: TableSource) {
    this.source = source;
    this.codec = textCodec(source.encoding ?? contentsEncoding(source.contents.entries) ?? 'UTF8');
  }

  get table(): TableColumns {
    return (this.#columns ??= tableColumns(this.source.entry, this.source.contents));
  }

  get format(): RowFormat {
    return (this.#format ??= this.#makeFormat());
  }

  #makeFormat(): RowFormat {
    const { entry, contents, escapes } = this.source;
    const { codec } = this;
    // Read as plain COPY text the rows would be wrong.
    if (copyTarget(entry.copyStatement)?.options) throw otherRows(entry);
    if (entry.copyStatement) return new CopyFormat(entry, codec, columnCount(entry.copyStatement));
    return new InsertFormat({
      ...{ entry, codec, columns: new InsertColumns(this.table) },
      escapes: escapes ?? escapesInStrings(contents.entries),
    });
  }

  known(): KnownRows {
    const { frontier, complete } = this.#index;
    return { rows: frontier.row, complete, estimate: complete ? frontier.row : this.#estimate() };
  }

  #estimate(): number | null {
    const { data } = this.source;
    const { row, position } = this.#index.frontier;
    if (row === 0 || position === 0) return null;
    const [read, all] =
      data.size !== null ? [position, data.size] : [data.storedBefore(position), data.stored ?? 0];
    return read > 0 && all > 0 ? Math.max(row, Math.round(row * (all / read))) : null;
  }

  /** Blocks from the nearest known place before a row on; what is met is remembered. */
  async *blocks(row: number, { signal, onProgress }: CountOptions): AsyncGenerator<Block | LongPiece> {
    const { data } = this.source;
    checkAborted(signal);
    const blocks = this.format.blocks(data, this.#index.before(row), { signal });
    try {
      for (let next = await blocks.next(); ; next = await blocks.next()) {
        if (next.done) return this.#index.finish(next.value);
        const piece = next.value;
        this.#index.note(piece);
        if (piece.next) this.#index.note(piece.next);
        if (piece.kind === 'long' || piece.row + piece.rows > row) yield piece;
        const all = data.stored;
        if (piece.next && onProgress && all)
          onProgress(Math.min(1, data.storedBefore(piece.next.position) / all));
      }
    } finally {
      // Whoever stops early lets go of the data as well.
      await blocks.return({ row: 0, position: 0 });
    }
  }

  /** Exact number of rows; reads on to the end where that was not done yet. */
  async count(options: CountOptions): Promise<number> {
    const blocks = this.blocks(Infinity, options);
    if (!this.#index.complete) while (!(await blocks.next()).done) checkAborted(options.signal);
    return this.#index.frontier.row;
  }
}

function otherRows({ name }: Entry): RestorePointError {
  return new RestorePointError({
    code: 'rows.copyOptions',
    what: l10n.t('The rows of "{0}" cannot be shown.', name),
    why: l10n.t('Its COPY statement has options that only a server can follow (as FORMAT binary or WHERE).'),
    next: l10n.t('Open the script as text, or load it into a database.'),
  });
}
