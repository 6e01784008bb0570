import binary from './hash.wat';

/** Where seeds lie in the kernel's memory, and how many fit: MaxTupleAttributeNumber of PostgreSQL. */
const SEEDS = 1024;
const MOST_FIELDS = 1664;
/** An unfinished field of at most one segment, and behind it the next piece. */
const INPUT = 16 * 1024;
const SEGMENT = 64 * 1024;
const PIECE = 256 * 1024;
const SLACK = 64;
/** One hash for each line feed there can be. */
const OUTPUT = INPUT + SEGMENT + PIECE + SLACK;

interface Loops {
  memory: WebAssembly.Memory;
  parting: WebAssembly.Global<'i32'>;
  rows: WebAssembly.Global<'i32'>;
  ended: WebAssembly.Global<'i32'>;
  odd: WebAssembly.Global<'i32'>;
  reset(): void;
  hash(from: number, size: number, out: number): number;
  skip(from: number, size: number, most: number): number;
}

let compiled: WebAssembly.Module | undefined;
const spare: Loops[] = [];
const MOST_SPARE = 8;
const MOST_KEPT = 8 * 1024 * 1024;

function take(): Loops {
  const kept = spare.pop();
  if (kept) return kept;
  compiled ??= new WebAssembly.Module(binary);
  const loops = new WebAssembly.Instance(compiled).exports as unknown as Loops;
  const missing = OUTPUT + (SEGMENT + PIECE) * 8 - loops.memory.buffer.byteLength;
  if (missing > 0) loops.memory.grow(Math.ceil(missing / (64 * 1024)));
  return loops;
}

function give(loops: Loops): void {
  if (spare.length < MOST_SPARE && loops.memory.buffer.byteLength <= MOST_KEPT) spare.push(loops);
}

const TAB = 9;
const LF = 10;

/**
 * 64-bit hashes of the rows of COPY text, in pieces of any size. Two rows of the same values have the same hash; two others
 * have it by chance only (1 in 2^64, and nobody can aim at it, as the seeds differ from run to run).
 */
export class RowHasher {
  readonly #loops = take();
  readonly #bytes: Buffer;
  readonly #hashes: Uint32Array;
  /** Bytes of the unfinished field. */
  #kept = 0;
  rows = 0;

  /**
   * `seeds`: for each field of a row the seed of the column it is compared as, 0 for one that is not compared: so that two
   * tables with other orders of columns agree. A single number: the line as a whole.
   */
  constructor(seeds: bigint | readonly bigint[]) {
    const { memory, parting } = this.#loops;
    this.#bytes = Buffer.from(memory.buffer);
    this.#hashes = new Uint32Array(memory.buffer, OUTPUT);
    const whole = typeof seeds === 'bigint';
    parting.value = whole ? LF : TAB;
    this.#bytes.fill(0, SEEDS, SEEDS + MOST_FIELDS * 8);
    for (const [field, seed] of (whole ? [seeds] : seeds).slice(0, MOST_FIELDS).entries())
      this.#bytes.writeBigUInt64LE(seed, SEEDS + field * 8);
    this.#loops.reset();
  }

  /** The end line was met. */
  get ended(): boolean {
    return this.#loops.ended.value === 1;
  }

  /** A line feed or tab is escaped by a backslash, as no server writes it: lines are not rows here. */
  get odd(): boolean {
    return this.#loops.odd.value === 1;
  }

  /** To be called when nothing more is asked of it. */
  release(): void {
    give(this.#loops);
  }

  /** Takes the next bytes. `each` gets the hashes of whole rows, two numbers each (low, high), valid until it returns. */
  push(part: Buffer, each: (hashes: Uint32Array, rows: number) => void): void {
    const { hash, rows } = this.#loops;
    for (let at = 0; at < part.length && !this.ended; at += PIECE) {
      const size = part.copy(this.#bytes, INPUT + this.#kept, at, at + PIECE);
      const end = INPUT + this.#kept + size;
      const rest = hash(INPUT, end - INPUT, OUTPUT);
      this.#kept = this.ended ? 0 : end - rest;
      if (this.#kept > 0) this.#bytes.copyWithin(INPUT, rest, end);
      this.rows += rows.value;
      if (rows.value > 0) each(this.#hashes, rows.value);
    }
  }
}

/** Goes over rows of COPY text without looking at them, piece by piece. */
export class RowSkipper {
  readonly #loops = take();
  #bytes = Buffer.from(this.#loops.memory.buffer);
  #size = 0;

  /** The piece that is gone over from now on. */
  load(piece: Buffer): void {
    const { memory } = this.#loops;
    const missing = INPUT + piece.length + SLACK - memory.buffer.byteLength;
    if (missing > 0) {
      memory.grow(Math.ceil(missing / (64 * 1024)));
      this.#bytes = Buffer.from(memory.buffer);
    }
    this.#size = piece.copy(this.#bytes, INPUT);
  }

  /** Goes over at most `most` rows from `from` on: how many, and where the next begins (or the piece ends). */
  skip(from: number, most: number): { rows: number; at: number } {
    const at = this.#loops.skip(INPUT + from, this.#size - from, most) - INPUT;
    return { rows: this.#loops.rows.value, at };
  }

  /** To be called when nothing more is asked of it. */
  release(): void {
    give(this.#loops);
  }
}
