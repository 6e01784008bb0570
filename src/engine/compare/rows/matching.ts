import { mkdir, open, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { Pairs, RECORD } from './pairs';
import { RowSet } from './rowSet';

/** Rows without a partner kept in memory, about 30 bytes each. */
const MOST = 1_000_000;
const PARTS = 64;
const RECORD_BYTES = RECORD * 4;
/** Records of one part that are written at once. */
const BATCH = 1024;

/**
 * Finds the rows of two sides that have no equal on the other, whatever their order: by their hashes, in bounded memory.
 * What is too much goes to files, parted by hash, and is matched part by part.
 */
export class Matching {
  readonly #folder: string;
  readonly #most: number;
  #pairs = new Pairs();
  #spilled: Spilled | null = null;

  /** `folder` is made when it is needed, and the caller's to remove. `most`: rows without a partner that are kept in memory. */
  constructor(folder: string, most = MOST) {
    this.#folder = folder;
    this.#most = most;
  }

  /** True when `settle` has to be called before more is added. */
  add(side: 0 | 1, hashes: Uint32Array, rows: number, first: number): boolean {
    this.#pairs.add(side, hashes, rows, first);
    return this.#pairs.size > this.#most;
  }

  /** Rows of a side that have no equal yet; of those before the last `settle` nothing is known. */
  waiting(side: 0 | 1): RowSet {
    return this.#pairs.waiting[side];
  }

  /** By how many rows the right ones of the last pairs stood behind the left ones; null where they do not agree. */
  get shift(): number | null {
    return this.#pairs.shift;
  }

  /** Only pairs from now on count for `shift`. */
  forget(): void {
    this.#pairs.forget();
  }

  async settle(): Promise<void> {
    this.#spilled ??= await Spilled.create(this.#folder);
    await this.#spilled.take(this.#pairs);
    this.#pairs = new Pairs();
  }

  /** The rows that are left, by side. */
  async finish(): Promise<[RowSet, RowSet]> {
    if (!this.#spilled) return this.#pairs.waiting;
    const sets: [RowSet, RowSet] = [new RowSet(), new RowSet()];
    await this.settle();
    await this.#spilled.match(sets, this.#most);
    return sets;
  }

  async close(): Promise<void> {
    await this.#spilled?.close();
  }
}

class Spilled {
  readonly #files: FileHandle[];
  readonly #paths: string[];
  readonly #records = new Array<number>(PARTS).fill(0);

  static async create(folder: string): Promise<Spilled> {
    await mkdir(folder, { recursive: true });
    const paths = Array.from({ length: PARTS }, (_, part) => join(folder, `rows-${part}`));
    return new Spilled(paths, await Promise.all(paths.map((path) => open(path, 'w+', 0o600))));
  }

  private constructor(paths: string[], files: FileHandle[]) {
    this.#paths = paths;
    this.#files = files;
  }

  async take(pairs: Pairs): Promise<void> {
    const parts = Array.from({ length: PARTS }, () => new Uint32Array(BATCH * RECORD));
    const filled = new Array<number>(PARTS).fill(0);
    const full: { part: number; records: Uint32Array }[] = [];
    pairs.each((low, high, row, side) => {
      const part = high % PARTS;
      let records = parts[part]!;
      let at = filled[part]!;
      if (at === records.length) {
        full.push({ part, records });
        records = parts[part] = new Uint32Array(BATCH * RECORD);
        at = 0;
      }
      records[at] = low;
      records[at + 1] = high;
      records[at + 2] = row;
      records[at + 3] = side;
      filled[part] = at + RECORD;
    });
    for (let part = 0; part < PARTS; part++)
      full.push({ part, records: parts[part]!.subarray(0, filled[part]) });
    for (const { part, records } of full) await this.#write(part, records);
  }

  async #write(part: number, records: Uint32Array): Promise<void> {
    const bytes = Buffer.from(records.buffer, records.byteOffset, records.byteLength);
    const from = this.#records[part]! * RECORD_BYTES;
    for (let at = 0; at < bytes.length;)
      at += (await this.#files[part]!.write(bytes, at, bytes.length - at, from + at)).bytesWritten;
    this.#records[part]! += records.length / RECORD;
  }

  /** A part with more rows than fit is read several times, for a share of its hashes each. */
  async match(sets: [RowSet, RowSet], most: number): Promise<void> {
    for (let part = 0; part < PARTS; part++) {
      const shares = Math.max(1, Math.ceil(this.#records[part]! / most));
      for (let share = 0; share < shares; share++) {
        const pairs = new Pairs();
        for await (const records of this.#read(part)) pairs.addRecords(ofShare(records, share, shares));
        for (const side of [0, 1] as const) for (const row of pairs.waiting[side]) sets[side].add(row);
      }
    }
  }

  async *#read(part: number): AsyncGenerator<Uint32Array> {
    const step = BATCH * 16;
    for (let at = 0; at < this.#records[part]!; at += step) {
      const records = new Uint32Array(Math.min(step, this.#records[part]! - at) * RECORD);
      const bytes = Buffer.from(records.buffer);
      for (let filled = 0; filled < bytes.length;) {
        const from = at * RECORD_BYTES + filled;
        const { bytesRead } = await this.#files[part]!.read(bytes, filled, bytes.length - filled, from);
        if (bytesRead === 0) throw new Error(`${this.#paths[part]} is shorter than what was written to it`);
        filled += bytesRead;
      }
      yield records;
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#files.map((file) => file.close()));
    await Promise.all(this.#paths.map((path) => rm(path, { force: true })));
  }
}

function ofShare(records: Uint32Array, share: number, shares: number): Uint32Array {
  if (shares === 1) return records;
  const kept: number[] = [];
  for (let at = 0; at < records.length; at += RECORD)
    // Other bits than those that chose the part.
    if ((records[at + 1]! >>> 6) % shares === share)
      kept.push(records[at]!, records[at + 1]!, records[at + 2]!, records[at + 3]!);
  return Uint32Array.from(kept);
}
