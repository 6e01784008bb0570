import { checkAborted } from '../abort';
import type { TextCodec } from '../text';
import type { RowQuery } from '../types';
import type { Block, LongSink, ParsedRow } from './blocks';
import { candidates, type Candidates } from './candidates';
import { makeMatcher, plainTest, type Matcher } from './matcher';

/** Rows that are tried together, and their characters. */
const BATCH = 500;

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
    let rows: ParsedRow[] = [];
    let places: number[] = [];
    for (const index of indexes ?? range(from, block.rows)) {
      if (index < from) continue;
      places.push(index);
      rows.push(block.parse(index));
      if (rows.length < BATCH) continue;
      checkAborted(signal);
      yield* this.#tried(rows, places, block.row);
      [rows, places] = [[], []];
    }
    yield* this.#tried(rows, places, block.row);
  }

  *#tried(rows: ParsedRow[], places: number[], first: number): Generator<Hit> {
    if (rows.length === 0) return;
    const found = this.#matcher(
      rows.map(({ values }) => values),
      first + places[0]!,
    );
    for (const [i, columns] of found.entries())
      if (columns.length > 0) yield { index: places[i]!, row: rows[i]!, columns };
  }

  longRow(): LongMatch {
    return new LongMatch(this.query, this.#matcher);
  }
}

function* range(from: number, to: number): Generator<number> {
  for (let n = from; n < to; n++) yield n;
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
