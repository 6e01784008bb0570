import { Transform, type TransformCallback } from 'node:stream';
import { decodeBlock, HISTORY } from './lz4-block';

const MAGIC = 0x184d2204;
const BLOCK_SIZES: Record<number, number> = { 4: 65536, 5: 262144, 6: 1048576, 7: 4194304 };

/**
 * Streaming decoder of LZ4 frames (linked blocks too), one after another; skippable frames are
 * skipped. Holds one block (at most 4 MiB) and 64 KiB of history. An input cut short is an error.
 * Checksums are read over, not compared.
 * Source: https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md
 */
export class Lz4Decoder extends Transform {
  #rest: Buffer = Buffer.alloc(0);
  #state: 'magic' | 'header' | 'block' | 'skip' | 'end' = 'magic';
  #skip = 0;
  #blockMax = 0;
  #linked = true;
  #blockChecksum = false;
  #contentChecksum = false;
  /** History, then room for one block. */
  #window = Buffer.alloc(0);
  #filled = 0;

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    try {
      this.#rest = this.#rest.length ? Buffer.concat([this.#rest, chunk]) : chunk;
      let at = 0;
      for (;;) {
        const used = this.#step(at);
        if (used === 0) break;
        at += used;
      }
      // A copy, so that a small rest does not hold a large chunk.
      this.#rest = at < this.#rest.length ? Buffer.from(this.#rest.subarray(at)) : Buffer.alloc(0);
      done();
    } catch (error) {
      done(error as Error);
    }
  }

  override _flush(done: TransformCallback): void {
    if (this.#state === 'magic' && this.#rest.length === 0) done();
    else done(new Error('LZ4 frame ends too early'));
  }

  /** Does one thing from `at`; returns how many bytes it used, 0 when more input is needed. */
  #step(at: number): number {
    const have = this.#rest.length - at;
    switch (this.#state) {
      case 'magic': {
        if (have < 4) return 0;
        const magic = this.#rest.readUInt32LE(at);
        if ((magic & 0xfffffff0) >>> 0 === 0x184d2a50) {
          if (have < 8) return 0;
          this.#skip = this.#rest.readUInt32LE(at + 4);
          this.#state = 'skip';
          return 8;
        }
        if (magic !== MAGIC) throw new Error('Not an LZ4 frame');
        this.#state = 'header';
        return 4;
      }
      case 'skip': {
        const used = Math.min(have, this.#skip);
        this.#skip -= used;
        if (this.#skip === 0) this.#state = 'magic';
        // Nothing to skip still moves on; the next state asks for its own bytes.
        return used === 0 && this.#state === 'magic' ? this.#step(at) : used;
      }
      case 'header':
        return this.#header(at, have);
      case 'block':
        return this.#block(at, have);
      case 'end': {
        const size = this.#contentChecksum ? 4 : 0;
        if (have < size) return 0;
        this.#state = 'magic';
        return size === 0 ? this.#step(at) : size;
      }
    }
  }

  #header(at: number, have: number): number {
    if (have < 3) return 0;
    const flags = this.#rest[at]!;
    const size = 3 + (flags & 8 ? 8 : 0) + (flags & 1 ? 4 : 0);
    if (have < size) return 0;
    const blockMax = BLOCK_SIZES[(this.#rest[at + 1]! >> 4) & 7];
    if (flags >> 6 !== 1 || blockMax === undefined) throw new Error('LZ4 frame header is damaged');
    if (flags & 1) throw new Error('LZ4 frames with a dictionary cannot be read');
    this.#linked = (flags & 32) === 0;
    this.#blockChecksum = (flags & 16) !== 0;
    this.#contentChecksum = (flags & 4) !== 0;
    if (this.#blockMax !== blockMax) this.#window = Buffer.allocUnsafe(HISTORY + blockMax);
    this.#blockMax = blockMax;
    this.#filled = 0;
    this.#state = 'block';
    return size;
  }

  #block(at: number, have: number): number {
    if (have < 4) return 0;
    const word = this.#rest.readUInt32LE(at);
    if (word === 0) {
      this.#state = 'end';
      return 4;
    }
    const size = word & 0x7fffffff;
    if (size > this.#blockMax) throw new Error('LZ4 block is larger than its frame allows');
    const whole = 4 + size + (this.#blockChecksum ? 4 : 0);
    if (have < whole) return 0;
    const data = this.#rest.subarray(at + 4, at + 4 + size);
    const start = this.#filled;
    let end: number;
    if (word >>> 31) {
      data.copy(this.#window, start);
      end = start + size;
    } else {
      const room = this.#window.subarray(0, start + this.#blockMax);
      end = decodeBlock(data, room, start, this.#linked ? 0 : start);
    }
    if (end > start) this.push(Buffer.from(this.#window.subarray(start, end)));
    const keep = this.#linked ? Math.min(HISTORY, end) : 0;
    this.#window.copyWithin(0, end - keep, end);
    this.#filled = keep;
    return whole;
  }
}
