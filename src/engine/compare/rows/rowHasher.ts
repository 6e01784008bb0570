import { HashLoops, INPUT, MOST_FIELDS, SEEDS, SLACK } from './hashLoops';

/** An unfinished field of at most one segment, and behind it the next piece. */
const SEGMENT = 64 * 1024;
const PIECE = 256 * 1024;
/** One hash for each line feed there can be. */
const OUTPUT = INPUT + SEGMENT + PIECE + SLACK;

const TAB = 9;
const LF = 10;

/**
 * 64-bit hashes of the rows of COPY text, in pieces of any size. Two rows of the same values have the same hash; two others
 * have it by chance only (1 in 2^64, and nobody can aim at it, as the seeds differ from run to run).
 */
export class RowHasher {
  readonly #loops = HashLoops.take();
  readonly #bytes: Buffer;
  readonly #hashes: Uint32Array;
  /** Bytes of the unfinished field. */
  #kept = 0;

  /**
   * `seeds`: for each field of a row the seed of the column it is compared as, 0 for one that is not compared: so that two
   * tables with other orders of columns agree. A single number: the line as a whole.
   */
  constructor(seeds: bigint | readonly bigint[]) {
    this.#loops.reserve(OUTPUT + (SEGMENT + PIECE) * 8);
    const { parting, memory, reset } = this.#loops.exports;
    this.#bytes = this.#loops.bytes;
    this.#hashes = new Uint32Array(memory.buffer, OUTPUT);
    const whole = typeof seeds === 'bigint';
    parting.value = whole ? LF : TAB;
    this.#bytes.fill(0, SEEDS, SEEDS + MOST_FIELDS * 8);
    for (const [field, seed] of (whole ? [seeds] : seeds).slice(0, MOST_FIELDS).entries())
      this.#bytes.writeBigUInt64LE(seed, SEEDS + field * 8);
    reset();
  }

  /** The end line was met. */
  get ended(): boolean {
    return this.#loops.exports.ended.value === 1;
  }

  /** A line feed or tab is escaped by a backslash, as no server writes it: lines are not rows here. */
  get odd(): boolean {
    return this.#loops.exports.odd.value === 1;
  }

  /** To be called when nothing more is asked of it. */
  release(): void {
    this.#loops.release();
  }

  /** Takes the next bytes. `each` gets the hashes of whole rows, two numbers each (low, high), valid until it returns. */
  push(part: Buffer, each: (hashes: Uint32Array, rows: number) => void): void {
    const { hash, rows } = this.#loops.exports;
    for (let at = 0; at < part.length && !this.ended; at += PIECE) {
      const size = part.copy(this.#bytes, INPUT + this.#kept, at, at + PIECE);
      const end = INPUT + this.#kept + size;
      const rest = hash(INPUT, end - INPUT, OUTPUT);
      this.#kept = this.ended ? 0 : end - rest;
      if (this.#kept > 0) this.#bytes.copyWithin(INPUT, rest, end);
      if (rows.value > 0) each(this.#hashes, rows.value);
    }
  }
}

/** Goes over rows of COPY text without looking at them, piece by piece. */
export class RowSkipper {
  readonly #loops = HashLoops.take();
  #size = 0;

  /** The piece that is gone over from now on. */
  load(piece: Buffer): void {
    this.#loops.reserve(INPUT + piece.length);
    this.#size = piece.copy(this.#loops.bytes, INPUT);
  }

  /** Goes over at most `most` rows from `from` on: how many, and where the next begins (or the piece ends). */
  skip(from: number, most: number): { rows: number; at: number } {
    const { skip, rows } = this.#loops.exports;
    const at = skip(INPUT + from, this.#size - from, most) - INPUT;
    return { rows: rows.value, at };
  }

  /** To be called when nothing more is asked of it. */
  release(): void {
    this.#loops.release();
  }
}
