import { isUtf8 } from 'node:buffer';
import * as l10n from '@vscode/l10n';
import { CopyCounter } from '../rows/copy-counter';
import { ScriptScanner } from '../sql/scanner';
import { textCodec } from '../text';

/** Lets through what of a table's data is whole. */
export interface WholeData {
  readonly rows: number;
  /** Takes the next bytes; returns what is surely whole of what was taken so far. */
  push(part: Buffer): Buffer;
  /** After the last byte; `damaged`: they did not end by themselves. Returns what else is whole. */
  finish(damaged: boolean): Buffer;
  /** Why not all is whole, null when it is. */
  fault: string | null;
}

/** What is decoded shortly before damage is noticed may be wrong already: so much is looked at closely then. */
const HELD = 256 * 1024;
/** A row or statement that is longer is given up, and what follows it: memory is bounded. */
const LONGEST = 256 * 1024 * 1024;
const LF = 10;
const EMPTY: Buffer = Buffer.alloc(0);

/** Bytes that are kept back. They are put together when they have doubled, so that long rows cost linear time. */
class Held {
  #parts: Buffer[] = [];
  #size = 0;
  #enough = 2 * HELD;

  /** Takes more; returns all of it when it is time to look at it. */
  add(part: Buffer): Buffer | null {
    this.#parts.push(part);
    this.#size += part.length;
    return this.#size < this.#enough ? null : this.all();
  }

  all(): Buffer {
    if (this.#parts.length !== 1) this.#parts = [Buffer.concat(this.#parts)];
    return this.#parts[0]!;
  }

  /** Keeps this only; false when it is too much. */
  keep(rest: Buffer): boolean {
    this.#parts = [rest];
    this.#size = rest.length;
    this.#enough = Math.max(2 * HELD, 2 * rest.length);
    return rest.length <= LONGEST;
  }
}

/** COPY text, up to its end line, to damage or to the first row with another number of columns. */
export class WholeRows implements WholeData {
  rows = 0;
  fault: string | null = null;
  readonly #columns: number | null;
  readonly #utf8: boolean;
  readonly #counter: CopyCounter;
  readonly #held = new Held();
  #closed = false;

  constructor(columns: number | null, utf8: boolean) {
    this.#columns = columns;
    this.#utf8 = utf8;
    this.#counter = new CopyCounter(columns);
  }

  push(part: Buffer): Buffer {
    if (this.#closed) return EMPTY;
    const held = this.#held.add(part);
    return held ? this.#release(held, held.lastIndexOf(LF, held.length - HELD) + 1) : EMPTY;
  }

  finish(damaged: boolean): Buffer {
    if (this.#closed) return EMPTY;
    const held = this.#held.all();
    const rows = this.#release(held, damaged ? this.#soundLength(held) : held.lastIndexOf(LF) + 1);
    if (!this.#counter.ended) this.fault ??= cut(this.rows);
    this.#closed = true;
    return rows;
  }

  /** Counts whole lines of what is held, and gives them out as far as they are rows. */
  #release(held: Buffer, length: number): Buffer {
    const lines = held.subarray(0, length);
    if (!this.#held.keep(held.subarray(length))) {
      this.fault = tooLong();
      this.#closed = true;
    }
    const before = this.#counter.bytes;
    const rowsBefore = this.#counter.rows;
    this.#counter.consume(lines);
    const { misfit, ended, rows, bytes } = this.#counter;
    this.#closed ||= ended || misfit > 0;
    if (misfit === 0) {
      this.rows = rows;
      return lines.subarray(0, bytes - before);
    }
    this.rows = misfit - 1;
    this.fault = l10n.t('row {0} has not as many columns as the table', misfit);
    let at = 0;
    for (let row = rowsBefore; row < misfit - 1; row++) at = lines.indexOf(LF, at) + 1;
    return lines.subarray(0, at);
  }

  /** Bytes of what is held up to the first line that no server writes. */
  #soundLength(held: Buffer): number {
    let at = 0;
    for (;;) {
      const end = held.indexOf(LF, at);
      if (end < 0 || !this.#sound(held.subarray(at, end))) return at;
      at = end + 1;
    }
  }

  #sound(line: Buffer): boolean {
    let tabs = 0;
    for (const byte of line)
      if (byte === 9) tabs++;
      else if (byte === 0 || byte === 13) return false;
    const whole = line.length === 2 && line.toString('latin1') === '\\.';
    if (!whole && this.#columns !== null && tabs !== Math.max(0, this.#columns - 1)) return false;
    return !this.#utf8 || isUtf8(line);
  }
}

/** INSERT statements, up to the end of the last one that is whole. */
export class WholeInserts implements WholeData {
  rows = 0;
  fault: string | null = null;
  readonly #held = new Held();
  #closed = false;
  /** Byte of the data that is held first, and the one behind the last whole statement. */
  #from = 0;
  #end = 0;
  readonly #scanner: ScriptScanner;
  /** Archives end the rows by empty lines; in a script anything may follow. */
  readonly #ended: RegExp;

  /** `written`: how a script's statements are written; undefined for an archive's. */
  constructor(written: { encoding: string; escapes: boolean } | undefined) {
    this.#ended = written ? /^\s*$/ : /^\n\n\n?$/;
    this.#scanner = new ScriptScanner({
      statement: ({ offset, bytes }, { tuples, terminated }) => {
        if (!terminated) return null;
        this.rows += tuples;
        this.#end = offset + bytes + 1;
        return null;
      },
      comment: () => {},
      meta: () => {},
      copied: () => {},
    });
    if (!written) return;
    this.#scanner.backslashEscapes = written.escapes;
    this.#scanner.setEncoding(textCodec(written.encoding));
  }

  push(part: Buffer): Buffer {
    if (this.#closed) return EMPTY;
    this.#scanner.push(part);
    const held = this.#held.add(part);
    return held ? this.#release(held) : EMPTY;
  }

  finish(damaged: boolean): Buffer {
    // The last one may be told at the end only.
    if (!this.#closed) this.#scanner.end();
    const whole = this.#release(this.#held.all());
    const rest = this.#held.all().toString('latin1', 0, 10);
    if (damaged || !this.#ended.test(rest)) this.fault ??= cut(this.rows);
    return Buffer.concat([whole, Buffer.from('\n')]);
  }

  #release(held: Buffer): Buffer {
    const whole = held.subarray(0, this.#end - this.#from);
    this.#from += whole.length;
    if (!this.#held.keep(held.subarray(whole.length))) {
      this.fault = tooLong();
      this.#closed = true;
    }
    return whole;
  }
}

function tooLong(): string {
  return l10n.t('a row is longer than can be kept in memory');
}

function cut(rows: number): string {
  return l10n.t('its rows are cut short after {0} rows: the end line is missing', rows);
}
