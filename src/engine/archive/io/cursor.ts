/** Bytes given last that a cursor can give once more: who reads rows begins again a little before where it stopped. */
const REWIND = 1024 * 1024;

/** A decoded sequence that is read forward and can be left standing. */
export class Cursor {
  readonly #parts: AsyncGenerator<Buffer>;
  readonly #onMove: (position: number) => void;
  /** The last pieces, up to the position that was decoded. */
  #recent: Buffer[] = [];
  /** Index in `recent` of the piece that comes next. */
  #at = 0;
  /** Positions of the first byte of `recent`, of the next byte and of the end of what was decoded. */
  #from: number;
  #position: number;
  #decoded: number;

  /** `parts` begin at `position`; `onMove` hears of new ground. */
  constructor(parts: AsyncGenerator<Buffer>, position: number, onMove: (position: number) => void) {
    this.#parts = parts;
    this.#onMove = onMove;
    this.#from = position;
    this.#position = position;
    this.#decoded = position;
  }

  /** Position of the next byte. */
  get position(): number {
    return this.#position;
  }

  /** The first position it can still go back to. */
  get from(): number {
    return this.#from;
  }

  /** The next piece, null at the end. One call at a time. */
  async next(): Promise<Buffer | null> {
    if (this.#at === this.#recent.length) {
      const { done, value } = await this.#parts.next();
      if (done) return null;
      this.#recent.push(value);
      this.#decoded += value.length;
      this.#onMove(this.#decoded);
      this.#forget();
    }
    const part = this.#recent[this.#at++]!;
    this.#position += part.length;
    return part;
  }

  /** Goes back to the piece that holds a position not before `from`. */
  rewind(position: number): void {
    while (this.#at > 0 && this.#position > position) this.#position -= this.#recent[--this.#at]!.length;
  }

  #forget(): void {
    while (this.#recent.length > 1 && this.#decoded - this.#from - this.#recent[0]!.length >= REWIND) {
      this.#from += this.#recent.shift()!.length;
      this.#at--;
    }
  }

  async close(): Promise<void> {
    this.#recent = [];
    await this.#parts.return(undefined);
  }
}
