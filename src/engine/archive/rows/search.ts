import { checkAborted } from '../abort';
import type { TextCodec } from '../text';
import type { RowQuery } from '../types';
import type { Block, LongSink, ParsedRow } from './blocks';
import { candidates, type Candidates } from './candidates';
import { makeMatcher, plainTest, type Matcher } from './matcher';

/** Rows that are tried together. */
const BATCH = 1000;

/** A row that fits. */
export interface Hit {
  index: number;
  row: ParsedRow;
  /** Columns that fit. */
  columns: number[];
}

/** A query made ready. */
export class Search {
  readonly query: RowQuery;
  readonly #matcher: Matcher;
  readonly #candidates: Candidates | null;

  constructor(query: RowQuery, codec: TextCodec) {
    this.query = query;
    this.#matcher = makeMatcher(query);
    this.#candidates = candidates(query, codec);
  }

  /** The rows of a block that fit, from one on. */
  *hits(block: Block, from: number, signal?: AbortSignal): Generator<Hit> {
    const indexes = block.plain ? this.#candidates?.(block) : null;
    if (indexes) {
      for (const index of indexes) {
        if (index < from) continue;
        checkAborted(signal);
        const row = block.parse(index);
        const columns = this.#matcher([row.values], block.row + index)[0]!;
        if (columns.length > 0) yield { index, row, columns };
      }
      return;
    }
    let index = from;
    let rows: (string | null)[][] = [];
    for (const { values } of block.parseFrom(from)) {
      if (rows.push(values) < BATCH) continue;
      checkAborted(signal);
      yield* this.#tried(block, rows, index);
      index += rows.length;
      rows = [];
    }
    yield* this.#tried(block, rows, index);
  }

  *#tried(block: Block, rows: (string | null)[][], first: number): Generator<Hit> {
    const found = this.#matcher(rows, block.row + first);
    for (const [i, columns] of found.entries()) {
      const index = first + i;
      // Read once more by itself: kept, it would keep the whole block in memory.
      if (columns.length > 0) yield { index, row: block.parse(index), columns };
    }
  }

  longRow(): LongMatch {
    return new LongMatch(this.query, this.#matcher);
  }
}

/** A pattern, or a value as a whole, sees no more of a long value than this. */
const MOST_AT_ONCE = 4 * 1024 * 1024;

/** Looks for a text in a row that comes in pieces. */
export class LongMatch implements LongSink {
  readonly #query: RowQuery;
  readonly #matcher: Matcher;
  readonly #test: ((value: string) => boolean) | null;
  /** Columns that fit so far. */
  readonly columns: number[] = [];
  #text = '';
  #fits = false;

  constructor(query: RowQuery, matcher: Matcher) {
    this.#query = query;
    this.#matcher = matcher;
    this.#test = query.regex || query.wholeValue ? null : plainTest(query);
  }

  value(column: number, text: string | null, last: boolean): void {
    if (this.#query.column !== undefined && this.#query.column !== column) return;
    if (text !== null && !this.#fits) this.#more(text);
    if (!last) return;
    if (!this.#test && text !== null) {
      const alone: string[] = [];
      alone[column] = this.#text;
      this.#fits = this.#matcher([Array.from(alone, (value) => value ?? null)], 0)[0]!.includes(column);
    }
    if (this.#fits) this.columns.push(column);
    [this.#text, this.#fits] = ['', false];
  }

  #more(text: string): void {
    if (!this.#test) {
      if (this.#text.length < MOST_AT_ONCE) this.#text += text;
      return;
    }
    const whole = this.#text + text;
    this.#fits = this.#test(whole);
    // The text may lie across the border of two pieces.
    this.#text = whole.slice(Math.max(0, whole.length - this.#query.text.length + 1));
  }
}
