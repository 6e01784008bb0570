import binary from './hash.wat';

/** Where seeds lie in the memory, and how many fit: MaxTupleAttributeNumber of PostgreSQL. */
export const SEEDS = 1024;
export const MOST_FIELDS = 1664;
/** Where what is worked on begins. */
export const INPUT = 16 * 1024;
/** The loops read so much beyond what they were given. */
export const SLACK = 64;

const PAGE = 64 * 1024;
/** Memories kept for the next user. */
const MOST_SPARE = 8;
const MOST_KEPT = 8 * 1024 * 1024;

interface Exports {
  memory: WebAssembly.Memory;
  parting: WebAssembly.Global<'i32'>;
  rows: WebAssembly.Global<'i32'>;
  ended: WebAssembly.Global<'i32'>;
  odd: WebAssembly.Global<'i32'>;
  differs: WebAssembly.Global<'i32'>;
  reset(): void;
  hash(from: number, size: number, out: number): number;
  skip(from: number, size: number, most: number): number;
  same(one: number, other: number, size: number): number;
}

let compiled: WebAssembly.Module | undefined;
const spare: HashLoops[] = [];

/** The loops of hash.wat, with a memory of their own, for one user at a time. */
export class HashLoops {
  readonly exports: Exports;
  /** All of the memory; another object after `reserve` made it larger. */
  bytes: Buffer;

  static take(): HashLoops {
    return spare.pop() ?? new HashLoops();
  }

  private constructor() {
    compiled ??= new WebAssembly.Module(binary);
    this.exports = new WebAssembly.Instance(compiled).exports as unknown as Exports;
    this.bytes = Buffer.from(this.exports.memory.buffer);
  }

  /** Makes sure that what is worked on may reach up to `end`. */
  reserve(end: number): void {
    const missing = end + SLACK - this.bytes.length;
    if (missing <= 0) return;
    this.exports.memory.grow(Math.ceil(missing / PAGE));
    this.bytes = Buffer.from(this.exports.memory.buffer);
  }

  /** To be called when nothing more is asked of it. */
  release(): void {
    if (spare.length < MOST_SPARE && this.bytes.length <= MOST_KEPT) spare.push(this);
  }
}
