import { wholeLength, type TextCodec } from '../text';
import { MOST_COLUMNS, type LongRow, type LongSink } from './blocks';
import { fieldEnd, isNull, unescapeBytes, wholeCharacters } from './copy-escapes';

const CR = 13;
const NONE: Buffer = Buffer.alloc(0);

/** Splits one row of COPY text, which comes in pieces, into values in pieces. */
export class LongCopyRow implements LongRow {
  readonly #codec: TextCodec;
  readonly #sink: LongSink;
  #column = 0;
  /** Bytes of the present value that were not given out. */
  #rest: Buffer = NONE;
  /** Its bytes without escapes that may be the beginning of a character. */
  #bytes: Buffer = NONE;
  #given = false;
  #over = 0;

  constructor(codec: TextCodec, sink: LongSink) {
    this.#codec = codec;
    this.#sink = sink;
  }

  push(bytes: Buffer, last: boolean): void {
    let at = 0;
    for (;;) {
      const { end, next } = fieldEnd(bytes, Math.min(at + this.#over, bytes.length), this.#codec);
      this.#over = this.#over > bytes.length - at ? this.#over - (bytes.length - at) : next - end;
      this.#take(bytes.subarray(at, end));
      if (end === bytes.length) break;
      this.#end();
      at = end + 1;
    }
    if (last) {
      if (this.#rest.at(-1) === CR) this.#rest = this.#rest.subarray(0, -1);
      this.#end();
    }
  }

  #take(part: Buffer): void {
    this.#rest = this.#rest.length > 0 ? Buffer.concat([this.#rest, part]) : Buffer.from(part);
    // Too short to know whether it is NULL, or whether the last byte is the line's carriage return.
    if (this.#rest.length < 16) return;
    const whole = wholeCharacters(this.#rest.subarray(0, -1), this.#codec);
    if (whole === 0) return;
    const bytes = this.#unescaped(this.#rest.subarray(0, whole));
    const end = wholeLength(bytes, this.#codec);
    this.#give(this.#codec.decode(bytes.subarray(0, end)), false);
    this.#bytes = bytes.subarray(end);
    this.#rest = this.#rest.subarray(whole);
    this.#given = true;
  }

  #unescaped(part: Buffer): Buffer {
    const bytes = unescapeBytes(part, this.#codec);
    return this.#bytes.length > 0 ? Buffer.concat([this.#bytes, bytes]) : bytes;
  }

  #end(): void {
    const isNothing = !this.#given && isNull(this.#rest);
    this.#give(isNothing ? null : this.#codec.decode(this.#unescaped(this.#rest)), true);
    this.#column++;
    this.#rest = this.#bytes = NONE;
    this.#given = false;
  }

  #give(text: string | null, last: boolean): void {
    if (this.#column < MOST_COLUMNS) this.#sink.value(this.#column, text, last);
  }
}
