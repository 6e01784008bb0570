import { CopyCounter } from '../rows/copy-counter';
import type { CharacterLength } from './bytes';

const LF = 10;
const CR = 13;
const TAB = 9;
const DOT = 46;
const BACKSLASH = 92;

/** What stands behind a backslash in rows a server wrote, as in `CopyCounter`. */
const WRITTEN = new Set(Buffer.from('bfnrtvN.\\x01234567\r\n'));

/** Reads COPY data to its end line. */
export interface CopyReader {
  readonly rows: number;
  /** The end line was met. */
  readonly ended: boolean;
  /** First row (from 1) with another number of columns than expected; 0 for none. */
  readonly misfit: number;
  /** Rows before the first with a backslash no server writes; null for none. */
  readonly oddEscapeAfter: number | null;
  /** Whether the data stops inside a line. */
  readonly insideLine: boolean;
  /**
   * Reads on from `from`; returns the index behind the end line, or the complement (`~`) of the index from which the
   * rest has to come again, together with the next piece.
   */
  read(data: Buffer, from: number): number;
}

/** `length` for encodings whose characters can hold a backslash byte. */
export function copyReader(columns: number | null, length: CharacterLength | null): CopyReader {
  return length ? new WideReader(columns, length) : new NarrowReader(columns);
}

class NarrowReader extends CopyCounter implements CopyReader {
  read(data: Buffer, from: number): number {
    const end = this.consume(data, from);
    return end < 0 ? ~data.length : end;
  }
}

/** Character by character: a backslash that is part of one is none. */
class WideReader implements CopyReader {
  rows = 0;
  ended = false;
  misfit = 0;
  oddEscapeAfter: number | null = null;
  insideLine = false;
  readonly #tabs: number | null;
  readonly #length: CharacterLength;
  #met = 0;

  constructor(columns: number | null, length: CharacterLength) {
    this.#tabs = columns === null ? null : Math.max(0, columns - 1);
    this.#length = length;
  }

  read(data: Buffer, from: number): number {
    let at = from;
    while (at < data.length) {
      const byte = data[at]!;
      if (!this.insideLine && byte === BACKSLASH) {
        const end = endLine(data, at);
        if (end === null) return ~at;
        if (end > 0) {
          this.ended = true;
          return end;
        }
      }
      if (byte === LF) this.#row();
      else this.insideLine = true;
      if (byte === TAB) this.#met++;
      if (byte !== BACKSLASH && byte < 128) {
        at++;
        continue;
      }
      if (at + 1 >= data.length) return ~at;
      if (byte === BACKSLASH) {
        if (!WRITTEN.has(data[at + 1]!)) this.oddEscapeAfter ??= this.rows;
        at += data[at + 1] === LF ? 1 : 2;
        continue;
      }
      const next = at + this.#length(data, at);
      if (next > data.length) return ~at;
      // No character goes over the end of a line: what looks so is damaged.
      const line = data.indexOf(LF, at);
      at = line >= 0 && line < next ? line : next;
    }
    return ~at;
  }

  #row(): void {
    this.rows++;
    if (this.#tabs !== null && this.#met !== this.#tabs && this.misfit === 0) this.misfit = this.rows;
    this.#met = 0;
    this.insideLine = false;
  }
}

/** The index behind an end line that begins here, 0 when none does, null when more is needed to tell. */
function endLine(data: Buffer, at: number): number | null {
  if (at + 1 >= data.length) return null;
  if (data[at + 1] !== DOT) return 0;
  if (at + 2 >= data.length) return null;
  if (data[at + 2] === LF) return at + 3;
  if (data[at + 2] !== CR) return 0;
  if (at + 3 >= data.length) return null;
  return data[at + 3] === LF ? at + 4 : 0;
}
