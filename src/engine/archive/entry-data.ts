import { DamageError } from './errors';
import type { ByteSource } from './io/source';
import { entryLabel } from './toc/entries';
import type { DataStream, Entry, StreamOptions } from './types';

/** Entries whose data stays open, with what was kept of it, when nobody reads it. */
const MOST_OPEN = 8;

/** The data of the entries that were read last. */
export class OpenData {
  readonly #idle = new Set<EntryData>();

  /** Nobody reads an entry's data at the moment: it stays open until others were read after it. */
  async idle(data: EntryData): Promise<void> {
    this.#idle.delete(data);
    this.#idle.add(data);
    for (const oldest of this.#idle) {
      if (this.#idle.size <= MOST_OPEN) break;
      await oldest.close();
    }
  }

  forget(data: EntryData): void {
    this.#idle.delete(data);
  }
}

/** The data of one entry: found and opened when it is read. */
export class EntryData implements DataStream {
  readonly #entry: Entry;
  readonly #find: (signal: AbortSignal | undefined) => Promise<ByteSource>;
  readonly #open: OpenData;
  #source: ByteSource | null = null;
  #readers = 0;
  #size: number | null = null;

  constructor(entry: Entry, open: OpenData, find: (signal: AbortSignal | undefined) => Promise<ByteSource>) {
    this.#entry = entry;
    this.#open = open;
    this.#find = find;
  }

  get size(): number | null {
    return this.#source?.size ?? this.#size;
  }

  get stored(): number | null {
    return this.#source?.stored ?? this.#entry.bytes;
  }

  storedBefore(position: number): number {
    return this.#source?.storedBefore(position) ?? 0;
  }

  async *read(from: number, options: StreamOptions = {}): AsyncGenerator<Buffer> {
    this.#readers++;
    this.#open.forget(this);
    try {
      yield* (await this.#use(options.signal)).stream(from, options);
    } catch (error) {
      throw error instanceof DamageError ? error.of(entryLabel(this.#entry)) : error;
    } finally {
      if (--this.#readers === 0) await this.#open.idle(this);
    }
  }

  async #use(signal: AbortSignal | undefined): Promise<ByteSource> {
    if (this.#source) return this.#source;
    const found = await this.#find(signal);
    // Of two who looked for it side by side, the first one's is used.
    if (!this.#source) return (this.#source = found);
    await found.close();
    return this.#source;
  }

  async close(): Promise<void> {
    this.#open.forget(this);
    const source = this.#source;
    this.#size = this.size;
    this.#source = null;
    await source?.close();
  }
}
