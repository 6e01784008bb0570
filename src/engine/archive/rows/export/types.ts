import type { Column } from '../../types';
import type { ParsedRow } from '../blocks';

/** What a way of writing rows is told of the table. */
export interface ExportTable {
  schema: string | null;
  name: string;
  columns: Column[];
  /** Columns that take values only with OVERRIDING SYSTEM VALUE. */
  identities: string[];
  /** PostgreSQL's name of the dump's encoding. */
  encoding: string;
  header: boolean | undefined;
}

/** One way of writing rows, as text; bytes that did not decode stay what they are in `text/raw-bytes`. */
export interface RowWriter {
  head(): string;
  row(row: ParsedRow): string;
  /** A row whose values come in pieces: what to write for each. */
  longRow(): LongRowWriter;
  tail(): string;
}

export interface LongRowWriter {
  /** `text` is null for NULL and DEFAULT. */
  value(column: number, text: string | null, last: boolean, isDefault?: boolean): string;
  end(): string;
}

/** A long row in a form where values are parted by a character and each value stands for itself. */
export class PartedLongRow implements LongRowWriter {
  readonly #form: { begin: string; end: string; separator: string; null: string; default?: string };
  readonly #open: (column: number) => string;
  readonly #piece: (text: string, column: number) => string;
  #values = 0;
  #inside = false;

  constructor(
    form: { begin: string; end: string; separator: string; null: string; default?: string },
    open: (column: number) => string,
    piece: (text: string, column: number) => string,
  ) {
    this.#form = form;
    this.#open = open;
    this.#piece = piece;
  }

  value(column: number, text: string | null, last: boolean, isDefault = false): string {
    let out = this.#inside ? '' : this.#values++ === 0 ? this.#form.begin : this.#form.separator;
    if (text === null) {
      this.#inside = false;
      return out + (isDefault ? (this.#form.default ?? this.#form.null) : this.#form.null);
    }
    const quote = this.#open(column);
    if (!this.#inside) out += quote;
    this.#inside = !last;
    return out + this.#piece(text, column) + (last ? quote : '');
  }

  end(): string {
    return (this.#values === 0 ? this.#form.begin : '') + this.#form.end;
  }
}
