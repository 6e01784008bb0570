const LF = 10;
const TAB = 9;
const CR = 13;
const DOT = 46;
const BACKSLASH = 92;

/** What may stand behind a backslash in rows a server wrote: `bfnrtvN`, `.`, `\`, `x`, digits. */
const KNOWN_ESCAPES = new Set([...Buffer.from('bfnrtvN.\\x01234567')]);

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
    let escaped = this.#escaped;
    let lineStart = from - this.#length;
    const end = part.length;
    for (let i = from; i < end; i++) {
      const byte = part[i]!;
      if (byte > BACKSLASH) {
        if (escaped) {
          escaped = false;
          if (!KNOWN_ESCAPES.has(byte)) this.oddEscapeAfter ??= this.rows;
        }
        continue;
      }
      if (byte === LF) {
        escaped = false;
        if (this.#isEnd(part, from, lineStart, i)) {
          this.bytes += lineStart - from;
          this.ended = true;
          return i + 1;
        }
        this.rows++;
        if (tabs !== this.#expectedTabs && this.#expectedTabs !== null && this.misfit === 0)
          this.misfit = this.rows;
        tabs = 0;
        lineStart = i + 1;
        this.#length = 0;
      } else if (escaped) {
        escaped = false;
        if (!KNOWN_ESCAPES.has(byte) && byte !== CR) this.oddEscapeAfter ??= this.rows;
      } else if (byte === TAB) tabs++;
      else if (byte === BACKSLASH) escaped = true;
    }
    for (let i = this.#length; i < 3 && lineStart + i < end; i++) this.#first[i] = part[lineStart + i]!;
    this.#length = end - lineStart;
    this.#tabs = tabs;
    this.#escaped = escaped;
    this.bytes += end - from;
    return -1;
  }

  /** Whether the data stops inside a line. */
  get insideLine(): boolean {
    return this.#length > 0;
  }

  /** Whether the line from `start` (negative: it began in an earlier piece) to the line feed is `\.`. */
  #isEnd(part: Buffer, from: number, start: number, lineFeed: number): boolean {
    const length = lineFeed - start;
    if (length !== 2 && length !== 3) return false;
    const at = (i: number): number => (start + i < from ? this.#first[i]! : part[start + i]!);
    return at(0) === BACKSLASH && at(1) === DOT && (length === 2 || at(2) === CR);
  }
}
