import { copyRows, type CopyRows } from '../rows/columns';
import { copyReader, type CopyReader } from './copy-reader';
import { countLines, isDigit, isWordStart, wordEnd, type CharacterLength } from './bytes';
import { commentEnd, dollarEnd, escapeStringEnd, lineEnd, quoteEnd } from './quotes';
import { commandEnd, copiesFromScript, effectOnStatement } from './meta-command';
import { InsertBeginning, quickRows } from './quick-rows';
import { wideLength, type TextCodec } from '../text';
import { StatementCapture, type Captured, type Decode } from './statement-capture';
import { StatementState } from './statement-state';

/** What a script consists of, in order. Lines count from 1, offsets are bytes of the unwrapped script. */
export interface ScriptHandler {
  /**
   * A whole statement without its semicolon, as far as it is kept (`StatementCapture`). The answer says whether COPY
   * data follows, and how it is written.
   */
  statement(statement: Captured, facts: StatementFacts): CopyRows | null;
  /** A `--` comment outside of statements, without the dashes. */
  comment(text: string, line: number): void;
  /** A psql command with its arguments. */
  meta(text: string, line: number): void;
  /** COPY data was read to its end line (`end` lies behind it), or to the end of the script (`copy.ended` tells). */
  copied(copy: CopyReader, line: number, offset: number, end: number): void;
}

/** What was seen of a statement while it was read. */
export type StatementFacts = Pick<StatementState, 'verb' | 'tuples' | 'configures' | 'terminated' | 'alike'>;

/** A word, dollar tag or comment that goes on longer than this is not one that matters. */
const LONGEST_WORD = 256;
const LONGEST_LINE = 64 * 1024;

type State = 'normal' | 'comment' | 'string' | 'escape string' | 'name' | 'dollar' | 'copy';

const LF = 10;
const CR = 13;
const utf8: Decode = (bytes) => bytes.toString('utf8');

/**
 * Reads an SQL script in pieces as psql does: quotes, dollar quotes, nested comments, parentheses,
 * `BEGIN ATOMIC` bodies, COPY data, backslash commands. Memory is bounded whatever the script holds.
 *
 * What psql only learns from a server is not followed: variables, `\if`, COPY statements that fail.
 */
export class ScriptScanner {
  readonly #handler: ScriptHandler;
  /** `standard_conforming_strings` off: backslashes escape in every string. */
  backslashEscapes = false;
  /** psql hears of a changed setting with its next line. */
  #nextEscapes: { value: boolean; line: number } | null = null;
  #decode: Decode = utf8;
  #length: CharacterLength | null = null;
  #state: State = 'normal';
  /** The string that ended on this line: two with a line's end between them are one. psql sees only `\r` as such. */
  #ended: State | null = null;
  #returned = false;
  #carry: Buffer = Buffer.alloc(0);
  #base = 0;
  #size = 0;
  #line = 1;
  readonly #nesting = { depth: 0 };
  #tag: Buffer = Buffer.alloc(0);
  #statement = new StatementState();
  readonly #beginning = new InsertBeginning();
  readonly #quick: boolean;
  readonly #capture = new StatementCapture();
  readonly #pendingCopies: CopyRows[] = [];
  #copy: CopyReader | null = null;
  #copyStart = { line: 0, offset: 0 };
  #afterCopy: State = 'normal';

  /** `quick` false: without the shorter way over rows of INSERT, which gives the same. */
  constructor(handler: ScriptHandler, quick = true) {
    this.#handler = handler;
    this.#quick = quick;
  }

  /** The script changes whether backslashes escape. */
  setEscapes(value: boolean): void {
    this.#nextEscapes = { value, line: this.#line };
  }

  /** The script changes its encoding. */
  setEncoding(codec: TextCodec): void {
    this.#decode = codec.decode;
    this.#beginning.forget();
    this.#length = wideLength(codec);
  }

  /** Where the statement that is being read began; null outside of statements. */
  get openSince(): number | null {
    return this.#capture.open ? this.#capture.offset : null;
  }

  /** How far the script was read: what comes after it waits for the next piece. */
  get read(): number {
    return this.#base;
  }

  /** The pieces may be changed after the call. */
  push(chunk: Buffer): void {
    this.#size += chunk.length;
    this.#scan(this.#carry.length ? Buffer.concat([this.#carry, chunk]) : chunk, false);
  }

  /**
   * After the last piece: what is still open, null when the script ends outside of everything. A last statement without
   * its semicolon is told as all others are: psql runs it.
   */
  end(): 'statement' | 'quotes' | 'comment' | 'copy' | null {
    // The last line may lack its line feed.
    const whole = this.#state === 'copy' && !this.#copy!.insideLine && this.#carry.length === 0;
    this.#scan(Buffer.concat([this.#carry, Buffer.from(whole ? '' : '\n')]), true);
    if (this.#state === 'copy') {
      this.#copy!.finish?.();
      this.#handler.copied(this.#copy!, this.#copyStart.line, this.#copyStart.offset, this.#size);
      return 'copy';
    }
    if (this.#state === 'comment') return 'comment';
    if (this.#state !== 'normal') return 'quotes';
    if (!this.#capture.open) return null;
    // Without the line feed that was added.
    if (this.#statement.endsHere) this.#endStatement(this.#carry, this.#size - this.#base);
    return 'statement';
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
    const state = this.#state;
    if (state === 'normal') return this.#normal(data, at, last);
    if (state === 'copy') return this.#copyData(data, at);
    if (this.#pendingCopies.length === 0) return this.#inside(data, at, last);
    // Rows begin with the next line, even where a quote that began behind the COPY statement is still open.
    const line = data.indexOf(LF, at);
    if (line < 0) return this.#inside(data, at, last);
    const next = this.#inside(data.subarray(0, line + 1), at, true);
    if (this.#state !== 'normal' && next === line + 1) this.#beginCopy(next);
    return next;
  }

  /** Reads on inside of something quoted or a comment. */
  #inside(data: Buffer, from: number, last: boolean): number {
    const state = this.#state;
    let end: number;
    if (state === 'comment') end = this.#comment(data, from, last);
    else if (state === 'dollar') end = dollarEnd(data, from, this.#tag, last);
    else if (state === 'escape string') end = escapeStringEnd(data, from, this.#length, last);
    else end = quoteEnd(data, from, state === 'name' ? 34 : 39, this.#length);
    const to = end < 0 ? ~end : end;
    this.#line += countLines(data, from, to);
    if (end >= 0) {
      this.#state = 'normal';
      if (state === 'string' || state === 'escape string') this.#ended = state;
      this.#returned = false;
    }
    return to === from && end < 0 ? -1 : to;
  }

  /** Inside of a nested comment, or (depth 0) of a very long `--` comment. */
  #comment(data: Buffer, from: number, last: boolean): number {
    if (this.#nesting.depth > 0) return commentEnd(data, from, this.#nesting, last);
    const end = lineEnd(data, from, data.length);
    return end < 0 ? ~data.length : end;
  }

  #normal(data: Buffer, from: number, last: boolean): number {
    let at = from;
    const { length } = data;
    while (at < length) {
      const byte = data[at]!;
      if (byte === LF) {
        this.#line++;
        this.#ended = null;
        at++;
        if (this.#pendingCopies.length) return this.#beginCopy(at);
        continue;
      }
      if (byte === 32 || byte === 9 || byte === CR || byte === 12 || byte === 11) {
        if (byte === CR) this.#returned = true;
        at++;
        continue;
      }
      let ended: State | null = null;
      let end = at + 1;
      if (isWordStart(byte)) {
        if (this.#base + at === 0 && byte === 0xef) {
          if (length < 3 && !last) return -1;
          if (data[1] === 0xbb && data[2] === 0xbf) {
            at = 3;
            continue;
          }
        }
        const again = this.#capture.open || !this.#quickly ? -1 : this.#beginning.behind(data, at);
        this.#capture.begin(this.#line, this.#base + at);
        if (again < 0) end = this.#word(data, at, last);
        else {
          end = again;
          this.#line += this.#beginning.lines;
          this.#statement.beginInsert();
        }
      } else if (byte === 59) {
        if (this.#statement.endsHere) {
          this.#statement.terminated = true;
          this.#endStatement(data, at);
        }
      } else if (byte === 39 || byte === 34) {
        this.#capture.begin(this.#line, this.#base + at);
        this.#state =
          byte === 34 ? 'name' : this.#ended && this.#returned ? this.#ended : this.#stringState();
      } else if (byte === 40) {
        this.#capture.begin(this.#line, this.#base + at);
        const { rows, end: behind } =
          this.#statement.rowsFollow && this.#quickly ? quickRows(data, at) : { rows: 0, end: at };
        if (rows > 0) {
          this.#line += countLines(data, at, behind);
          this.#statement.tuples += rows;
          end = behind;
        } else this.#statement.open();
      } else if (byte === 41) {
        this.#capture.begin(this.#line, this.#base + at);
        this.#statement.close();
      } else if (at + 1 >= length && !last) {
        end = -1;
      } else if (byte === 45 && data[at + 1] === 45) {
        end = this.#lineComment(data, at, last);
        ended = this.#ended;
      } else if (byte === 47 && data[at + 1] === 42) {
        this.#nesting.depth = 1;
        this.#state = 'comment';
        end = at + 2;
      } else if (byte === 92) {
        end = this.#backslash(data, at, last);
      } else {
        this.#capture.begin(this.#line, this.#base + at);
        if (isDigit(byte)) end = this.#number(data, at, last);
        else if (byte === 36) end = this.#dollarStart(data, at, last);
      }
      if (end < 0) return at === from ? -1 : at;
      at = end;
      this.#ended = ended;
      if (this.#state !== 'normal') {
        // Most strings end in the same piece.
        if (this.#state === 'copy' || this.#pendingCopies.length || at >= length) return at;
        const behind = this.#inside(data, at, last);
        if (behind < 0) return at;
        at = behind;
        if ((this.#state as State) !== 'normal') return at;
      }
    }
    return at;
  }

  /** Whether the shorter way over rows may be taken: no backslash counts, and no rows of a COPY are awaited. */
  get #quickly(): boolean {
    if (!this.#quick || this.#length || this.#pendingCopies.length > 0) return false;
    this.#settleEscapes();
    return !this.backslashEscapes && !this.#nextEscapes;
  }

  /** A string begins. */
  #stringState(): State {
    this.#settleEscapes();
    return this.backslashEscapes ? 'escape string' : 'string';
  }

  #settleEscapes(): void {
    if (this.#nextEscapes && this.#line > this.#nextEscapes.line) {
      this.backslashEscapes = this.#nextEscapes.value;
      this.#nextEscapes = null;
    }
  }

  #endStatement(data: Buffer, end: number): void {
    const captured = this.#capture.end(data, this.#base, end, this.#decode);
    if (captured) {
      // Those that are alike follow one whose beginning is known.
      if (this.#statement.verb === 'insert' && !this.#statement.begun) this.#beginning.forget();
      const follows = this.#handler.statement(captured, this.#statement);
      if (follows) this.#pendingCopies.push(follows);
    }
    this.#reset();
  }

  #reset(): void {
    this.#capture.reset();
    this.#statement = new StatementState();
  }

  #word(data: Buffer, from: number, last: boolean): number {
    const limit = Math.min(data.length, from + LONGEST_WORD);
    const at = wordEnd(data, from, limit, this.#length);
    // Two more bytes tell whether it is the prefix of a string.
    if (at + 2 >= data.length && at < from + LONGEST_WORD && !last) return -1;
    const prefix = at === from + 1 ? this.#prefixed(data, from) : 0;
    if (prefix > 0) return at + prefix;
    this.#statement.word(data, from, at);
    if (this.#statement.rowsFollow) this.#takeBeginning(data, at);
    return at;
  }

  /** Keeps the beginning of an INSERT, where it lies in one piece. */
  #takeBeginning(data: Buffer, end: number): void {
    const from = this.#capture.offset - this.#base;
    this.#statement.begun = from >= 0;
    if (from >= 0) this.#beginning.take(data, from, end);
  }

  /** A single letter may be the prefix of a string (then the string begins): bytes behind the letter that belong to it. */
  #prefixed(data: Buffer, from: number): number {
    const letter = data[from]! | 32;
    const next = data[from + 1];
    if (next === 39 && (letter === 101 || letter === 98 || letter === 120)) {
      this.#state = letter === 101 ? 'escape string' : 'string';
      return 1;
    }
    if (letter === 117 && next === 38 && (data[from + 2] === 39 || data[from + 2] === 34)) {
      this.#state = data[from + 2] === 39 ? 'string' : 'name';
      return 2;
    }
    return 0;
  }

  /** With the letters behind it: `1e'…'` is a number and a string without escapes. */
  #number(data: Buffer, from: number, last: boolean): number {
    const limit = Math.min(data.length, from + LONGEST_WORD);
    let at = from;
    while (at < limit && isDigit(data[at])) at++;
    if (data[at] === 46) at++;
    while (at < limit && isDigit(data[at])) at++;
    if (isWordStart(data[at])) at = wordEnd(data, at, limit, this.#length);
    return at >= data.length && at < from + LONGEST_WORD && !last ? -1 : Math.min(at, data.length);
  }

  #lineComment(data: Buffer, from: number, last: boolean): number {
    let end = lineEnd(data, from, data.length);
    if (end < 0) {
      // A very long comment is read over in pieces: what goes on is still a comment.
      if (data.length - from < LONGEST_LINE && !last) return -1;
      if (!last) {
        this.#state = 'comment';
        this.#nesting.depth = 0;
        return data.length;
      }
      end = data.length;
    }
    if (!this.#capture.open) this.#handler.comment(this.#text(data, from + 2, end), this.#line);
    return end;
  }

  #dollarStart(data: Buffer, from: number, last: boolean): number {
    const limit = Math.min(data.length, from + LONGEST_WORD);
    let at = from + 1;
    while (at < limit && data[at] !== 36 && (isWordStart(data[at]) || isDigit(data[at]))) at++;
    if (at >= data.length && at < from + LONGEST_WORD && !last) return -1;
    if (data[at] !== 36 || isDigit(data[from + 1])) return from + 1;
    this.#tag = Buffer.from(data.subarray(from, at + 1));
    this.#state = 'dollar';
    return at + 1;
  }

  #backslash(data: Buffer, from: number, last: boolean): number {
    const next = data[from + 1];
    // `\:` is a colon, `\;` a semicolon that is sent with what follows it.
    if (next === 58) return from + 2;
    if (next === 59) {
      if (this.#statement.endsHere) this.#endPart(data, from);
      return from + 2;
    }
    let end = data.indexOf(LF, from);
    if (end < 0) {
      if (data.length - from < LONGEST_LINE && !last) return -1;
      end = data.length;
    }
    const line = data.toString('latin1', from, Math.min(end, from + LONGEST_LINE));
    const length = commandEnd(line);
    const command = this.#text(data, from, from + length).trimEnd();
    this.#handler.meta(command, this.#line);
    const effect = effectOnStatement(command);
    if (effect === 'sent') this.#endStatement(data, from);
    else if (effect === 'dropped') {
      this.#beginning.forget();
      this.#reset();
    }
    if (copiesFromScript(command)) this.#pendingCopies.push(copyRows(command.slice(1), false));
    if (line.startsWith('\\\\', length)) return from + length + 2;
    return length < line.length ? from + length : end;
  }

  /** The server runs what is before `\;` as a statement of its own. */
  #endPart(data: Buffer, end: number): void {
    const parens = this.#statement.parens;
    this.#endStatement(data, end);
    this.#statement.parens = parens;
  }

  #beginCopy(at: number): number {
    this.#copy = copyReader(this.#pendingCopies.shift()!, this.#length);
    this.#copyStart = { line: this.#line, offset: this.#base + at };
    if (this.#state !== 'copy') this.#afterCopy = this.#state;
    this.#state = 'copy';
    return at;
  }

  #copyData(data: Buffer, from: number): number {
    const copy = this.#copy!;
    const end = copy.read(data, from);
    if (end < 0) return ~end === from ? -1 : ~end;
    this.#line = this.#copyStart.line + copy.lines + 1;
    const { line, offset } = this.#copyStart;
    this.#handler.copied(copy, line, offset, this.#base + end);
    if (this.#pendingCopies.length) return this.#beginCopy(end);
    this.#state = this.#afterCopy;
    return end;
  }

  #text(data: Buffer, from: number, to: number): string {
    const end = to > from && data[to - 1] === CR ? to - 1 : to;
    return this.#decode(data.subarray(from, Math.min(end, from + LONGEST_LINE)));
  }
}
