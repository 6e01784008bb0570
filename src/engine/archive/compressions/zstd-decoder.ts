import { once } from 'node:events';
import { Transform, type TransformCallback } from 'node:stream';
import { ZstdFrames } from './zstd-frames';

/** Decodes zstd frames, one after another, each with a decoder of the platform; an input cut short is an error. */
export class ZstdDecoder extends Transform {
  readonly #create: () => Transform;
  readonly #frames = new ZstdFrames();
  #inner: Transform | null = null;
  #failure: Error | null = null;

  constructor(create: () => Transform) {
    super();
    this.#create = create;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#decode(chunk).then(
      () => done(),
      (error: Error) => done(error),
    );
  }

  override _read(size: number): void {
    this.#inner?.resume();
    super._read(size);
  }

  override _flush(done: TransformCallback): void {
    done(this.#frames.atBorder ? null : new Error('zstd frame ends too early'));
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#inner?.destroy();
    done(error);
  }

  async #decode(chunk: Buffer): Promise<void> {
    for (let at = 0; at < chunk.length;) {
      const { end, ended } = this.#frames.follow(chunk, at);
      const inner = (this.#inner ??= this.#open());
      await this.#write(inner, chunk.subarray(at, end));
      if (ended) await this.#finish(inner);
      at = end;
    }
  }

  #open(): Transform {
    const inner = this.#create();
    // A small input can become a very large output: it waits until somebody reads.
    inner.on('data', (part: Buffer) => {
      if (!this.push(part)) inner.pause();
    });
    inner.on('error', (error: Error) => (this.#failure = error));
    return inner;
  }

  /** Several pieces wait in the decoder, so that its thread has always something to do. */
  async #write(inner: Transform, part: Buffer): Promise<void> {
    if (!inner.write(part) && !inner.destroyed)
      await new Promise<void>((resolve) => {
        const go = (): void => {
          inner.off('drain', go).off('close', go);
          resolve();
        };
        inner.once('drain', go).once('close', go);
      });
    if (this.#failure) throw this.#failure;
  }

  async #finish(inner: Transform): Promise<void> {
    const ended = once(inner, 'end').catch(() => {});
    inner.end();
    await Promise.race([ended, once(inner, 'close').catch(() => {})]);
    // Until here: a reader that was slow for the last pieces still resumes it.
    this.#inner = null;
    if (this.#failure) throw this.#failure;
  }
}
