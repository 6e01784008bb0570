import { createHash, type Hash } from 'node:crypto';
import { DamageError } from '../../archive';
import {
  cutText,
  lineValues,
  LONGEST_ROW,
  LongCopyRow,
  type LongSink,
  type TextCodec,
} from '../../archive/comparing';
import { RowSkipper } from './rowHasher';
import type { RowSet } from './rowSet';
import type { RowTexts } from './rowTexts';
import { codecOf, type CountedRows, type How } from './source';
import { digest, kept, LONGEST, type Canonical, type KeptValue } from './values';

const LF = 10;
const CR = 13;

export interface WantedOptions {
  how: How;
  /** By compared column. */
  canonical: readonly (Canonical | null)[];
  signal: AbortSignal;
  onBytes(bytes: number): void;
}

/** Rows of a side by their numbers, by compared column; undefined for a column the side does not have. */
export async function* wantedRows(
  rows: CountedRows,
  set: RowSet,
  options: WantedOptions,
): AsyncGenerator<(KeptValue | undefined)[]> {
  const numbers = set[Symbol.iterator]();
  const skipper = new RowSkipper();
  const codec = codecOf(rows, options.how);
  let next = numbers.next();
  try {
    for (const [index, part] of rows.parts.entries()) {
      // Rows of other parts are counted, not read.
      const end = rows.starts[index + 1]!;
      let row = rows.starts[index]!;
      if (next.done) return;
      if (next.value >= end) continue;
      const { placed, begin } = placing(rows.columns[index]!, codec, options);
      let line: OpenLine | null = null;
      try {
        reading: for await (const piece of part.read(options.how, options.signal)) {
          options.signal.throwIfAborted();
          options.onBytes(piece.length);
          if (next.done || next.value >= end) continue;
          skipper.load(piece);
          let at = 0;
          while (at < piece.length) {
            if (line) {
              const end = piece.indexOf(LF, at);
              line.push(piece.subarray(at, end < 0 ? piece.length : end));
              if (end < 0) break;
              yield placed(line.end());
              line = null;
              row++;
              at = end + 1;
              next = numbers.next();
            }
            if (next.done || next.value >= end) {
              if (!part.whole) break reading;
              break;
            }
            if (next.value > row) {
              const skipped = skipper.skip(at, next.value - row);
              row += skipped.rows;
              at = skipped.at;
            }
            if (row === next.value && at < piece.length) line = begin();
          }
        }
      } catch (error) {
        // The first pass told it.
        if (!(error instanceof DamageError)) throw error;
      }
    }
  } finally {
    skipper.release();
  }
}

/** The same of rows whose texts were kept. */
export function* keptRows(
  rows: CountedRows,
  set: RowSet,
  texts: RowTexts,
  options: WantedOptions,
): Generator<(KeptValue | undefined)[]> {
  const codec = codecOf(rows, options.how);
  let part = -1;
  let place: ReturnType<typeof placing> | undefined;
  for (const { row, bytes } of texts.lines(set)) {
    while (!place || row >= rows.starts[part + 1]!) {
      part++;
      place = placing(rows.columns[part]!, codec, options);
    }
    const line = place.begin();
    line.push(bytes);
    yield place.placed(line.end());
  }
}

/** How rows of a part are read, and where their values go. */
function placing(columns: readonly number[], codec: TextCodec, { canonical }: WantedOptions) {
  const own = columns.map((column) => (column >= 0 ? (canonical[column] ?? null) : null));
  return {
    begin: (): OpenLine => new OpenLine(codec, columns.length, own),
    placed(values: KeptValue[]): (KeptValue | undefined)[] {
      const by: (KeptValue | undefined)[] = new Array<undefined>(canonical.length).fill(undefined);
      for (const [at, column] of columns.entries())
        if (column >= 0) by[column] = values[at] ?? { text: null };
      return by;
    },
  };
}

/** The bytes of one row, in pieces where it is long. */
class OpenLine {
  readonly #codec: TextCodec;
  readonly #columns: number;
  readonly #canonical: readonly (Canonical | null)[];
  #pieces: Buffer[] = [];
  #length = 0;
  #long: { row: LongCopyRow; sink: DigestSink } | null = null;

  constructor(codec: TextCodec, columns: number, canonical: readonly (Canonical | null)[]) {
    this.#codec = codec;
    this.#columns = columns;
    this.#canonical = canonical;
  }

  push(bytes: Buffer): void {
    this.#length += bytes.length;
    if (!this.#long && this.#length > LONGEST_ROW) {
      const sink = new DigestSink(this.#canonical);
      this.#long = { sink, row: new LongCopyRow(this.#codec, sink) };
      for (const piece of this.#pieces) this.#long.row.push(piece, false);
      this.#pieces = [];
    }
    if (this.#long) this.#long.row.push(bytes, false);
    else this.#pieces.push(Buffer.from(bytes));
  }

  end(): KeptValue[] {
    if (this.#long) {
      this.#long.row.push(Buffer.alloc(0), true);
      return this.#long.sink.values;
    }
    let line = this.#pieces.length === 1 ? this.#pieces[0]! : Buffer.concat(this.#pieces);
    if (line.at(-1) === CR) line = line.subarray(0, -1);
    return lineValues(line, this.#codec, this.#columns).map((value, at) =>
      kept(value, this.#canonical[at] ?? null),
    );
  }
}

/** Values of a very long row: short ones whole, long ones by their beginning and a digest of all. */
class DigestSink implements LongSink {
  readonly values: KeptValue[] = [];
  readonly #canonical: readonly (Canonical | null)[];
  #text = '';
  #length = 0;
  #hash: Hash | null = null;

  constructor(canonical: readonly (Canonical | null)[]) {
    this.#canonical = canonical;
  }

  value(column: number, text: string | null, last: boolean): void {
    if (text !== null) {
      this.#length += text.length;
      (this.#hash ??= createHash('sha256')).update(text, 'utf16le');
      if (this.#text.length <= LONGEST) this.#text += text.slice(0, LONGEST + 1);
    }
    if (!last) return;
    this.values[column] =
      text === null
        ? { text }
        : this.#length <= LONGEST
          ? kept(this.#text, this.#canonical[column] ?? null)
          : {
              text: cutText(this.#text, LONGEST),
              length: this.#length,
              by: digest(this.#hash!.digest()),
            };
    [this.#text, this.#length, this.#hash] = ['', 0, null];
  }
}
