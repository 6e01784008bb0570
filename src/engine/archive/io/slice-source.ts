import * as l10n from '@vscode/l10n';
import { damage } from '../errors';
import type { ReadOptions } from '../types';
import type { ByteSource } from './source';

/** A part of another source: a member of a tar or zip file. Closing it leaves the other one open. */
export class SliceSource implements ByteSource {
  readonly size: number;
  readonly #of: ByteSource;
  readonly #start: number;

  constructor(of: ByteSource, start: number, size: number) {
    this.#of = of;
    this.#start = start;
    this.size = size;
  }

  get seekable(): boolean {
    return this.#of.seekable;
  }

  get stored(): number {
    return this.storedBefore(this.size);
  }

  async read(position: number, length: number, signal?: AbortSignal): Promise<Buffer> {
    const wanted = Math.max(0, Math.min(length, this.size - position));
    return await this.#of.read(this.#start + position, wanted, signal);
  }

  async *stream(position: number, options?: ReadOptions): AsyncGenerator<Buffer> {
    let left = this.size - position;
    if (left <= 0) return;
    for await (const part of this.#of.stream(this.#start + position, options)) {
      yield part.length > left ? part.subarray(0, left) : part;
      left -= part.length;
      if (left <= 0) return;
    }
    throw damage(l10n.t('the file ends inside {0}', l10n.t('the data')), this.#start + this.size - left);
  }

  storedBefore(position: number): number {
    const end = Math.min(this.size, position);
    return this.#of.storedBefore(this.#start + end) - this.#of.storedBefore(this.#start);
  }

  async close(): Promise<void> {}
}
