import type { Kernel } from '../kernel';
import { DirectDecoder } from './direct';
import { Lz4Window } from './lz4-window';

const MAGIC = 0x184d2204;
const BLOCK_SIZES: Record<number, number> = { 4: 65536, 5: 262144, 6: 1048576, 7: 4194304 };

/** What the header of a frame says. */
interface Frame {
  blockMax: number;
  linked: boolean;
  blockChecksum: boolean;
  contentChecksum: boolean;
}

/** A border between two blocks where decoding can begin. */
export interface Lz4Checkpoint {
  /** Bytes of the input and of the output before it. */
  input: number;
  output: number;
  frame: Readonly<Frame>;
  /** The last bytes of the output, at most 64 KiB. */
  history: Buffer;
}

interface Lz4Options {
  /** Goes on here: the input begins at its `input`. */
  from?: Lz4Checkpoint;
  /** Called behind every block, before its bytes are given out; `checkpoint` of the decoder is for it. */
  onBlock?: (input: number, output: number) => void;
  /** Null: without it. */
  kernel?: Kernel | null;
}

/**
 * Decoder of LZ4 frames (linked blocks too), one after another; skippable frames are skipped. Holds one block
 * (at most 4 MiB) and its window. An input cut short is an error. Checksums are read over, not compared.
 * Source: https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md
 */
export class Lz4Decoder extends DirectDecoder {
  readonly #options: Lz4Options;
  /** What was not worked on yet lies at its beginning. */
  #room: Buffer = Buffer.alloc(0);
  #rest: Buffer = Buffer.alloc(0);
  #state: 'magic' | 'header' | 'block' | 'skip' | 'end' = 'magic';
  #skip = 0;
  #frame: Readonly<Frame> | null = null;
  #window: Lz4Window | null = null;
  /** Bytes used and given so far. */
  #input = 0;
  #output = 0;

  constructor(options: Lz4Options = {}) {
    super();
    this.#options = options;
    const { from } = options;
    if (!from) return;
    this.#input = from.input;
    this.#output = from.output;
    this.#open(from.frame, from.history);
  }

  /** Where decoding can begin another time: the border behind the last block. Null outside of frames. */
  checkpoint(): Lz4Checkpoint | null {
    if (this.#state !== 'block' || !this.#window || !this.#frame) return null;
    const history = Buffer.from(this.#window.history(this.#frame.linked));
    return { input: this.#input, output: this.#output, frame: this.#frame, history };
  }

  override decode(chunk: Buffer, give: (part: Buffer) => void): void {
    const left = this.#rest.length;
    const size = left + chunk.length;
    if (size > this.#room.length) {
      this.#room = Buffer.allocUnsafeSlow(2 * size);
      this.#rest.copy(this.#room);
    }
    chunk.copy(this.#room, left);
    this.#rest = this.#room.subarray(0, size);
    let at = 0;
    for (let used = this.#step(0, give); used > 0; used = this.#step(at, give)) at += used;
    this.#room.copyWithin(0, at, size);
    this.#rest = this.#room.subarray(0, size - at);
  }

  override finish(): void {
    if (this.#state !== 'magic' || this.#rest.length > 0) throw new Error('LZ4 frame ends too early');
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#close();
    done(error);
  }

  /** Does one thing from `at`; returns how many bytes it used, 0 when more input is needed. */
  #step(at: number, give: (part: Buffer) => void): number {
    const have = this.#rest.length - at;
    switch (this.#state) {
      case 'magic':
        return this.#magic(at, have);
      case 'skip': {
        const used = Math.min(have, this.#skip);
        this.#skip -= used;
        if (this.#skip === 0) this.#state = 'magic';
        // Nothing to skip still moves on; the next state asks for its own bytes.
        return used === 0 && this.#state === 'magic' ? this.#step(at, give) : this.#used(used);
      }
      case 'header':
        return this.#header(at, have);
      case 'block':
        return this.#block(at, have, give);
      case 'end': {
        const size = this.#frame!.contentChecksum ? 4 : 0;
        if (have < size) return 0;
        this.#state = 'magic';
        return size === 0 ? this.#step(at, give) : this.#used(size);
      }
    }
  }

  #used(count: number): number {
    this.#input += count;
    return count;
  }

  #magic(at: number, have: number): number {
    if (have < 4) return 0;
    const magic = this.#rest.readUInt32LE(at);
    if ((magic & 0xfffffff0) >>> 0 === 0x184d2a50) {
      if (have < 8) return 0;
      this.#skip = this.#rest.readUInt32LE(at + 4);
      this.#state = 'skip';
      return this.#used(8);
    }
    if (magic !== MAGIC) throw new Error('Not an LZ4 frame');
    this.#state = 'header';
    return this.#used(4);
  }

  #header(at: number, have: number): number {
    if (have < 3) return 0;
    const flags = this.#rest[at]!;
    const size = 3 + (flags & 8 ? 8 : 0) + (flags & 1 ? 4 : 0);
    if (have < size) return 0;
    const blockMax = BLOCK_SIZES[(this.#rest[at + 1]! >> 4) & 7];
    if (flags >> 6 !== 1 || blockMax === undefined) throw new Error('LZ4 frame header is damaged');
    if (flags & 1) throw new Error('LZ4 frames with a dictionary cannot be read');
    const [linked, blockChecksum, contentChecksum] = [
      (flags & 32) === 0,
      (flags & 16) !== 0,
      (flags & 4) !== 0,
    ];
    this.#open({ blockMax, linked, blockChecksum, contentChecksum }, Buffer.alloc(0));
    return this.#used(size);
  }

  #open(frame: Readonly<Frame>, history: Buffer): void {
    this.#close();
    this.#frame = frame;
    this.#window = new Lz4Window(frame.blockMax, history, this.#options.kernel);
    this.#state = 'block';
  }

  #close(): void {
    this.#window?.close();
    this.#window = null;
  }

  #block(at: number, have: number, give: (part: Buffer) => void): number {
    if (have < 4) return 0;
    const { blockMax, linked, blockChecksum } = this.#frame!;
    const word = this.#rest.readUInt32LE(at);
    if (word === 0) {
      this.#state = 'end';
      this.#close();
      return this.#used(4);
    }
    const size = word & 0x7fffffff;
    if (size > blockMax) throw new Error('LZ4 block is larger than its frame allows');
    const whole = 4 + size + (blockChecksum ? 4 : 0);
    if (have < whole) return 0;
    const part = this.#window!.add(this.#rest.subarray(at + 4, at + 4 + size), word >>> 31 === 1, linked);
    this.#used(whole);
    this.#output += part.length;
    this.#options.onBlock?.(this.#input, this.#output);
    if (part.length > 0) give(part);
    return whole;
  }
}
