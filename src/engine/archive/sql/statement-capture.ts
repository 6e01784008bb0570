/** A statement as far as it is kept. */
export interface Captured {
  /** Its beginning, at most 1 MiB. */
  text: string;
  line: number;
  offset: number;
  bytes: number;
}

const MOST = 1024 * 1024;

/** Keeps the beginning of the statement that is being read, across the pieces it comes in. */
export class StatementCapture {
  #start: { line: number; offset: number } | null = null;
  #parts: Buffer[] = [];
  #bytes = 0;

  /** Whether a statement has begun. */
  get open(): boolean {
    return this.#start !== null;
  }

  /** A statement begins here, unless one has begun. */
  begin(line: number, offset: number): void {
    this.#start ??= { line, offset };
  }

  /** Keeps the statement's bytes of a piece (which begins at `base`) up to `end`. */
  take(piece: Buffer, base: number, end: number): void {
    if (!this.#start) return;
    const from = Math.max(0, this.#start.offset + this.#bytes - base);
    const room = MOST - this.#bytes;
    if (room <= 0 || end <= from) return;
    const part = Buffer.from(piece.subarray(from, Math.min(end, from + room)));
    this.#parts.push(part);
    this.#bytes += part.length;
  }

  /** The statement ends before `end`; null when none had begun. */
  end(piece: Buffer, base: number, end: number): Captured | null {
    if (!this.#start) return null;
    this.take(piece, base, end);
    const bytes = base + end - this.#start.offset;
    const text = Buffer.concat(this.#parts).toString('utf8');
    return { text, bytes, ...this.#start };
  }

  reset(): void {
    this.#start = null;
    this.#parts = [];
    this.#bytes = 0;
  }
}
