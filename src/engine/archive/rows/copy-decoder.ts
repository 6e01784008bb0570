import { DirectDecoder } from '../compressions';
import type { CharacterLength } from '../sql/bytes';
import type { CopyOptions } from './copy-options';

const LF = 10;
const CR = 13;
const BACKSLASH = 92;
const LETTER_N = 78;
/** What COPY text writes as an escape, by its byte; 0 for all others. */
const ESCAPES = new Uint8Array(256);
for (const [byte, letter] of ['\bb', '\tt', '\nn', '\vv', '\ff', '\rr', '\\\\'].entries())
  ESCAPES[byte === 6 ? BACKSLASH : 8 + byte] = letter.charCodeAt(1);
const NULL = Buffer.from('\\N');

export interface CopyDecoding {
  options: CopyOptions;
  /** Names of the columns; null where the statement lists none. */
  columns: readonly string[] | null;
  /** Of encodings whose characters may hold bytes of ASCII; null for all others. */
  length: CharacterLength | null;
}

/**
 * Makes COPY text as a server writes it of rows written with other options: CSV, other delimiters, another NULL. Memory
 * is bounded whatever the rows hold. Source of the rules: copyfromparse.c (CopyReadLineText, CopyReadAttributesCSV,
 * CopyReadAttributesText).
 */
export class CopyDecoder extends DirectDecoder {
  rows = 0;
  /** First row (from 1) with another number of columns than the statement lists; 0 for none. */
  misfit = 0;
  /** Inside of a quoted value. */
  quoted = false;
  readonly #options: CopyOptions;
  readonly #columns: readonly string[] | null;
  readonly #length: CharacterLength | null;
  readonly #csv: boolean;
  readonly #null: Buffer;
  #out: Buffer = Buffer.alloc(0);
  #size = 0;
  /** The beginning of a character or of an escape whose rest has not come yet. */
  #rest: Buffer = Buffer.alloc(0);
  #header: boolean;
  #column = 0;
  /** The value so far, as long as it may be the NULL of the options: how many bytes of it; -1 when it cannot be. */
  #alike = 0;
  #wasQuoted = false;
  /** A carriage return that may belong to the end of the line. */
  #returned = false;
  #inLine = false;

  constructor({ options, columns, length }: CopyDecoding) {
    super();
    this.#options = options;
    this.#csv = options.format === 'csv';
    this.#null = Buffer.from(options.null);
    this.#header = options.header;
    this.#columns = columns;
    this.#length = length;
  }

  decode(chunk: Buffer, give: (part: Buffer) => void): void {
    const data = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk;
    this.#reserve(data);
    const end = this.#read(data, false);
    this.#rest = Buffer.from(data.subarray(end));
    give(this.#out.subarray(0, this.#size));
  }

  finish(give: (part: Buffer) => void): void {
    this.#reserve(this.#rest);
    this.#read(this.#rest, true);
    this.#rest = Buffer.alloc(0);
    // The last line may lack its line feed.
    if (this.#inLine) this.#endRow();
    give(this.#out.subarray(0, this.#size));
  }

  /** Room for what becomes of it: NULL and a tab at most of each byte, and what was kept back. */
  #reserve({ length }: Buffer): void {
    const most = 3 * length + 2 * this.#null.length + 16;
    if (this.#out.length < most) this.#out = Buffer.allocUnsafe(most);
    this.#size = 0;
  }

  /** Returns how much was read: the rest has to come again. */
  #read(data: Buffer, last: boolean): number {
    const { delimiter, quote, escape } = this.#options;
    let at = 0;
    while (at < data.length) {
      const byte = data[at]!;
      if (byte === LF && !this.quoted) {
        this.#endRow();
        at++;
        continue;
      }
      if (this.#returned) this.#put(CR);
      this.#returned = false;
      this.#inLine = true;
      if (byte === CR && !this.quoted) {
        this.#returned = true;
        at++;
      } else if (this.#length && byte > 127) {
        const end = at + this.#length(data, at);
        if (end > data.length && !last) return at;
        for (; at < Math.min(end, data.length); at++) this.#keep(data[at]!);
      } else if (!this.#csv) {
        if (byte === BACKSLASH) {
          const next = data[at + 1];
          if (next === undefined && !last) return at;
          at += this.#escaped(next);
          continue;
        }
        if (byte === delimiter) this.#endValue(true);
        else this.#put(byte);
        at++;
      } else if (this.quoted) {
        if (byte === escape) {
          const next = data[at + 1];
          if (next === undefined && !last) return at;
          if (next === escape || next === quote) {
            this.#put(next);
            at += 2;
            continue;
          }
        }
        if (byte === quote) this.quoted = false;
        else this.#put(byte);
        at++;
      } else {
        if (byte === quote) this.quoted = this.#wasQuoted = true;
        else if (byte === delimiter) this.#endValue(true);
        else this.#put(byte);
        at++;
      }
    }
    return at;
  }

  /** A byte of a value. */
  #put(byte: number): void {
    if (this.#header || this.#maybeNull(byte)) return;
    const letter = ESCAPES[byte]!;
    if (letter > 0) {
      this.#out[this.#size++] = BACKSLASH;
      this.#out[this.#size++] = letter;
    } else this.#out[this.#size++] = byte;
  }

  /** An escape of text, which mostly stays as it is; returns how many of its bytes were taken. */
  #escaped(next: number | undefined): number {
    // Of longer characters the backslash is left out, as it means nothing.
    if (next !== undefined && next > 127) return 1;
    if (next === LETTER_N && this.#options.null !== '\\N') this.#put(next);
    else {
      this.#keep(BACKSLASH);
      if (next !== undefined) this.#keep(ESCAPES[next]! || next);
    }
    return 2;
  }

  /** A byte that is part of an escape or of a longer character. */
  #keep(byte: number): void {
    if (!this.#header && !this.#maybeNull(byte)) this.#out[this.#size++] = byte;
  }

  /** Whether a byte is kept back because the value is as the NULL so far. */
  #maybeNull(byte: number): boolean {
    if (this.#alike < 0) return false;
    if (this.#null[this.#alike] === byte) {
      this.#alike++;
      return true;
    }
    this.#release();
    return false;
  }

  /** What was kept back is no NULL. */
  #release(): void {
    const kept = this.#alike;
    this.#alike = -1;
    for (let i = 0; i < kept; i++) {
      // In text, a backslash was one of an escape.
      if (this.#csv) this.#put(this.#null[i]!);
      else this.#keep(this.#null[i]!);
    }
  }

  #endValue(more: boolean): void {
    if (!this.#header) {
      if (this.#alike === this.#null.length && this.#isNull()) {
        NULL.copy(this.#out, this.#size);
        this.#size += NULL.length;
      } else if (this.#alike >= 0) this.#release();
      if (more) this.#out[this.#size++] = 9;
    }
    this.#column++;
    this.#alike = 0;
    this.#wasQuoted = false;
  }

  #isNull(): boolean {
    if (!this.#csv) return true;
    const { forceNull, forceNotNull } = this.#options;
    const named = (list: readonly string[] | '*'): boolean =>
      list === '*' || (list.length > 0 && list.includes(this.#columns?.[this.#column] ?? ''));
    return this.#wasQuoted ? named(forceNull) : !named(forceNotNull);
  }

  #endRow(): void {
    this.#endValue(false);
    if (this.#header) this.#header = false;
    else {
      this.#out[this.#size++] = LF;
      this.rows++;
      if (this.#columns && this.#column !== this.#columns.length) this.misfit ||= this.rows;
    }
    this.#column = 0;
    this.#returned = this.#inLine = false;
  }
}
