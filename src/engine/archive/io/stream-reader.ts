import type { Readable } from 'node:stream';
import * as l10n from '@vscode/l10n';
import { damage } from '../errors';
import { isDecodeError } from '../unwrap';
import { ByteReader } from './byte-reader';

/** Reads a stream forward: for archives inside a wrapper. */
export class StreamReader extends ByteReader {
  readonly size = null;
  readonly #stream: Readable;
  readonly #parts: AsyncIterator<Buffer>;

  constructor(stream: Readable) {
    super();
    this.#stream = stream;
    this.#parts = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  }

  protected override async pull(): Promise<Buffer | null> {
    try {
      const { done, value } = await this.#parts.next();
      return done ? null : value;
    } catch (error) {
      if (!isDecodeError(error)) throw error;
      throw damage(
        l10n.t('it cannot be decompressed any further: {0}', (error as Error).message),
        this.offset + this.available,
      );
    }
  }

  protected override jump(): boolean {
    return false;
  }

  override async close(): Promise<void> {
    this.#stream.destroy();
  }
}
