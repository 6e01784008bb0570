import type { Token } from '../sql/tokens';
import { textCodec } from '../text';
import { literal } from './literal';

/** How a COPY statement of a hand-written script says that its rows are written. */
export interface CopyOptions {
  format: 'text' | 'csv';
  /** One byte each, as in `quote` and `escape`, which only CSV has. */
  delimiter: number;
  quote: number;
  escape: number;
  null: string;
  /** The first line names the columns. */
  header: boolean;
  /** Columns whose NULL is also taken from a quoted value, or not from a bare one; `*` for all. */
  forceNull: readonly string[] | '*';
  forceNotNull: readonly string[] | '*';
  /** PostgreSQL's name; null for the session's. */
  encoding: string | null;
}

/** Nothing in the rows is written otherwise because of these. */
const WITHOUT_EFFECT = new Set(['freeze', 'on_error', 'reject_limit', 'log_verbosity']);

/**
 * What follows `FROM stdin`, in the present form and the one before 9.0. Null where the rows cannot be read for it:
 * binary, DEFAULT, WHERE, what is not known. Source: the grammar of COPY (gram.y) and ProcessCopyOptions.
 */
export function copyOptions(text: string, words: readonly Token[]): CopyOptions | null {
  const reader = new OptionReader(text, words);
  if (!reader.read()) return null;
  return reader.options();
}

class OptionReader {
  readonly #text: string;
  readonly #words: readonly Token[];
  #at = 0;
  readonly #values = new Map<string, string>();
  #forceNull: string[] | '*' = [];
  #forceNotNull: string[] | '*' = [];

  constructor(text: string, words: readonly Token[]) {
    this.#text = text;
    this.#words = words;
  }

  options(): CopyOptions | null {
    const format = this.#values.get('format') ?? 'text';
    if (format !== 'text' && format !== 'csv') return null;
    const csv = format === 'csv';
    const byte = (name: string, usual: string): number => {
      const value = this.#values.get(name) ?? usual;
      return value.length === 1 && value.charCodeAt(0) < 128 ? value.charCodeAt(0) : -1;
    };
    const quote = byte('quote', '"');
    const options: CopyOptions = {
      format,
      delimiter: byte('delimiter', csv ? ',' : '\t'),
      quote,
      escape: this.#values.has('escape') ? byte('escape', '"') : quote,
      null: this.#values.get('null') ?? (csv ? '' : '\\N'),
      header: !/^(?:false|off|0)$/i.test(this.#values.get('header') ?? 'off'),
      ...{ forceNull: this.#forceNull, forceNotNull: this.#forceNotNull },
      encoding: this.#values.get('encoding') ?? null,
    };
    return options.delimiter < 0 || options.quote < 0 || options.escape < 0 ? null : options;
  }

  /** Whether everything was understood. */
  read(): boolean {
    this.#take('with');
    if (this.#take('(')) return this.#list() && this.#ended;
    while (!this.#ended) if (!this.#old()) return false;
    return true;
  }

  /** `(FORMAT csv, HEADER, NULL 'x', …)`, behind its parenthesis. */
  #list(): boolean {
    for (;;) {
      const name = this.#next();
      if (name === null) return false;
      if (/^force_(?:not_)?null$/.test(name)) {
        const columns = this.#take('*') ? '*' : this.#take('(') ? this.#columns(')') : null;
        if (!columns) return false;
        if (name === 'force_null') this.#forceNull = columns;
        else this.#forceNotNull = columns;
      } else if (WITHOUT_EFFECT.has(name)) this.#skipValue();
      else if (/^(?:format|delimiter|null|quote|escape|encoding)$/.test(name)) {
        if (!this.#value(name)) return false;
      } else if (name === 'header') {
        if (this.#peek === ',' || this.#peek === ')') this.#values.set(name, 'on');
        else if (!this.#value(name)) return false;
      } else return false;
      if (this.#take(')')) return true;
      if (!this.#take(',')) return false;
    }
  }

  /** One of `DELIMITER AS 'c' NULL AS 's' CSV HEADER QUOTE 'q' ESCAPE 'e' FORCE NOT NULL a, b`. */
  #old(): boolean {
    this.#take('using');
    const name = this.#next();
    if (name === 'csv') this.#values.set('format', 'csv');
    else if (name === 'header') this.#values.set('header', 'on');
    else if (name === 'force') {
      const not = this.#take('not');
      if (!this.#take('null')) return false;
      const columns = this.#columns();
      if (!columns) return false;
      if (not) this.#forceNotNull = columns;
      else this.#forceNull = columns;
    } else if (name && /^(?:delimiters?|null|quote|escape|encoding)$/.test(name)) {
      this.#take('as');
      return this.#value(name.replace('delimiters', 'delimiter'));
    } else return name === 'freeze';
    return true;
  }

  #columns(end?: string): string[] | '*' | null {
    if (!end && this.#take('*')) return '*';
    const columns: string[] = [];
    do {
      const token = this.#words[this.#at++];
      if (token?.type !== 'word' && token?.type !== 'name') return null;
      columns.push(token.text);
    } while (this.#take(','));
    return !end || this.#take(end) ? columns : null;
  }

  #value(name: string): boolean {
    const token = this.#words[this.#at++];
    if (!token || token.type === 'other' || token.type === 'meta') return false;
    const written = Buffer.from(this.#text.slice(token.start, token.end));
    const value = token.type === 'string' ? literal(written, textCodec('UTF8'), false) : token.text;
    if (typeof value !== 'string') return false;
    this.#values.set(name, name === 'format' || name === 'header' ? value.toLowerCase() : value);
    return true;
  }

  #skipValue(): void {
    for (let depth = 0; !this.#ended; this.#at++) {
      if (depth === 0 && (this.#peek === ',' || this.#peek === ')')) return;
      if (this.#peek === '(') depth++;
      else if (this.#peek === ')') depth--;
    }
  }

  get #peek(): string | undefined {
    const token = this.#words[this.#at];
    return token?.type === 'word' || token?.type === 'other' ? token.text : undefined;
  }

  get #ended(): boolean {
    return this.#at >= this.#words.length || this.#peek === ';';
  }

  /** The next word, which is gone over; null where something else stands. */
  #next(): string | null {
    const token = this.#words[this.#at++];
    return token?.type === 'word' ? token.text : null;
  }

  #take(word: string): boolean {
    if (this.#peek !== word) return false;
    this.#at++;
    return true;
  }
}
