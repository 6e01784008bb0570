import type { Transform } from 'node:stream';
import * as l10n from '@vscode/l10n';
import { checkAborted } from '../abort';
import { damage } from '../errors';
import type { ReadOptions } from '../types';
import { decode, DecodeError } from './decode';
import { readFromStream, type ByteSource } from './source';

/** What a decoder makes of another source. Closes that source with itself. */
export class DecodedSource implements ByteSource {
  readonly size = null;
  readonly seekable = false;
  readonly #input: ByteSource;
  readonly #decoder: () => Transform;

  constructor(input: ByteSource, decoder: () => Transform) {
    this.#input = input;
    this.#decoder = decoder;
  }

  get stored(): number | null {
    return this.#input.stored;
  }

  async read(position: number, length: number, signal?: AbortSignal): Promise<Buffer> {
    return await readFromStream(this, position, length, signal);
  }

  async *stream(position: number, { signal }: ReadOptions = {}): AsyncGenerator<Buffer> {
    let at = 0;
    try {
      for await (const part of decode(this.#input.stream(0, { signal }), this.#decoder())) {
        checkAborted(signal);
        const before = position - at;
        at += part.length;
        if (before < part.length) yield before > 0 ? part.subarray(before) : part;
      }
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      throw damage(l10n.t('it cannot be decompressed any further: {0}', error.message), at);
    }
  }

  storedBefore(_position: number): number {
    return 0;
  }

  async close(): Promise<void> {
    await this.#input.close();
  }
}
