import { closedArchive, noData, noEntry } from './errors';
import type { DumpReader, Found } from './formats/types';
import { EntryData, OpenData } from './entry-data';
import { TableRows } from './rows';
import { entryLabel } from './toc/entries';
import type {
  Archive,
  Column,
  Contents,
  CountOptions,
  DataStream,
  Entry,
  ExportOptions,
  FoundRow,
  KnownRows,
  LargeObject,
  Limits,
  ReadOptions,
  Row,
  RowQuery,
  RowRange,
} from './types';

/** What is open of one entry with rows. */
interface Table {
  data: EntryData;
  rows: TableRows;
}

/** An open dump of any format. */
export class DumpArchive implements Archive {
  readonly limits: Limits;
  readonly #found: Found;
  readonly #reader: DumpReader;
  /** Made when the first entry is asked for. */
  #byId: Map<number, Entry> | undefined;
  readonly #tables = new Map<number, Table>();
  readonly #open = new OpenData();
  #closed = false;

  constructor(found: Found, reader: DumpReader, limits: Limits) {
    this.#found = found;
    this.#reader = reader;
    this.limits = limits;
  }

  get path(): string {
    return this.#found.path;
  }

  get contents(): Contents {
    return this.#reader.contents;
  }

  async *entries(): AsyncGenerator<Entry> {
    yield* this.#use().contents.entries;
  }

  entry(id: number): Entry {
    if (!this.#byId) {
      this.#byId = new Map();
      // Ids should be unique; of two the first is taken.
      for (const entry of this.contents.entries.toReversed()) this.#byId.set(entry.id, entry);
    }
    const entry = this.#byId.get(id);
    if (!entry) throw noEntry(id);
    return entry;
  }

  get unlocated(): boolean {
    return this.#reader.unlocated;
  }

  async locate(options: CountOptions = {}): Promise<void> {
    await this.#use().locate(options);
  }

  data(id: number): DataStream {
    return this.#table(id).data;
  }

  columns(id: number): Column[] {
    return this.#table(id).rows.columns();
  }

  rows(id: number, range: RowRange = {}): AsyncIterable<Row> {
    return this.#table(id).rows.rows(range);
  }

  async value(
    id: number,
    row: number,
    column: number,
    options: ReadOptions = {},
  ): Promise<AsyncIterable<string> | null> {
    return await this.#table(id).rows.value(row, column, options);
  }

  known(id: number): KnownRows {
    return this.#table(id).rows.known();
  }

  async count(id: number, options: CountOptions = {}): Promise<number> {
    return await this.#table(id).rows.count(options);
  }

  search(id: number, query: RowQuery, range: RowRange = {}): AsyncIterable<FoundRow> {
    return this.#table(id).rows.search(query, range);
  }

  exportRows(id: number, options: ExportOptions): AsyncIterable<Buffer> {
    return this.#table(id).rows.exportRows(options);
  }

  largeObjects(options: CountOptions = {}): AsyncIterable<LargeObject> {
    return this.#use().largeObjects(options);
  }

  largeObject(oid: number, options: ReadOptions = {}): AsyncIterable<Buffer> {
    return this.#use().largeObject(oid, options);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    for (const { data } of this.#tables.values()) await data.close();
    await this.#reader.close?.();
    await this.#found.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #table(id: number): Table {
    const reader = this.#use();
    const known = this.#tables.get(id);
    if (known) return known;
    const entry = this.entry(id);
    if (!entry.hasData || entry.kind === 'BLOBS') throw noData(entryLabel(entry));
    const data = new EntryData(entry, this.#open, (signal) => this.#use().data(entry, signal));
    const { contents } = reader;
    const { encoding, escapes } = reader.written?.(entry) ?? {};
    const rows = new TableRows({
      ...{ data, entry, contents, limits: this.limits },
      ...{ encoding, escapes },
    });
    const table = { data, rows };
    this.#tables.set(id, table);
    return table;
  }

  #use(): DumpReader {
    if (this.#closed) throw closedArchive(this.path);
    return this.#reader;
  }
}
