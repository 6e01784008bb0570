import { checkAborted } from '../abort';
import type { ReadOptions } from '../types';
import type { ByteSource } from './source';

const WINDOW = 256 * 1024;

/** Bytes that are in memory already. */
export class BufferSource implements ByteSource {
  readonly seekable = true;
  readonly #bytes: Buffer;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get size(): number {
    return this.#bytes.length;
  }

  get stored(): number {
    return this.#bytes.length;
  }

  async read(position: number, length: number, signal?: AbortSignal): Promise<Buffer> {
    checkAborted(signal);
    return this.#bytes.subarray(position, position + length);
  }

  async *stream(position: number, { signal }: ReadOptions = {}): AsyncGenerator<Buffer> {
    for (let at = position; at < this.#bytes.length; at += WINDOW) yield await this.read(at, WINDOW, signal);
  }

  storedBefore(position: number): number {
    return Math.min(position, this.#bytes.length);
  }

  async close(): Promise<void> {}
}
