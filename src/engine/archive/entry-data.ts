import type { ByteSource } from './io/source';
import type { DataStream, Entry, ReadOptions } from './types';

/** The data of one entry: found and opened when it is first read. */
export class EntryData implements DataStream {
  readonly #entry: Entry;
  readonly #find: (signal: AbortSignal | undefined) => Promise<ByteSource>;
  #source: ByteSource | null = null;

  constructor(entry: Entry, find: (signal: AbortSignal | undefined) => Promise<ByteSource>) {
    this.#entry = entry;
    this.#find = find;
  }

  get size(): number | null {
    return this.#source?.size ?? null;
  }

  get stored(): number | null {
    return this.#source?.stored ?? this.#entry.bytes;
  }

  storedBefore(position: number): number {
    return this.#source?.storedBefore(position) ?? 0;
  }

  async *read(from: number, { signal }: ReadOptions = {}): AsyncGenerator<Buffer> {
    this.#source ??= await this.#find(signal);
    yield* this.#source.stream(from, { signal });
  }

  async close(): Promise<void> {
    await this.#source?.close();
    this.#source = null;
  }
}
