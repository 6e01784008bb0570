import { Transform, type TransformCallback } from 'node:stream';

/**
 * A decoder that works in the caller's turn. As a stream it is like any other; who only looks at what comes out
 * uses `decode` and `finish` instead, which copy nothing.
 */
export abstract class DirectDecoder extends Transform {
  /** Decodes the next piece. What `give` gets is overwritten after it returned. Throws on damage. */
  abstract decode(chunk: Buffer, give: (part: Buffer) => void): void;

  /** After the last piece; throws when the input is cut short. */
  abstract finish(give: (part: Buffer) => void): void;

  readonly #push = (part: Buffer): void => void this.push(Buffer.from(part));

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#try(() => this.decode(chunk, this.#push), done);
  }

  override _flush(done: TransformCallback): void {
    this.#try(() => this.finish(this.#push), done);
  }

  #try(work: () => void, done: TransformCallback): void {
    try {
      work();
    } catch (error) {
      done(error as Error);
      return;
    }
    done();
  }
}
