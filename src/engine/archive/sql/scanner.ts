import { CopyCounter } from '../rows/copy-counter';
import { StatementCapture, type Captured } from './statement-capture';
import { StatementState } from './statement-state';

/** What a script consists of, in order. Lines count from 1, offsets are bytes of the unwrapped script. */
export interface ScriptHandler {
  /**
   * A whole statement without its semicolon, as far as it is kept (`StatementCapture`);
   * `tuples` counts the rows of INSERT … VALUES. The answer says whether COPY data follows, and of how
   * many columns.
   */
  statement(statement: Statement): { copyColumns: number | null } | null;
  /** A `--` comment outside of statements, without the dashes. */
  comment(text: string, line: number): void;
  /** A psql command, the rest of its line with it. */
  meta(text: string, line: number): void;
  /** COPY data was read to its end line (`end` lies behind it), or to the end of the script (`counter.ended` tells). */
  copied(counter: CopyCounter, line: number, offset: number, end: number): void;
}

export interface Statement extends Captured {
  /** Its first word, lower case. */
  verb: string;
  tuples: number;
}

/** A word, dollar tag or comment that goes on longer than this is not one that matters. */
const LONGEST_WORD = 256;
const LONGEST_LINE = 64 * 1024;

type State = 'normal' | 'comment' | 'string' | 'escape string' | 'name' | 'dollar' | 'copy';

const isWordStart = (b: number): boolean =>
  (b >= 97 && b <= 122) || (b >= 65 && b <= 90) || b === 95 || b >= 128;
const isWord = (b: number): boolean => isWordStart(b) || (b >= 48 && b <= 57) || b === 36;

/**
 * Reads an SQL script in pieces as psql does: quotes, dollar quotes, nested comments, parentheses,
 * `BEGIN ATOMIC` bodies, COPY data, backslash commands. Memory is bounded whatever the script holds.
 */
export class ScriptScanner {
  readonly #handler: ScriptHandler;
  /** `standard_conforming_strings` off: backslashes escape in every string. */
  backslashEscapes = false;
  #state: State = 'normal';
  #carry: Buffer = Buffer.alloc(0);
  #base = 0;
  #line = 1;
  #depth = 0;
  #tag: Buffer = Buffer.alloc(0);
  #statement = new StatementState();
  readonly #capture = new StatementCapture();
  #pendingCopy: { columns: number | null } | null = null;
  #copy: CopyCounter | null = null;
  #copyStart = { line: 0, offset: 0 };
  #afterCopy: State = 'normal';

  constructor(handler: ScriptHandler) {
    this.#handler = handler;
  }

  push(chunk: Buffer): void {
    this.#scan(this.#carry.length ? Buffer.concat([this.#carry, chunk]) : chunk, false);
  }

  /** After the last piece: what is still open, null when the script ends outside of everything. */
  end(): 'statement' | 'quotes' | 'comment' | 'copy' | null {
    // The last line may lack its line feed.
    const whole = this.#state === 'copy' && !this.#copy!.insideLine;
    this.#scan(Buffer.concat([this.#carry, Buffer.from(whole ? '' : '\n')]), true);
    if (this.#state === 'copy') {
      this.#handler.copied(this.#copy!, this.#copyStart.line, this.#copyStart.offset, this.#base);
      return 'copy';
    }
    if (this.#state === 'comment') return 'comment';
    if (this.#state !== 'normal') return 'quotes';
    return this.#capture.open ? 'statement' : null;
  }

  #scan(data: Buffer, last: boolean): void {
    let at = 0;
    while (at < data.length) {
      const next = this.#step(data, at, last);
      if (next < 0) break;
      at = next;
    }
    this.#capture.take(data, this.#base, at);
    this.#carry = at < data.length ? Buffer.from(data.subarray(at)) : Buffer.alloc(0);
    this.#base += at;
  }

  /** Reads on in the present state; returns where to go on, or -1 when the next piece is needed. */
  #step(data: Buffer, at: number, last: boolean): number {
    switch (this.#state) {
      case 'normal':
        return this.#normal(data, at, last);
      case 'comment':
        return this.#comment(data, at, last);
      case 'string':
      case 'name':
        return this.#quoted(data, at, this.#state === 'name' ? 34 : 39);
      case 'escape string':
        return this.#escapeString(data, at, last);
      case 'dollar':
        return this.#dollar(data, at);
      case 'copy':
        return this.#copyData(data, at);
    }
  }

  #normal(data: Buffer, from: number, last: boolean): number {
    let at = from;
    const { length } = data;
    while (at < length) {
      const byte = data[at]!;
      if (byte === 10) {
        this.#line++;
        at++;
        if (this.#pendingCopy) return this.#beginCopy(at);
        continue;
      }
      if (byte === 32 || byte === 9 || byte === 13 || byte === 12 || byte === 11) {
        at++;
        continue;
      }
      if (at + 1 >= length && !last) return at === from ? -1 : at;
      const next = data[at + 1];
      if (byte === 45 && next === 45) {
        const end = this.#lineComment(data, at, last);
        if (end < 0) return at === from ? -1 : at;
        at = end;
        continue;
      }
      if (byte === 47 && next === 42) {
        this.#depth = 1;
        this.#state = 'comment';
        return at + 2;
      }
      if (byte === 92) {
        if (next === 59 || next === 58) {
          at += 2;
          continue;
        }
        const end = this.#meta(data, at, last);
        return end < 0 && at > from ? at : end;
      }
      if (byte === 0xef && !this.#capture.open && data[at + 1] === 0xbb && data[at + 2] === 0xbf) {
        at += 3;
        continue;
      }
      if (byte === 59) {
        at++;
        if (this.#statement.endsHere) this.#endStatement(data, at - 1);
        continue;
      }
      this.#capture.begin(this.#line, this.#base + at);
      if (byte === 39 || byte === 34) {
        this.#state = byte === 34 ? 'name' : this.backslashEscapes ? 'escape string' : 'string';
        return at + 1;
      }
      if (isWordStart(byte)) {
        const end = this.#word(data, at, last);
        if (end < 0) return at === from ? -1 : at;
        at = end;
        if (this.#state !== 'normal') return at;
        continue;
      }
      if (byte === 36) {
        const end = this.#dollarStart(data, at, last);
        if (end < 0) return at === from ? -1 : at;
        at = end;
        if (this.#state !== 'normal') return at;
        continue;
      }
      if (byte === 40) this.#statement.open();
      else if (byte === 41) this.#statement.close();
      at++;
    }
    return at;
  }

  #endStatement(data: Buffer, end: number): void {
    const captured = this.#capture.end(data, this.#base, end);
    if (captured) {
      const { verb, tuples } = this.#statement;
      const follows = this.#handler.statement({ ...captured, verb, tuples });
      if (follows) this.#pendingCopy = { columns: follows.copyColumns };
    }
    this.#reset();
  }

  #reset(): void {
    this.#capture.reset();
    this.#statement = new StatementState();
  }

  #word(data: Buffer, from: number, last: boolean): number {
    let at = from + 1;
    const limit = Math.min(data.length, from + LONGEST_WORD);
    while (at < limit && isWord(data[at]!)) at++;
    if (at >= data.length && at < from + LONGEST_WORD && !last) return -1;
    const quote = data[at] === 39;
    if (quote && at === from + 1 && (data[from]! | 32) === 101) {
      this.#state = 'escape string';
      return at + 1;
    }
    this.#statement.word(data.toString('latin1', from, at).toLowerCase());
    return at;
  }

  #lineComment(data: Buffer, from: number, last: boolean): number {
    let end = data.indexOf(10, from);
    if (end < 0) {
      // A very long comment is read over in pieces: what goes on is still a comment.
      if (data.length - from < LONGEST_LINE && !last) return -1;
      if (!last) {
        this.#state = 'comment';
        this.#depth = 0;
        return data.length;
      }
      end = data.length;
    }
    if (!this.#capture.open) this.#handler.comment(text(data, from + 2, end), this.#line);
    return end;
  }

  /** Inside of a nested comment, or (depth 0) of a very long `--` comment. */
  #comment(data: Buffer, from: number, last: boolean): number {
    for (let at = from; at < data.length; at++) {
      const byte = data[at]!;
      if (byte === 10) {
        if (this.#depth === 0) {
          this.#state = 'normal';
          return at;
        }
        this.#line++;
      }
      if (this.#depth === 0 || (byte !== 42 && byte !== 47)) continue;
      if (at + 1 >= data.length) return last ? at + 1 : at === from ? -1 : at;
      if (byte === 42 && data[at + 1] === 47) {
        at++;
        if (--this.#depth === 0) {
          this.#state = 'normal';
          return at + 1;
        }
      } else if (byte === 47 && data[at + 1] === 42) {
        at++;
        this.#depth++;
      }
    }
    return data.length;
  }

  /** A doubled quote ends one string and begins the next: the same in the end. */
  #quoted(data: Buffer, from: number, quote: number): number {
    for (let at = from; at < data.length; at++) {
      const byte = data[at]!;
      if (byte === 10) this.#line++;
      else if (byte === quote) {
        this.#state = 'normal';
        return at + 1;
      }
    }
    return data.length;
  }

  #escapeString(data: Buffer, from: number, last: boolean): number {
    for (let at = from; at < data.length; at++) {
      const byte = data[at]!;
      if (byte === 10) this.#line++;
      else if (byte === 92 || byte === 39) {
        if (at + 1 >= data.length && !last) return at === from ? -1 : at;
        // A doubled quote must not end it: what follows is still a string with escapes.
        if (byte === 92 || data[at + 1] === 39) {
          if (data[at + 1] === 10) this.#line++;
          at++;
        } else {
          this.#state = 'normal';
          return at + 1;
        }
      }
    }
    return data.length;
  }

  #dollarStart(data: Buffer, from: number, last: boolean): number {
    let at = from + 1;
    const limit = Math.min(data.length, from + LONGEST_WORD);
    while (at < limit && isWord(data[at]!) && data[at] !== 36) at++;
    if (at >= data.length && at < from + LONGEST_WORD && !last) return -1;
    const first = data[from + 1]!;
    if (data[at] !== 36 || (first >= 48 && first <= 57)) return from + 1;
    this.#tag = Buffer.from(data.subarray(from, at + 1));
    this.#state = 'dollar';
    return at + 1;
  }

  #dollar(data: Buffer, from: number): number {
    const end = data.indexOf(this.#tag, from);
    // The tag may lie across the border of two pieces.
    const stop = end < 0 ? Math.max(from, data.length - this.#tag.length + 1) : end;
    for (let at = data.indexOf(10, from); at >= 0 && at < stop; at = data.indexOf(10, at + 1)) this.#line++;
    if (end < 0) return stop === from ? -1 : stop;
    this.#state = 'normal';
    return end + this.#tag.length;
  }

  #meta(data: Buffer, from: number, last: boolean): number {
    let end = data.indexOf(10, from);
    if (end < 0) {
      if (data.length - from < LONGEST_LINE && !last) return -1;
      end = data.length;
    }
    const command = text(data, from, end);
    this.#handler.meta(command, this.#line);
    // What sends or clears the statement that was being written.
    if (/^\\(?:g|r\b|crosstabview|watch|parse|bind|close|;)/.test(command)) this.#reset();
    if (/^\\copy\b.*\bfrom\s+p?stdin\b/i.test(command)) this.#pendingCopy = { columns: null };
    return end;
  }

  #beginCopy(at: number): number {
    this.#copy = new CopyCounter(this.#pendingCopy!.columns);
    this.#copyStart = { line: this.#line, offset: this.#base + at };
    this.#pendingCopy = null;
    this.#afterCopy = this.#state;
    this.#state = 'copy';
    return at;
  }

  #copyData(data: Buffer, from: number): number {
    const copy = this.#copy!;
    const end = copy.consume(data, from);
    if (end < 0) return data.length;
    this.#line = this.#copyStart.line + copy.rows + 1;
    this.#state = this.#afterCopy;
    this.#handler.copied(copy, this.#copyStart.line, this.#copyStart.offset, this.#base + end);
    return end;
  }
}

function text(data: Buffer, from: number, to: number): string {
  const end = to > from && data[to - 1] === 13 ? to - 1 : to;
  return data.toString('utf8', from, Math.min(end, from + LONGEST_LINE));
}
