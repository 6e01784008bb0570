import { wholeLength, type TextCodec } from '../text';
import { MOST_COLUMNS, type LongRow, type LongSink } from './blocks';
import { DEFAULT, literal, unescapeString } from './literal';
import { SqlWalker } from './sql-walker';

const NONE: Buffer = Buffer.alloc(0);
/** A value that is no string is read as a whole up to this. */
const LONGEST_OTHER = 64 * 1024;

/** Of one character, with room. */
const MOST_ESCAPES = 64;

/** Splits one row of an INSERT, which comes in pieces, into values in pieces. `(` is part of the first piece. */
export class LongInsertRow implements LongRow {
  readonly #codec: TextCodec;
  readonly #escapes: boolean;
  readonly #sink: LongSink;
  /** Columns of the values in their order; -1 for values that are no column of the rows. */
  readonly #columns: readonly number[];
  readonly #walker: SqlWalker;
  #value = 0;
  #rest: Buffer = NONE;
  #kind: 'unknown' | 'string' | 'escapes' | 'ended' | 'other' = 'unknown';

  constructor(codec: TextCodec, escapes: boolean, columns: readonly number[], sink: LongSink) {
    this.#codec = codec;
    this.#escapes = escapes;
    this.#columns = columns;
    this.#sink = sink;
    this.#walker = new SqlWalker(codec, escapes);
  }

  push(bytes: Buffer, last: boolean): void {
    let from = 0;
    for (let at = 0; ;) {
      const found = this.#walker.next(bytes, at, 2);
      if (!found) break;
      at = found.at;
      if (found.stop === '(') {
        if (this.#walker.depth === 1) from = at;
      } else if (found.stop === ',' || this.#walker.depth === 0) {
        this.#take(bytes.subarray(from, at - 1), true);
        from = at;
      }
    }
    if (!last) this.#take(bytes.subarray(from), false);
  }

  #take(part: Buffer, last: boolean): void {
    this.#rest = this.#rest.length > 0 ? Buffer.concat([this.#rest, part]) : Buffer.from(part);
    if (this.#kind === 'unknown') this.#begin(last);
    if (this.#kind === 'string' || this.#kind === 'escapes') this.#string(last);
    else if (this.#kind === 'ended') this.#rest = NONE;
    else if (this.#kind === 'other' && !last) {
      const whole = wholeLength(this.#rest, this.#codec);
      this.#give(this.#codec.decode(this.#rest.subarray(0, whole)), false);
      this.#rest = this.#rest.subarray(whole);
    }
    if (last) this.#end();
  }

  #begin(last: boolean): void {
    if (last || this.#rest.length < 8) return;
    const head = this.#rest.toString('latin1', 0, Math.min(this.#rest.length, 1024));
    const quote = /^\s*(e?)'/i.exec(head);
    if (quote) {
      this.#kind = quote[1] || this.#escapes ? 'escapes' : 'string';
      this.#rest = this.#rest.subarray(quote[0].length);
    } else if (this.#rest.length > LONGEST_OTHER) this.#kind = 'other';
  }

  /** Gives out what is certain of the inside of a string. */
  #string(last: boolean): void {
    const escaped = this.#kind === 'escapes';
    const bytes = this.#rest;
    let at = 0;
    /** Bytes written as escapes make characters together. */
    let apart = 0;
    while (at < bytes.length) {
      const byte = bytes[at]!;
      let end = at + 1;
      if (byte === 39) {
        if (bytes[at + 1] !== 39 && (at + 1 < bytes.length || last)) {
          this.#kind = 'ended';
          break;
        }
        end = at + 2;
      } else if (byte === 92 && escaped) end = at + escapeLength(bytes, at);
      else if (byte >= 0x80) end = at + this.#codec.length(bytes, at);
      if (end > bytes.length) break;
      if (byte !== 92 || end - at < 3) apart = end;
      at = end;
    }
    if (!last && this.#kind !== 'ended' && at - apart < MOST_ESCAPES) at = apart;
    const inner = this.#codec.decode(bytes.subarray(0, at));
    this.#give(escaped ? unescapeString(inner, this.#codec) : inner.replaceAll("''", "'"), false);
    this.#rest = bytes.subarray(at);
  }

  #end(): void {
    if (this.#kind === 'unknown') {
      const value = literal(this.#rest, this.#codec, this.#escapes);
      this.#give(value === DEFAULT ? null : value, true, value === DEFAULT);
    } else this.#give(this.#kind === 'other' ? this.#codec.decode(this.#rest) : '', true);
    this.#value++;
    this.#rest = NONE;
    this.#kind = 'unknown';
  }

  #give(text: string | null, last: boolean, isDefault = false): void {
    const column = this.#columns[this.#value] ?? this.#value;
    if (column >= 0 && column < MOST_COLUMNS) this.#sink.value(column, text, last, isDefault);
  }
}

/** Bytes an escape has: as many digits as there may be, so that none is parted from it. */
function escapeLength(bytes: Buffer, at: number): number {
  const next = bytes[at + 1];
  if (next === undefined) return 2;
  // \u and \U have a certain number of digits; \x two, octal three: later bytes are no digits of theirs.
  if (next === 117) return 6;
  if (next === 85) return 10;
  if (next === 120) return 2 + digits(bytes, at + 2, 2, 16);
  if (next >= 48 && next <= 55) return 1 + digits(bytes, at + 1, 3, 8);
  return 2;
}

/** Digits from a position, counting those that have not come yet. */
function digits(bytes: Buffer, from: number, most: number, base: number): number {
  let count = 0;
  while (count < most) {
    const byte = bytes[from + count];
    if (byte !== undefined && Number.isNaN(Number.parseInt(String.fromCharCode(byte), base))) break;
    count++;
  }
  return count;
}
