import { CopyCounter } from '../rows/copy-counter';
import type { CopyRows } from '../rows/columns';
import { CopyDecoder, type CopyDecoding } from '../rows/copy-decoder';
import { textCodec, wideLength } from '../text';
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
  /** Lines of the script, without the end line. */
  readonly lines: number;
  /** The end line was met. */
  readonly ended: boolean;
  /** First row (from 1) with another number of columns than expected; 0 for none. */
  readonly misfit: number;
  /** Lines before the first with a backslash no server writes; null for none. */
  readonly oddEscapeAfter: number | null;
  /** Whether the data stops inside a line. */
  readonly insideLine: boolean;
  /** Of rows that have to be decoded: the bytes of what they become. */
  readonly decoded?: number;
  /** The last row ends inside of a quoted value. */
  readonly quoted?: boolean;
  /**
   * Reads on from `from`; returns the index behind the end line, or the complement (`~`) of the index from which the
   * rest has to come again, together with the next piece.
   */
  read(data: Buffer, from: number): number;
  /** After the last byte, where the script ends without an end line. */
  finish?(): void;
}

/** `length` for encodings whose characters can hold a backslash byte. */
export function copyReader({ copyColumns, decoding }: CopyRows, length: CharacterLength | null): CopyReader {
  if (decoding) return new DecodingReader({ ...decoding, length });
  return length ? new WideReader(copyColumns, length) : new NarrowReader(copyColumns);
}

class NarrowReader extends CopyCounter implements CopyReader {
  get lines(): number {
    return this.rows;
  }

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

  get lines(): number {
    return this.rows;
  }

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

const END_LINE = /\\\.\r?\n$/;
/** Bytes of an end line that may have been read before its last one. */
const HELD = 3;

/** psql ends the rows of every format at the line `\.`; what lies before it is decoded. */
class DecodingReader implements CopyReader {
  decoded = 0;
  readonly #lines: CopyReader;
  readonly #decoder: CopyDecoder;
  #held: Buffer = Buffer.alloc(0);

  constructor(decoding: CopyDecoding) {
    const { encoding } = decoding.options;
    this.#lines = copyReader({ copyColumns: null }, decoding.length);
    this.#decoder = new CopyDecoder(
      encoding === null ? decoding : { ...decoding, length: wideLength(textCodec(encoding)) },
    );
  }

  get rows(): number {
    return this.#decoder.rows;
  }
  get misfit(): number {
    return this.#decoder.misfit;
  }
  get quoted(): boolean {
    return this.#decoder.quoted;
  }
  get lines(): number {
    return this.#lines.rows;
  }
  get ended(): boolean {
    return this.#lines.ended;
  }
  get oddEscapeAfter(): number | null {
    return this.#lines.oddEscapeAfter;
  }
  get insideLine(): boolean {
    return this.#lines.insideLine;
  }

  read(data: Buffer, from: number): number {
    const end = this.#lines.read(data, from);
    const read = Buffer.concat([this.#held, data.subarray(from, end < 0 ? ~end : end)]);
    const tail = read.toString('latin1', Math.max(0, read.length - HELD - 1));
    const behind = this.ended ? END_LINE.exec(tail)![0].length : Math.min(HELD, read.length);
    this.#held = read.subarray(read.length - behind);
    this.#decoder.decode(read.subarray(0, read.length - behind), this.#take);
    if (this.ended) this.#decoder.finish(this.#take);
    return end;
  }

  finish(): void {
    this.#decoder.decode(this.#held, this.#take);
    this.#decoder.finish(this.#take);
  }

  readonly #take = ({ length }: Buffer): void => void (this.decoded += length);
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
