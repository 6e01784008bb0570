import { DamageError, type Fault } from '../../archive';
import type { Matching } from './matching';
import { RowHasher } from './rowHasher';
import { RowTexts } from './rowTexts';
import { checkEnd, type How, type Rows } from './source';
import type { Window } from './windows';

const NONE = Buffer.alloc(0);
const LF = 10;

export interface StreamOptions {
  how: How;
  /** By compared column; one for the whole line where all parts have the same columns in the same order. */
  seeds: bigint | bigint[];
  /** Bytes of texts that are kept, for tests. */
  kept?: number | undefined;
  signal: AbortSignal;
  onRead(side: 0 | 1, bytes: number): void;
}

/** The rows of one side, part by part: read into a window, and hashed from there or passed. */
export class SideStream {
  readonly #side: 0 | 1;
  readonly #rows: Rows;
  readonly #window: Window;
  readonly #options: StreamOptions;
  #part = 0;
  #pieces: AsyncIterator<Buffer> | null = null;
  #hasher: RowHasher | null = null;
  #next: Promise<IteratorResult<Buffer>> | null = null;
  /** What of the last piece is not in the window yet. */
  #piece: Buffer = NONE;
  /** The beginning of the row that comes next was hashed already: it is too long for the window. */
  #open = false;
  rows = 0;
  readonly starts: number[] = [0];
  /** Bytes of the present part, and what the parts before it weigh. */
  #read = 0;
  #before = 0;
  odd = false;
  readonly texts: RowTexts;
  fault: Fault | null = null;
  done = false;

  constructor(rows: Rows, side: 0 | 1, window: Window, options: StreamOptions) {
    this.#rows = rows;
    this.#side = side;
    this.#window = window;
    this.#options = options;
    this.texts = options.kept === undefined ? new RowTexts() : new RowTexts(options.kept, options.kept);
    // Both sides decode at the same time: the next piece is asked for before this one is worked on.
    this.#ask();
  }

  get kept(): RowTexts | null {
    return this.texts.gaveUp ? null : this.texts;
  }

  /** What was read weighs so much. */
  get weight(): number {
    const part = this.done ? undefined : this.#rows.parts[this.#part];
    return this.#before + (part ? part.bytes * part.fraction(this.#read) : 0);
  }

  /** The window begins with a whole row. */
  get hasRow(): boolean {
    return this.#window.hasLine && !this.#open;
  }

  /** Begins to read the next piece. */
  #ask(): void {
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
    const { seeds } = this.#options;
    if (typeof seeds === 'bigint') return new RowHasher(seeds);
    return new RowHasher(this.#rows.columns[this.#part]!.map((column) => seeds[column] ?? 0n));
  }

  /** Reads until there is a line in the window, or as much of one as fits, or nothing more. */
  async fill(): Promise<void> {
    while (!this.done && !this.#window.hasLine && !this.#window.full)
      if (this.#piece.length > 0) this.#load();
      else await this.#readOn();
  }

  #load(): void {
    this.#piece = this.#piece.subarray(this.#window.append(this.#piece));
    if (this.#piece.length === 0) this.#ask();
  }

  async #readOn(): Promise<void> {
    const next = this.#next!;
    this.#next = null;
    try {
      const piece = await next;
      if (piece.done) {
        this.#endPart();
        this.#ask();
        return;
      }
      this.#read += piece.value.length;
      this.#options.onRead(this.#side, piece.value.length);
      if (this.#hasher!.ended || piece.value.length === 0) this.#ask();
      else {
        this.#piece = piece.value;
        this.#load();
      }
    } catch (error) {
      if (!(error instanceof DamageError)) throw error;
      // What came before it is compared.
      this.fault = { what: error.fault.what, entry: error.fault.entry, offset: error.fault.offset };
      this.done = true;
      while (this.starts.length <= this.#rows.parts.length) this.starts.push(this.rows);
    }
  }

  /** So many rows were the same on both sides. */
  pass(rows: number): void {
    this.rows += rows;
  }

  /** Hashes rows of the window, at most so many; true when the matching has to be settled. */
  hash(most: number, matching: Matching): { lines: number; full: boolean } {
    const { lines, bytes } = this.#take(most);
    const hasher = this.#hasher!;
    const first = this.rows;
    let full = false;
    hasher.push(bytes, (hashes, rows) => {
      full = matching.add(this.#side, hashes, rows, this.rows) || full;
      this.rows += rows;
    });
    this.texts.add(bytes, this.rows - first, first, matching.waiting(this.#side));
    this.#window.drop(bytes.length);
    if (hasher.ended) {
      this.#window.clear();
      this.#piece = NONE;
      this.#open = false;
      if (!this.#next) this.#ask();
    }
    return { lines, full };
  }

  #take(most: number): { lines: number; bytes: Buffer } {
    if (this.hasRow) return this.#window.lines(most);
    const bytes = this.#window.toLineEnd();
    this.#open = bytes.at(-1) !== LF;
    return { lines: this.#open ? 0 : 1, bytes };
  }

  #endPart(): void {
    const hasher = this.#hasher!;
    this.odd ||= hasher.odd;
    const { ended } = hasher;
    hasher.release();
    this.#hasher = null;
    const part = this.#rows.parts[this.#part]!;
    checkEnd(part, this.#options.how, ended, this.rows - this.starts.at(-1)!);
    this.texts.endPart();
    this.#window.clear();
    this.#open = false;
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
