import type { Decompress } from 'fzstd';
import { Transform, type TransformCallback } from 'node:stream';
import { ZstdFrames } from './zstd-frames';

/**
 * Decodes zstd frames, one after another, without the platform's help: for Node before 22.15. About ten times as
 * slow. Holds the window of a frame (at most 128 MiB) and one block; an input cut short is an error, checksums
 * are read over.
 */
export class FallbackZstdDecoder extends Transform {
  readonly #frames = new ZstdFrames();
  #inner: Decompress | null = null;

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#decode(chunk).then(() => done(), done);
  }

  override _flush(done: TransformCallback): void {
    done(this.#frames.atBorder ? null : new Error('zstd frame ends too early'));
  }

  async #decode(chunk: Buffer): Promise<void> {
    const { Decompress } = await import('fzstd');
    for (let at = 0; at < chunk.length;) {
      const { end, ended } = this.#frames.follow(chunk, at);
      // A copy: the next block is decoded from what the last one gave.
      this.#inner ??= new Decompress((part) => void (part.length > 0 && this.push(Buffer.from(part))));
      this.#inner.push(chunk.subarray(at, end), ended);
      if (ended) this.#inner = null;
      at = end;
    }
  }
}
