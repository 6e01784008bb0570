import type { TextCodec } from '../text';

/** Where an expression list is parted. */
export type Stop = '(' | ',' | ')' | ';';

const isWordByte = (b: number): boolean =>
  (b >= 97 && b <= 122) || (b >= 65 && b <= 90) || (b >= 48 && b <= 57) || b === 95 || b >= 128;

/**
 * Walks over SQL in bytes and stops where values are parted: outside of strings, quoted names and comments. Its state
 * does not depend on where pieces of the text end.
 */
export class SqlWalker {
  depth = 0;
  readonly #codec: TextCodec;
  readonly #escapes: boolean;
  #state: 'normal' | 'string' | 'escapes' | 'name' | 'tag' | 'dollar' | 'line' | 'comment' = 'normal';
  #before = 0;
  #word = 0;
  #comments = 0;
  #tag: number[] = [];
  #matched = 0;
  #over = 0;

  /** `escapes`: backslashes escape in every string, not only in E'…'. */
  constructor(codec: TextCodec, escapes: boolean) {
    this.#codec = codec;
    this.#escapes = escapes;
  }

  /** Walks to the next stop outside of `deepest` parentheses; null at the end of the piece. `at` is behind the stop. */
  next(bytes: Buffer, from: number, deepest: number): { at: number; stop: Stop } | null {
    let at = from + this.#over;
    for (; at < bytes.length; at++) {
      const byte = bytes[at]!;
      switch (this.#state) {
        case 'normal': {
          const stop = this.#normal(byte);
          if (stop === null) break;
          if ((stop === '(' ? this.depth - 1 : this.depth) >= deepest) break;
          this.#over = 0;
          return { at: at + 1, stop };
        }
        case 'string':
        case 'name': {
          const end = bytes.indexOf(this.#state === 'name' ? 34 : 39, at);
          at = end < 0 ? bytes.length - 1 : end;
          if (end >= 0) this.#leave();
          break;
        }
        case 'escapes':
          if (byte === 92) at++;
          else if (byte === 39) {
            this.#leave();
            // A doubled quote must not end it: what follows is still a string with escapes.
            this.#before = 39;
          } else if (byte >= 0x80 && !this.#codec.asciiSafe) at += this.#codec.length(bytes, at) - 1;
          break;
        default:
          this.#other(byte);
      }
    }
    this.#over = at - bytes.length;
    return null;
  }

  #leave(): void {
    this.#state = 'normal';
    this.#before = this.#word = 0;
  }

  #normal(byte: number): Stop | null {
    const before = this.#before;
    const word = this.#word;
    this.#before = byte;
    this.#word = isWordByte(byte) ? word + 1 : 0;
    if (byte === 39) {
      const escaped = this.#escapes || before === 39 || (word === 1 && (before | 32) === 101);
      this.#state = escaped ? 'escapes' : 'string';
    } else if (byte === 34) this.#state = 'name';
    else if (byte === 36 && word === 0) [this.#state, this.#tag] = ['tag', [byte]];
    else if (byte === 45 && before === 45) this.#state = 'line';
    else if (byte === 42 && before === 47) [this.#state, this.#comments, this.#before] = ['comment', 1, 0];
    else if (byte === 40) return (this.depth++, '(');
    else if (byte === 41) return ((this.depth = Math.max(0, this.depth - 1)), ')');
    // ARRAY[1, 2]
    else if (byte === 91 && this.depth > 0) this.depth++;
    else if (byte === 93 && this.depth > 1) this.depth--;
    else if (byte === 44) return ',';
    else if (byte === 59 && this.depth === 0) return ';';
    return null;
  }

  #other(byte: number): void {
    const before = this.#before;
    this.#before = byte;
    if (this.#state === 'line') {
      if (byte === 10) this.#leave();
    } else if (this.#state === 'comment') {
      if (byte === 42 && before === 47) [this.#comments, this.#before] = [this.#comments + 1, 0];
      else if (byte === 47 && before === 42) {
        this.#before = 0;
        if (--this.#comments === 0) this.#leave();
      }
    } else if (this.#state === 'tag') {
      this.#tag.push(byte);
      if (byte === 36) [this.#state, this.#matched] = ['dollar', 0];
      // $1 is a parameter; a tag is never that long.
      else if (!isWordByte(byte) || this.#tag.length > 64) this.#leave();
    } else {
      this.#matched = byte === this.#tag[this.#matched] ? this.#matched + 1 : byte === 36 ? 1 : 0;
      if (this.#matched === this.#tag.length) this.#leave();
    }
  }
}
