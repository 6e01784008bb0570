import type { Row } from '../types';
import { MOST_COLUMNS, type LongSink, type ParsedRow } from './blocks';

/** A row as people see it: values of at most so many characters. */
export function shownRow(at: number, { values, defaults }: ParsedRow, longest: number): Row {
  if (values.length > MOST_COLUMNS) values.length = MOST_COLUMNS;
  const row: Row = { at, values };
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (typeof value !== 'string' || value.length <= longest) continue;
    (row.cut ??= {})[i] = value.length;
    values[i] = cutText(value, longest);
  }
  if (defaults) row.defaults = defaults;
  return row;
}

/** The beginning of a text, without half a character at its end. */
export function cutText(text: string, longest: number): string {
  const last = text.charCodeAt(longest - 1);
  const half = last >= 0xd800 && last <= 0xdbff;
  // A part of a larger string keeps all of it in memory: a copy does not.
  return Buffer.from(text.slice(0, half ? longest - 1 : longest), 'utf16le').toString('utf16le');
}

/** Collects a long row with its values cut. */
export class CutRow implements LongSink {
  readonly #longest: number;
  readonly values: (string | null)[] = [];
  #length = 0;
  #text = '';
  #cut: Record<number, number> | undefined;
  #defaults: number[] | undefined;

  constructor(longest: number) {
    this.#longest = longest;
  }

  value(column: number, text: string | null, last: boolean, isDefault = false): void {
    if (isDefault) (this.#defaults ??= []).push(column);
    if (text !== null) {
      this.#length += text.length;
      if (this.#text.length < this.#longest) this.#text += text.slice(0, this.#longest + 1);
    }
    if (!last) return;
    if (this.#length > this.#longest) (this.#cut ??= {})[column] = this.#length;
    this.values[column] =
      text === null ? null : this.#length > this.#longest ? cutText(this.#text, this.#longest) : this.#text;
    [this.#length, this.#text] = [0, ''];
  }

  row(at: number): Row {
    // Columns that an INSERT does not name are not met.
    for (let i = 0; i < this.values.length; i++) this.values[i] ??= null;
    const row: Row = { at, values: this.values };
    if (this.#cut) row.cut = this.#cut;
    if (this.#defaults) row.defaults = this.#defaults;
    return row;
  }
}
