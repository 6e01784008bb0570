import { RowSet } from './rowSet';

/** One record of `Pairs` as numbers: hash (low, high), number of the row, side. */
export const RECORD = 4;

const NONE = -1;
const FIRST = 256;
/** So many pairs after each other with the same distance are no chance. */
const AGREEING = 4;

/**
 * Rows that have no partner of the same hash on the other side yet. A row that finds one takes it away with itself, so that of
 * two sides in about the same order only a few are here at a time.
 */
export class Pairs {
  /** Entries by their buckets; each holds a chain of hashes, and each of these a chain of rows of one side. */
  #buckets = new Int32Array(FIRST * 2).fill(NONE);
  #low = new Uint32Array(FIRST);
  #high = new Uint32Array(FIRST);
  #row = new Uint32Array(FIRST);
  #side = new Uint8Array(FIRST);
  #next = new Int32Array(FIRST);
  #same = new Int32Array(FIRST);
  #free = NONE;
  #used = 0;
  size = 0;
  /** Of the last pair: number of the right row less that of the left one; and how many pairs had the same. */
  #shift = 0;
  #agreeing = 0;
  /** The rows that are here, by side. */
  readonly waiting: [RowSet, RowSet] = [new RowSet(), new RowSet()];

  /** `hashes`: two numbers a row, of so many rows; the first of them is the side's row number `first`. */
  add(side: 0 | 1, hashes: Uint32Array, rows: number, first: number): void {
    for (let i = 0; i < rows; i++) this.#add(side, hashes[i * 2]!, hashes[i * 2 + 1]!, first + i);
  }

  /** By how many rows the right ones of the last pairs stood behind the left ones; null where they do not agree. */
  get shift(): number | null {
    return this.#agreeing < AGREEING ? null : this.#shift;
  }

  /** Only pairs from now on count for `shift`. */
  forget(): void {
    this.#agreeing = 0;
  }

  addRecords(records: Uint32Array): void {
    for (let at = 0; at < records.length; at += RECORD)
      this.#add(records[at + 3] as 0 | 1, records[at]!, records[at + 1]!, records[at + 2]!);
  }

  #add(side: 0 | 1, low: number, high: number, row: number): void {
    const bucket = low & (this.#buckets.length - 1);
    let before = NONE;
    let at = this.#buckets[bucket]!;
    while (at !== NONE && (this.#low[at] !== low || this.#high[at] !== high)) {
      before = at;
      at = this.#next[at]!;
    }
    if (at === NONE) {
      const made = this.#take(side, low, high, row);
      // The buckets may be others now.
      const place = low & (this.#buckets.length - 1);
      this.#next[made] = this.#buckets[place]!;
      this.#buckets[place] = made;
    } else if (this.#side[at] === side) {
      const made = this.#take(side, low, high, row);
      this.#same[made] = this.#same[at]!;
      this.#same[at] = made;
    } else if (this.#same[at] === NONE) {
      this.#paired(side, row, this.#row[at]!);
      if (before === NONE) this.#buckets[bucket] = this.#next[at]!;
      else this.#next[before] = this.#next[at]!;
      this.#give(at);
    } else {
      const gone = this.#same[at]!;
      this.#same[at] = this.#same[gone]!;
      this.#paired(side, row, this.#row[gone]!);
      this.#give(gone);
    }
  }

  #paired(side: 0 | 1, row: number, other: number): void {
    const shift = side === 1 ? row - other : other - row;
    this.#agreeing = shift === this.#shift ? this.#agreeing + 1 : 1;
    this.#shift = shift;
  }

  #take(side: 0 | 1, low: number, high: number, row: number): number {
    let at = this.#free;
    if (at !== NONE) this.#free = this.#next[at]!;
    else {
      if (this.#used === this.#low.length) this.#grow();
      at = this.#used++;
    }
    this.#low[at] = low;
    this.#high[at] = high;
    this.#row[at] = row;
    this.#side[at] = side;
    this.#same[at] = NONE;
    this.#next[at] = NONE;
    this.waiting[side].add(row);
    this.size++;
    return at;
  }

  #give(at: number): void {
    this.waiting[this.#side[at] as 0 | 1].delete(this.#row[at]!);
    this.#next[at] = this.#free;
    this.#free = at;
    this.size--;
  }

  #grow(): void {
    const larger = <T extends Uint32Array | Int32Array | Uint8Array>(from: T): T => {
      const to = new (from.constructor as new (length: number) => T)(from.length * 2);
      to.set(from as never);
      return to;
    };
    [this.#low, this.#high, this.#row] = [larger(this.#low), larger(this.#high), larger(this.#row)];
    [this.#side, this.#next, this.#same] = [larger(this.#side), larger(this.#next), larger(this.#same)];
    const before = this.#buckets;
    this.#buckets = new Int32Array(before.length * 2).fill(NONE);
    for (const head of before)
      for (let at = head, next; at !== NONE; at = next) {
        next = this.#next[at]!;
        const place = this.#low[at]! & (this.#buckets.length - 1);
        this.#next[at] = this.#buckets[place]!;
        this.#buckets[place] = at;
      }
  }

  /** Calls with every row that is left. */
  each(give: (low: number, high: number, row: number, side: 0 | 1) => void): void {
    for (const head of this.#buckets)
      for (let hash = head; hash !== NONE; hash = this.#next[hash]!)
        for (let at = hash; at !== NONE; at = this.#same[at]!)
          give(this.#low[at]!, this.#high[at]!, this.#row[at]!, this.#side[at] as 0 | 1);
  }
}
