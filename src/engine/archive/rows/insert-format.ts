import * as l10n from '@vscode/l10n';
import { checkAborted } from '../abort';
import { damage, type DamageError } from '../errors';
import type { TextCodec } from '../text';
import { entryLabel } from '../toc/entries';
import type { DataStream, Entry, ReadOptions } from '../types';
import { LONGEST_ROW, MOST_COLUMNS } from './blocks';
import type { Block, LongPiece, LongRow, LongSink, Mark, ParsedRow, RowFormat } from './blocks';
import { skipBlanks } from './insert-blanks';
import type { InsertColumns } from './insert-columns';
import { readHead, type InsertHead } from './insert-head';
import { DEFAULT, literal } from './literal';
import { LongInsertRow } from './long-insert-row';
import { SqlWalker } from './sql-walker';

export interface InsertSource {
  entry: Entry;
  codec: TextCodec;
  columns: InsertColumns;
  /** Backslashes escape in every string (`standard_conforming_strings` off). */
  escapes: boolean;
}

/** Where the reader is: before a statement, in what it skips, in a list of rows, or in one of them. */
type Place = 'between' | 'skip' | 'list' | 'row' | 'long';

/** Rows as INSERT statements, of one row or many. */
export class InsertFormat implements RowFormat {
  readonly #source: InsertSource;

  constructor(source: InsertSource) {
    this.#source = source;
  }

  async *blocks(
    data: DataStream,
    from: Mark,
    { signal }: ReadOptions,
  ): AsyncGenerator<Block | LongPiece, Mark> {
    const reader = new InsertReader(this.#source, from);
    for await (const piece of data.read(from.position, { signal })) {
      checkAborted(signal);
      for (const block of reader.push(piece)) yield block;
    }
    return reader.end();
  }

  longRow(piece: LongPiece, sink: LongSink): LongRow {
    const { codec, escapes, columns } = this.#source;
    return new LongInsertRow(codec, escapes, columns.of(piece.state as InsertHead), sink);
  }
}

class InsertReader {
  readonly #source: InsertSource;
  /** Position of the first byte of `#bytes`. */
  #base: number;
  #row: number;
  #bytes: Buffer = Buffer.alloc(0);
  #at = 0;
  #place: Place;
  #head: InsertHead | null;
  #walker: SqlWalker;
  /** Where the walker goes on in the row that is open. */
  #walked = 0;
  /** The beginning of the last statement, which most often is that of the next, too. */
  #lastHead: { bytes: Buffer; head: InsertHead } | null = null;
  /** Place of the long row that is being given out. */
  #long: Mark | null = null;

  constructor(source: InsertSource, { row, position, state }: Mark) {
    this.#source = source;
    this.#row = row;
    this.#base = position;
    this.#head = (state as InsertHead | undefined) ?? null;
    this.#place = this.#head ? 'list' : 'between';
    this.#walker = this.#newWalker();
  }

  /** Everything that a piece completes. */
  *push(piece: Buffer): Generator<Block | LongPiece> {
    this.#bytes = this.#bytes.length > 0 ? Buffer.concat([this.#bytes, piece]) : piece;
    if (this.#place === 'long') yield this.#longPiece();
    while (this.#place !== 'long') {
      const bounds: number[] = [];
      const heads: InsertHead[] = [];
      const first = this.#mark();
      let begin: Mark | null = null;
      while (this.#step(bounds, heads))
        begin ??= bounds.length > 0 ? this.#beginning(first, bounds, heads) : null;
      begin ??= bounds.length > 0 ? this.#beginning(first, bounds, heads) : null;
      if (begin) yield this.#block(begin, bounds, heads);
      if (this.#bytes.length - this.#at <= LONGEST_ROW) break;
      if (this.#place !== 'row') throw this.#damaged();
      this.#long = { row: this.#row, position: this.#base + this.#at, state: this.#head };
      this.#place = 'long';
      yield {
        ...{ kind: 'long', ...this.#long, first: true, next: null },
        bytes: this.#bytes.subarray(this.#at),
      };
      this.#at = this.#bytes.length;
    }
    // What is left is kept; the piece it lies in is not ours.
    this.#bytes = Buffer.from(this.#bytes.subarray(this.#at));
    this.#walked -= this.#at;
    this.#base += this.#at;
    this.#at = 0;
  }

  end(): Mark {
    // The last statement may lack its semicolon.
    const open = this.#place === 'list' || this.#place === 'skip' || this.#place === 'between';
    const rest = skipBlanks(Buffer.concat([this.#bytes, Buffer.from('\n')]), this.#at);
    if (!open || (this.#place === 'between' && rest !== null && rest < this.#bytes.length))
      throw this.#damaged();
    return { row: this.#row, position: this.#base + this.#bytes.length };
  }

  #damaged(): DamageError {
    return damage(
      l10n.t('its rows are cut short after {0} rows', this.#row),
      null,
      entryLabel(this.#source.entry),
    );
  }

  #mark(): Mark {
    const mark = { row: this.#row, position: this.#base + this.#at };
    return this.#place === 'list' ? { ...mark, state: this.#head } : mark;
  }

  /** Where a block's first row begins: rows of DEFAULT VALUES have only their statement. */
  #beginning(first: Mark, bounds: number[], heads: InsertHead[]): Mark {
    const head = heads[0]!;
    if (head.defaultValues) return first;
    return { row: first.row, position: this.#base + bounds[0]!, state: head };
  }

  /** Does one thing with what is there; false when more is needed. */
  #step(bounds: number[], heads: InsertHead[]): boolean {
    switch (this.#place) {
      case 'between':
        return this.#between(bounds, heads);
      case 'skip':
        return this.#skip();
      case 'list':
        return this.#list();
      default:
        return this.#inRow(bounds, heads);
    }
  }

  #between(bounds: number[], heads: InsertHead[]): boolean {
    const at = skipBlanks(this.#bytes, this.#at);
    if (at === null) return false;
    this.#at = at;
    if (at >= this.#bytes.length) return false;
    const byte = this.#bytes[at];
    if (byte === 59) {
      this.#at++;
      return true;
    }
    if (byte === 92) {
      // A psql command.
      const end = this.#bytes.indexOf(10, at);
      if (end < 0) return false;
      this.#at = end + 1;
      return true;
    }
    const found = this.#headAt(at);
    if (!found) return false;
    const { head, next } = found;
    if (!head) {
      this.#toEnd();
      return true;
    }
    this.#head = head;
    if (head.defaultValues) {
      bounds.push(at, at);
      heads.push(head);
      this.#row++;
      this.#at = at + next;
      this.#toEnd();
    } else {
      this.#at = at + next;
      this.#place = 'list';
    }
    return true;
  }

  #headAt(at: number): { head: InsertHead | null; next: number } | null {
    const last = this.#lastHead;
    const after = at + (last?.bytes.length ?? 0);
    if (last && after < this.#bytes.length && last.bytes.compare(this.#bytes, at, after) === 0)
      return { head: last.head, next: last.bytes.length };
    const { codec } = this.#source;
    const found =
      readHead(this.#bytes.subarray(at, at + 4096), codec) ??
      (this.#bytes.length - at > 4096 ? readHead(this.#bytes.subarray(at), codec) : null);
    if (found?.head)
      this.#lastHead = { head: found.head, bytes: Buffer.from(this.#bytes.subarray(at, at + found.next)) };
    return found;
  }

  #toEnd(): void {
    this.#place = 'skip';
    this.#walker = this.#newWalker();
  }

  #newWalker(): SqlWalker {
    return new SqlWalker(this.#source.codec, this.#source.escapes);
  }

  #skip(): boolean {
    for (;;) {
      const found = this.#walker.next(this.#bytes, this.#at, 1);
      this.#at = found?.at ?? this.#bytes.length;
      if (!found) return false;
      if (found.stop !== ';') continue;
      this.#place = 'between';
      this.#head = null;
      return true;
    }
  }

  #list(): boolean {
    const at = skipBlanks(this.#bytes, this.#at);
    if (at === null) return false;
    this.#at = at;
    if (at >= this.#bytes.length) return false;
    const byte = this.#bytes[at];
    if (byte === 44) this.#at++;
    else if (byte === 40) {
      this.#place = 'row';
      this.#walker = this.#newWalker();
      this.#walked = at;
    } else this.#toEnd();
    return true;
  }

  #inRow(bounds: number[], heads: InsertHead[]): boolean {
    const end = this.#rowEnd();
    if (end < 0) return false;
    bounds.push(this.#at, end);
    heads.push(this.#head!);
    this.#row++;
    this.#at = end;
    this.#place = 'list';
    return true;
  }

  #rowEnd(): number {
    for (;;) {
      const found = this.#walker.next(this.#bytes, this.#walked, 1);
      this.#walked = found?.at ?? this.#bytes.length;
      if (!found) return -1;
      if (found.stop === ')' && this.#walker.depth === 0) return found.at;
    }
  }

  #longPiece(): LongPiece {
    const mark = this.#long!;
    const end = this.#rowEnd();
    this.#at = end < 0 ? this.#bytes.length : end;
    const bytes = this.#bytes.subarray(0, this.#at);
    if (end < 0) return { kind: 'long', ...mark, bytes, first: false, next: null };
    this.#row++;
    this.#place = 'list';
    return { kind: 'long', ...mark, bytes, first: false, next: this.#mark() };
  }

  #block(begin: Mark, bounds: number[], heads: InsertHead[]): Block {
    const bytes = this.#bytes;
    const source = this.#source;
    const after =
      this.#place === 'row'
        ? { row: this.#row, position: this.#base + this.#at, state: this.#head }
        : this.#mark();
    // In what is skipped behind the rows nothing can be taken up again: its statement is told by its head.
    const next =
      this.#place === 'skip'
        ? { row: this.#row, position: this.#base + bounds.at(-1)!, state: this.#head }
        : after;
    const parse = (index: number): ParsedRow =>
      rowValues(bytes.subarray(bounds[index * 2], bounds[index * 2 + 1]), heads[index]!, source);
    return {
      kind: 'rows',
      ...begin,
      ...{ bytes, next, rows: bounds.length / 2, plain: false },
      ...{ bounds: () => bounds, parse, lines: () => null },
      *parseFrom(index) {
        for (let i = index; i < heads.length; i++) yield parse(i);
      },
    };
  }
}

/** The values of one `(…)`; of nothing, for DEFAULT VALUES. */
function rowValues(row: Buffer, head: InsertHead, { codec, columns, escapes }: InsertSource): ParsedRow {
  const map = columns.of(head);
  const values: (string | null)[] = [];
  const given: boolean[] = [];
  const put = (raw: Buffer, index: number): void => {
    const column = map[index] ?? index;
    if (column < 0 || column >= MOST_COLUMNS) return;
    const value = literal(raw, codec, escapes, columns.isText(column));
    if (value === DEFAULT) return;
    values[column] = value;
    given[column] = true;
  };
  const walker = new SqlWalker(codec, escapes);
  let from = 0;
  let index = 0;
  for (let found = walker.next(row, 0, 2); found; found = walker.next(row, found.at, 2)) {
    if (found.stop === '(') {
      if (walker.depth === 1) from = found.at;
      continue;
    }
    if (found.stop === ')' && walker.depth > 0) continue;
    const raw = row.subarray(from, found.at - 1);
    if (found.stop === ',' || index > 0 || raw.toString('latin1').trim() !== '') put(raw, index++);
    from = found.at;
  }
  columns.more(Math.max(values.length, map.length === 0 ? index : 0));
  const defaults: number[] = [];
  for (let i = 0; i < columns.count; i++)
    if (!given[i]) {
      values[i] = null;
      defaults.push(i);
    }
  return defaults.length > 0 ? { values, defaults } : { values };
}
