import * as l10n from '@vscode/l10n';
import { RestorePointError } from '../../../errors';
import { checkAborted } from '../../abort';
import { DamageError } from '../../errors';
import { bytesOf } from '../../text';
import type { Column, ExportOptions, RowsFormat } from '../../types';
import type { Block, LongPiece, LongRow, ParsedRow } from '../blocks';
import type { RowReader } from '../row-reader';
import { Search, type LongMatch } from '../search';
import { identityColumns } from '../table-columns';
import { cellsWriter } from './cells';
import { csvWriter } from './csv';
import { insertsWriter } from './inserts';
import { jsonlWriter } from './jsonl';
import { PickedRows } from './picked';
import { tsvWriter } from './tsv';
import { updatesWriter } from './updates';
import { upsertsWriter } from './upserts';
import type { ExportTable, LongRowWriter, RowWriter } from './types';

/** One way of writing is one line here. */
const writers: Record<RowsFormat, (table: ExportTable) => RowWriter> = {
  cells: cellsWriter,
  csv: csvWriter,
  tsv: tsvWriter,
  jsonl: jsonlWriter,
  inserts: (table) => insertsWriter(table),
  'inserts-missing': (table) => insertsWriter(table, 'ON CONFLICT DO NOTHING'),
  upserts: upsertsWriter,
  updates: updatesWriter,
};

const CR = 13;

/**
 * Writes rows in pieces of a file. What comes before damage is whole: the last statement or line ends, then the
 * `DamageError` is thrown.
 */
export async function* exportRows(reader: RowReader, options: ExportOptions): AsyncGenerator<Buffer> {
  const { query, signal, onProgress, onRows } = options;
  const job = new ExportJob(reader, options);
  const search = query ? new Search(query, reader.codec) : null;
  const picked = new PickedRows(options.rows);
  let match: { row: LongRow; found: LongMatch } | null = null;
  try {
    for await (const piece of picked.end > 0 ? reader.blocks(picked.first, { signal, onProgress }) : []) {
      checkAborted(signal);
      if (piece.row >= picked.end) break;
      if (piece.kind === 'rows') {
        const bytes = search || !picked.all ? null : job.asItIs(piece);
        if (bytes) yield bytes;
        else if (search) {
          for (const { row, index } of search.hits(piece, 0, signal))
            if (picked.has(piece.row + index)) job.write(row);
        } else if (picked.all) for (const row of piece.parseFrom(0)) job.write(row);
        else
          for (let i = Math.max(0, picked.first - piece.row); i < piece.rows; i++)
            if (picked.has(piece.row + i)) job.write(piece.parse(i));
      } else if (!picked.has(piece.row)) continue;
      else if (!search) job.writeLong(piece);
      else {
        if (!match) {
          const found = search.longRow();
          match = { found, row: reader.format.longRow(piece, found) };
        }
        match.row.push(piece.bytes, piece.next !== null);
        if (piece.next) {
          // Whether it fits is known at its end only: it is read once more to be written.
          if (match.found.columns.length > 0) yield* longRowAgain(reader, job, piece.row, signal);
          match = null;
        }
      }
      if (job.written) yield job.take();
      onRows?.(job.rows);
    }
  } catch (error) {
    if (error instanceof DamageError) yield job.tail();
    throw error;
  }
  yield job.tail();
}

async function* longRowAgain(
  reader: RowReader,
  job: ExportJob,
  row: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<Buffer> {
  for await (const piece of reader.blocks(row, { signal })) {
    if (piece.kind !== 'long' || piece.row !== row) continue;
    job.writeLong(piece);
    yield job.take();
    if (piece.next) return;
  }
}

class ExportJob {
  rows = 0;
  readonly #reader: RowReader;
  readonly #options: ExportOptions;
  #writer: RowWriter | null = null;
  #text: string[] = [];
  #long: { row: LongRow; writer: LongRowWriter; column: number } | null = null;

  constructor(reader: RowReader, options: ExportOptions) {
    this.#reader = reader;
    this.#options = options;
  }

  get written(): boolean {
    return this.#text.length > 0;
  }

  take(): Buffer {
    return bytesOf(this.#text.splice(0).join(''));
  }

  tail(): Buffer {
    this.#text.push(this.#made.tail());
    return this.take();
  }

  /** COPY text in UTF-8 is a TSV file already. */
  asItIs(block: Block): Buffer | null {
    if (this.#options.format !== 'tsv' || this.#options.columns || !block.plain || block.bytes.includes(CR))
      return null;
    const { name } = this.#reader.codec;
    if (name !== this.#reader.codec.fileEncoding) return null;
    void this.#made;
    this.rows += block.rows;
    return Buffer.concat([this.take(), block.bytes]);
  }

  write(row: ParsedRow): void {
    this.#text.push(this.#made.row(this.#cut(row)));
    this.rows++;
  }

  writeLong(piece: LongPiece): void {
    if (piece.first || !this.#long) {
      const writer = this.#made.longRow();
      const sink = { value: this.#value.bind(this) };
      this.#long = { writer, column: 0, row: this.#reader.format.longRow(piece, sink) };
    }
    this.#long.row.push(piece.bytes, piece.next !== null);
    if (!piece.next) return;
    this.#defaults(this.#columns.length);
    this.#text.push(this.#long.writer.end());
    this.#long = null;
    this.rows++;
  }

  #value(column: number, text: string | null, last: boolean, isDefault = false): void {
    const long = this.#long!;
    const { columns } = this.#options;
    if (columns) column = columns.indexOf(column);
    if (column < 0) return;
    if (column < long.column) throw otherOrder();
    this.#defaults(column);
    this.#text.push(long.writer.value(column, text, last, isDefault));
    if (last) long.column = column + 1;
  }

  /** INSERT statements need not name every column. */
  #defaults(before: number): void {
    const long = this.#long!;
    for (; long.column < before; long.column++)
      this.#text.push(long.writer.value(long.column, null, true, true));
  }

  get #columns(): Column[] {
    const { columns } = this.#reader.table;
    return this.#options.columns?.flatMap((index) => columns[index] ?? []) ?? columns;
  }

  #cut(row: ParsedRow): ParsedRow {
    const { columns } = this.#options;
    if (!columns) return row;
    const defaults = row.defaults?.map((index) => columns.indexOf(index)).filter((index) => index >= 0);
    return { values: columns.map((index) => row.values[index] ?? null), defaults };
  }

  /** Made with the first row: INSERT data may tell its columns only then. */
  get #made(): RowWriter {
    if (this.#writer) return this.#writer;
    const { source, codec } = this.#reader;
    const { schema, name } = this.#options.into ?? source.entry;
    this.#writer = writers[this.#options.format]({
      ...{ schema, name, columns: this.#columns, identities: identityColumns(source.entry, source.contents) },
      ...{ encoding: codec.fileEncoding, header: this.#options.header },
    });
    this.#text.push(this.#writer.head());
    return this.#writer;
  }
}

function otherOrder(): RestorePointError {
  return new RestorePointError({
    code: 'rows.exportOrder',
    what: l10n.t('A row is too large to be written.'),
    why: l10n.t(
      'It has more than 4 MiB, and its INSERT statement names the columns in another order than the table.',
    ),
    next: l10n.t('Restore the table into a database and export it there.'),
  });
}
