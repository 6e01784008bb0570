import { closedArchive, noData, noEntry } from './errors';
import type { DumpReader, Found } from './formats/types';
import { EntryData } from './entry-data';
import { entryLabel } from './toc/entries';
import type {
  Archive,
  Contents,
  CountOptions,
  DataStream,
  Entry,
  LargeObject,
  Limits,
  ReadOptions,
} from './types';

/** An open dump of any format. */
export class DumpArchive implements Omit<
  Archive,
  'columns' | 'rows' | 'value' | 'known' | 'count' | 'search' | 'exportRows'
> {
  readonly limits: Limits;
  readonly #found: Found;
  readonly #reader: DumpReader;
  readonly #byId: Map<number, Entry>;
  readonly #data = new Map<number, EntryData>();
  #closed = false;

  constructor(found: Found, reader: DumpReader, limits: Limits) {
    this.#found = found;
    this.#reader = reader;
    this.limits = limits;
    // Ids should be unique; of two the first is taken.
    this.#byId = new Map(reader.contents.entries.toReversed().map((entry) => [entry.id, entry]));
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
    const reader = this.#use();
    const entry = this.entry(id);
    if (!entry.hasData || entry.kind === 'BLOBS') throw noData(entryLabel(entry));
    let data = this.#data.get(id);
    if (!data) this.#data.set(id, (data = new EntryData(entry, (signal) => reader.data(entry, signal))));
    return data;
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
    for (const data of this.#data.values()) await data.close();
    await this.#found.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #use(): DumpReader {
    if (this.#closed) throw closedArchive(this.path);
    return this.#reader;
  }
}
