import type { ReadOptions } from '../types';
import { readFromStream, type ByteSource } from './source';

/** Parts of known size, one after another. Closes them with itself. */
export class JoinedSource implements ByteSource {
  readonly size: number;
  readonly seekable = false;
  readonly stored: number;
  readonly #parts: ByteSource[];
  /** Position of each part. */
  readonly #starts: number[] = [];

  constructor(parts: ByteSource[]) {
    let size = 0;
    for (const part of parts) {
      this.#starts.push(size);
      size += part.size ?? 0;
    }
    this.size = size;
    this.stored = parts.reduce((sum, part) => sum + (part.stored ?? 0), 0);
    this.#parts = parts;
  }

  async read(position: number, length: number, signal?: AbortSignal): Promise<Buffer> {
    return await readFromStream(this, position, length, signal);
  }

  async *stream(position: number, options?: ReadOptions): AsyncGenerator<Buffer> {
    for (const [i, part] of this.#parts.entries()) {
      const start = this.#starts[i]!;
      const from = Math.max(0, position - start);
      if (from < (part.size ?? 0)) yield* part.stream(from, options);
    }
  }

  storedBefore(position: number): number {
    let stored = 0;
    for (const [i, part] of this.#parts.entries())
      stored += part.storedBefore(Math.max(0, position - this.#starts[i]!));
    return stored;
  }

  async close(): Promise<void> {
    for (const part of this.#parts) await part.close();
  }
}
