import { tokens, type Token } from './tokens';

/** A name with the schema before it, and the token behind it. */
export interface Qualified {
  schema: string | null;
  name: string;
  /** Where the name itself begins, without the schema. */
  start: number;
  next: number;
}

/** The tokens of a statement, read only as far as they are asked for. */
export class Words {
  readonly text: string;
  readonly #source: Generator<Token>;
  readonly #read: Token[] = [];

  constructor(text: string) {
    this.text = text;
    this.#source = tokens(text);
  }

  at(index: number): Token | undefined {
    while (this.#read.length <= index) {
      const next = this.#source.next();
      if (next.done) return undefined;
      this.#read.push(next.value);
    }
    return this.#read[index];
  }

  /** The unquoted word at an index, '' when there is something else. */
  word(index: number): string {
    const token = this.at(index);
    return token?.type === 'word' ? token.text : '';
  }

  /** Whether these words stand at an index; returns the index behind them, 0 when not. */
  match(index: number, words: string): number {
    const parts = words.split(' ');
    return parts.every((part, i) => this.word(index + i) === part) ? index + parts.length : 0;
  }

  /** Skips any of some words. */
  skip(index: number, words: readonly string[]): number {
    let at = index;
    while (words.includes(this.word(at))) at++;
    return at;
  }

  is(index: number, character: string): boolean {
    const token = this.at(index);
    return token?.type === 'other' && token.text === character;
  }

  /** The first index from one on, outside of parentheses, where one of some words stands; -1 for none. */
  find(index: number, ...words: string[]): number {
    for (let at = index; this.at(at); at++) {
      if (this.is(at, '(')) at = this.closing(at) - 1;
      else if (words.includes(this.word(at))) return at;
    }
    return -1;
  }

  /** The index behind the parenthesis that closes the one at an index, or behind the end. */
  closing(index: number): number {
    let depth = 0;
    let at = index;
    for (; this.at(at); at++) {
      if (this.is(at, '(')) depth++;
      else if (this.is(at, ')') && --depth === 0) return at + 1;
    }
    return at;
  }

  /** `schema.name` or `name`: the last part is the name. An operator may be the last part. */
  qualified(index: number): Qualified | null {
    let schema: string | null = null;
    for (let at = index; ;) {
      const token = this.at(at);
      if (token?.type === 'other' && OPERATOR.test(token.text)) {
        let end = at + 1;
        while (
          this.at(end)?.type === 'other' &&
          OPERATOR.test(this.at(end)!.text) &&
          this.at(end)!.start === this.at(end - 1)!.end
        )
          end++;
        return { schema, name: this.slice(at, end), start: at, next: end };
      }
      if (token?.type !== 'word' && token?.type !== 'name') return null;
      if (!this.is(at + 1, '.')) return { schema, name: token.text, start: at, next: at + 1 };
      schema = token.text;
      at += 2;
    }
  }

  /** Tokens as they are written, with one blank where there are any. */
  slice(from: number, to: number): string {
    let text = '';
    for (let at = from; at < to && this.at(at); at++) {
      const { start, end } = this.at(at)!;
      if (at > from && this.at(at - 1)!.end < start) text += ' ';
      text += this.text.slice(start, end);
    }
    return text;
  }
}

const OPERATOR = /^[-+*/<>=~!@#%^&|`?]$/;
