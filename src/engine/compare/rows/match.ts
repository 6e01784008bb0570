import { randomBytes } from 'node:crypto';
import { DamageError, type Fault } from '../../archive';
import { Matching } from './matching';
import { RowHasher } from './rowHasher';
import type { RowSet } from './rowSet';
import { RowTexts } from './rowTexts';
import { checkEnd, type How, type Rows } from './source';

/** What the first pass tells of both sides. */
export interface Matched {
  /** Rows without an equal on the other side, by side. */
  left: [RowSet, RowSet];
  rows: [number, number];
  /** By side: the number of the first row of each part, and of all rows. */
  starts: [number[], number[]];
  /** Where a side could not be read to its end. */
  faults: [Fault | null, Fault | null];
  /** Texts of these rows, by side; null where there were too many of them to be kept. */
  texts: [RowTexts | null, RowTexts | null];
  /** Rows are escaped as no server does it: they have to be read as UTF-8. */
  odd: boolean;
}

export interface MatchOptions {
  how: How;
  /** Indexes of the compared columns that count; others are on one side only. */
  counting: readonly number[];
  /** The folder that is made for what does not fit into memory. */
  folder: string;
  most?: number | undefined;
  /** Bytes of texts that are kept, for tests. */
  kept?: number | undefined;
  signal: AbortSignal;
  onRead(side: 0 | 1, bytes: number): void;
  /** What was read of both sides weighs so much, in the unit of the parts' `bytes`. */
  onWeight(weight: number): void;
}

/**
 * Reads both sides once, side by side, and finds the rows that are on one of them only. Rows are the same when the texts of
 * all columns that count are.
 */
export async function match(sides: [Rows, Rows], options: MatchOptions): Promise<Matched> {
  const matching = new Matching(options.folder, options.most);
  const seeds = seedsOf(sides, options.counting);
  const streams = sides.map((rows, side) => new SideStream(rows, seeds, side as 0 | 1, options)) as [
    SideStream,
    SideStream,
  ];
  try {
    // Both decode at the same time: the next piece of one is asked for before the other's is taken.
    for (const stream of streams) stream.ask();
    for (;;) {
      const [left, right] = streams;
      const stream = right.done || (!left.done && left.rows <= right.rows) ? left : right;
      if (stream.done) break;
      const full = await stream.take(matching);
      if (full) {
        await matching.settle();
        for (const { texts } of streams) texts.giveUp();
      }
      options.onWeight(left.weight + right.weight);
      options.signal.throwIfAborted();
    }
    return {
      left: await matching.finish(),
      rows: [streams[0].rows, streams[1].rows],
      starts: [streams[0].starts, streams[1].starts],
      texts: [streams[0].kept, streams[1].kept],
      faults: [streams[0].fault, streams[1].fault],
      odd: streams.some(({ odd }) => odd),
    };
  } finally {
    await Promise.all(streams.map((stream) => stream.close()));
    await matching.close();
  }
}

/** Seeds of the compared columns; one for the whole line where all parts have the same columns in the same order. */
function seedsOf([left, right]: [Rows, Rows], counting: readonly number[]): bigint | bigint[] {
  const all = [...left.columns, ...right.columns];
  const plain = all.every(
    (columns) => columns.length === counting.length && columns.every((column, at) => column === counting[at]),
  );
  if (plain) return seed();
  return counting.reduce<bigint[]>((seeds, column) => {
    seeds[column] = seed();
    return seeds;
  }, []);
}

function seed(): bigint {
  // 0 is for what does not count.
  return randomBytes(8).readBigUInt64LE() | 1n;
}

/** The hashes of one side, part by part. */
class SideStream {
  readonly #side: 0 | 1;
  readonly #rows: Rows;
  readonly #seeds: bigint | bigint[];
  readonly #options: MatchOptions;
  #part = 0;
  #pieces: AsyncIterator<Buffer> | null = null;
  #hasher: RowHasher | null = null;
  #next: Promise<IteratorResult<Buffer>> | null = null;
  rows = 0;
  readonly starts: number[] = [0];
  /** Bytes of the present part, and what the parts before it weigh. */
  #read = 0;
  #before = 0;
  odd = false;
  readonly texts: RowTexts;
  fault: Fault | null = null;
  done = false;

  constructor(rows: Rows, seeds: bigint | bigint[], side: 0 | 1, options: MatchOptions) {
    this.#rows = rows;
    this.#seeds = seeds;
    this.#side = side;
    this.#options = options;
    this.texts = options.kept === undefined ? new RowTexts() : new RowTexts(options.kept, options.kept);
  }

  get kept(): RowTexts | null {
    return this.texts.gaveUp ? null : this.texts;
  }

  /** What was read weighs so much. */
  get weight(): number {
    const part = this.done ? undefined : this.#rows.parts[this.#part];
    return this.#before + (part ? part.bytes * part.fraction(this.#read) : 0);
  }

  /** Begins to read the next piece. */
  ask(): void {
    if (this.done || this.#next) return;
    const part = this.#rows.parts[this.#part];
    if (!part) {
      this.done = true;
      return;
    }
    if (!this.#pieces) {
      this.#pieces = part.read(this.#options.how, this.#options.signal)[Symbol.asyncIterator]();
      this.#hasher = this.#newHasher();
    }
    const next = this.#pieces.next();
    // It is looked at when its turn comes.
    next.catch(() => {});
    this.#next = next;
  }

  #newHasher(): RowHasher {
    const seeds = this.#seeds;
    if (typeof seeds === 'bigint') return new RowHasher(seeds);
    return new RowHasher(this.#rows.columns[this.#part]!.map((column) => seeds[column] ?? 0n));
  }

  /** Takes the piece that was asked for; true when the matching has to be settled. */
  async take(matching: Matching): Promise<boolean> {
    const next = this.#next!;
    this.#next = null;
    const hasher = this.#hasher!;
    let full = false;
    try {
      const piece = await next;
      if (piece.done) {
        this.#endPart(hasher);
      } else {
        const first = this.rows;
        hasher.push(piece.value, (hashes, rows) => {
          full = matching.add(this.#side, hashes, rows, this.rows) || full;
          this.rows += rows;
        });
        this.texts.add(piece.value, this.rows - first, first, matching.waiting(this.#side));
        this.#read += piece.value.length;
        this.#options.onRead(this.#side, piece.value.length);
      }
    } catch (error) {
      if (!(error instanceof DamageError)) throw error;
      // What came before it is compared.
      this.fault = { what: error.fault.what, entry: error.fault.entry, offset: error.fault.offset };
      this.done = true;
      while (this.starts.length <= this.#rows.parts.length) this.starts.push(this.rows);
    }
    this.ask();
    return full;
  }

  #endPart(hasher: RowHasher): void {
    this.odd ||= hasher.odd;
    const { ended, rows } = hasher;
    hasher.release();
    this.#hasher = null;
    const part = this.#rows.parts[this.#part]!;
    checkEnd(part, this.#options.how, ended, rows);
    this.texts.endPart();
    this.#pieces = null;
    this.#part++;
    this.#before += part.bytes;
    this.#read = 0;
    this.starts.push(this.rows);
  }

  async close(): Promise<void> {
    await this.#next?.catch(() => {});
    await this.#pieces?.return?.();
    this.#hasher?.release();
    this.#hasher = null;
  }
}
