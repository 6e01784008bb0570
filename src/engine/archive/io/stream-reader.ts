import type { Readable } from 'node:stream';
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
    const { done, value } = await this.#parts.next();
    return done ? null : value;
  }

  protected override jump(): boolean {
    return false;
  }

  override async close(): Promise<void> {
    this.#stream.destroy();
  }
}
