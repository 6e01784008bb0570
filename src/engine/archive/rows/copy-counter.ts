const LF = 10;
const TAB = 9;
const CR = 13;
const DOT = 46;
const BACKSLASH = 92;

/** What may stand behind a backslash in rows a server wrote: `bfnrtvN`, `.`, `\`, `x`, digits, an end of line. */
const KNOWN_ESCAPES = new Uint8Array(256);
for (const byte of Buffer.from('bfnrtvN.\\x01234567\r\n')) KNOWN_ESCAPES[byte] = 1;

/**
 * Counts rows of COPY text up to its end line `\.`, in pieces. A value never holds a raw line feed or tab:
 * they are escaped, so lines are rows and tabs part columns in every encoding PostgreSQL writes.
 */
export class CopyCounter {
  rows = 0;
  /** Bytes of the rows, without the end line. */
  bytes = 0;
  /** The end line was met. */
  ended = false;
  /** First row (from 1) with another number of columns than expected; 0 for none. */
  misfit = 0;
  /** Rows before the first with a backslash no server writes; null for none. See `suspicious` in plain scripts. */
  oddEscapeAfter: number | null = null;
  readonly #expectedTabs: number | null;
  #tabs = 0;
  /** Bytes of the unfinished line, and its first three. */
  #length = 0;
  #first: [number, number, number] = [0, 0, 0];
  #escaped = false;

  /** `columns` as the COPY statement lists them, null when not known. */
  constructor(columns: number | null) {
    this.#expectedTabs = columns === null ? null : Math.max(0, columns - 1);
  }

  /** Reads on from `from`; returns the index behind the end line, or -1 when it is not in this piece. */
  consume(part: Buffer, from = 0): number {
    let tabs = this.#tabs;
    let rows = this.rows;
    let lineStart = from - this.#length;
    const end = part.length;
    let i = from;
    if (this.#escaped && i < end) i = this.#escape(part, i);
    // This loop sees every byte of a dump: nothing in it but what must be.
    for (; i < end; i++) {
      const byte = part[i]!;
      if (byte > 13 && byte !== BACKSLASH) continue;
      if (byte === TAB) tabs++;
      else if (byte === LF) {
        const length = i - lineStart;
        if ((length === 2 || length === 3) && this.#isEnd(part, from, lineStart, length)) {
          this.bytes += lineStart - from;
          this.rows = rows;
          this.ended = true;
          return i + 1;
        }
        rows++;
        if (tabs !== this.#expectedTabs && this.#expectedTabs !== null && this.misfit === 0)
          this.misfit = rows;
        tabs = 0;
        lineStart = i + 1;
      } else if (byte === BACKSLASH) {
        this.rows = rows;
        if (i + 1 < end) i = this.#escape(part, i + 1) - 1;
        else this.#escaped = true;
      }
    }
    const before = lineStart < from ? this.#length : 0;
    for (let n = before; n < 3 && lineStart + n < end; n++) this.#first[n] = part[lineStart + n]!;
    this.#length = end - lineStart;
    this.#tabs = tabs;
    this.rows = rows;
    this.bytes += end - from;
    return -1;
  }

  /** Looks at the byte behind a backslash; returns where to go on. */
  #escape(part: Buffer, at: number): number {
    const byte = part[at]!;
    this.#escaped = false;
    if (KNOWN_ESCAPES[byte] === 0) this.oddEscapeAfter ??= this.rows;
    return byte === LF ? at : at + 1;
  }

  /** Whether the data stops inside a line. */
  get insideLine(): boolean {
    return this.#length > 0;
  }

  /** Whether the line from `start` (before `from`: it began in an earlier piece), of two or three bytes, is `\.`. */
  #isEnd(part: Buffer, from: number, start: number, length: number): boolean {
    const at = (n: number): number => (start + n < from ? this.#first[n]! : part[start + n]!);
    return at(0) === BACKSLASH && at(1) === DOT && (length === 2 || at(2) === CR);
  }
}
