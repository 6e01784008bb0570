/** A statement as far as it is kept. Good until the piece it ends in changes. */
export class Captured {
  readonly line: number;
  readonly offset: number;
  readonly bytes: number;
  readonly #piece: Buffer;
  readonly #from: number;
  readonly #to: number;
  readonly #decode: Decode;

  constructor(
    place: { line: number; offset: number; bytes: number },
    kept: { piece: Buffer; from: number; to: number },
    decode: Decode,
  ) {
    this.line = place.line;
    this.offset = place.offset;
    this.bytes = place.bytes;
    this.#piece = kept.piece;
    this.#from = kept.from;
    this.#to = kept.to;
    this.#decode = decode;
  }

  /** Its beginning, at most 1 MiB: decoded when it is asked for. */
  get text(): string {
    return this.#decode(this.#piece.subarray(this.#from, this.#to));
  }

  /** The first bytes, as they are. */
  head(length: number): Buffer {
    return this.#piece.subarray(this.#from, Math.min(this.#to, this.#from + length));
  }
}

export type Decode = (bytes: Buffer) => string;

const MOST = 1024 * 1024;

/** Keeps the beginning of the statement that is being read, across the pieces it comes in. */
export class StatementCapture {
  #line = 0;
  #offset = -1;
  #parts: Buffer[] = [];
  #bytes = 0;

  /** Whether a statement has begun. */
  get open(): boolean {
    return this.#offset >= 0;
  }

  /** Where it began. */
  get offset(): number {
    return this.#offset;
  }

  /** A statement begins here, unless one has begun. */
  begin(line: number, offset: number): void {
    if (this.#offset >= 0) return;
    this.#line = line;
    this.#offset = offset;
  }

  /** Keeps the statement's bytes of a piece (which begins at `base`) up to `end`; the piece may change afterwards. */
  take(piece: Buffer, base: number, end: number): void {
    const { from, to } = this.#rest(base, end);
    if (to <= from) return;
    this.#parts.push(Buffer.from(piece.subarray(from, to)));
    this.#bytes += to - from;
  }

  /** What of a piece is to be kept. */
  #rest(base: number, end: number): { from: number; to: number } {
    if (this.#offset < 0) return { from: 0, to: 0 };
    const from = Math.max(0, this.#offset + this.#bytes - base);
    return { from, to: Math.max(from, Math.min(end, from + MOST - this.#bytes)) };
  }

  /** The statement ends before `end`; null when none had begun. */
  end(piece: Buffer, base: number, end: number, decode: Decode): Captured | null {
    if (this.#offset < 0) return null;
    const { from, to } = this.#rest(base, end);
    const place = { line: this.#line, offset: this.#offset, bytes: base + end - this.#offset };
    if (this.#parts.length === 0) return new Captured(place, { piece, from, to }, decode);
    const whole = Buffer.concat([...this.#parts, piece.subarray(from, to)]);
    return new Captured(place, { piece: whole, from: 0, to: whole.length }, decode);
  }

  reset(): void {
    this.#offset = -1;
    if (this.#parts.length) this.#parts = [];
    this.#bytes = 0;
  }
}
