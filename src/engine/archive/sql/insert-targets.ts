import { classify } from './classify';
import type { Captured } from './statement-capture';

export interface TableName {
  schema: string | null;
  name: string;
}

/** Beginnings of INSERT statements that are remembered at a time. */
const REMEMBERED = 10_000;
const LONGEST = 512;
const PAREN = 40;
const QUOTE = 34;

/** Tells which table an INSERT goes to. A script has millions of them that begin alike: each beginning is read once. */
export class InsertTargets {
  readonly #known = new Map<string, TableName | null>();
  #last: TableName | null = null;

  /** Null for what goes to no table. The same object for the same beginning. `alike`: it begins as the last one. */
  of(statement: Captured, alike: boolean): TableName | null {
    return alike ? this.#last : (this.#last = this.#of(statement));
  }

  #of(statement: Captured): TableName | null {
    const head = statement.head(LONGEST);
    const paren = head.indexOf(PAREN);
    const start = head.toString('latin1', 0, Math.max(0, paren));
    // A parenthesis inside of a quoted name, a comment or a string cuts nothing that could be told apart.
    if (paren < 0 || !isWhole(head, paren) || /[-'/]/.test(start)) return read(statement);
    let target = this.#known.get(start);
    if (target === undefined) {
      if (this.#known.size >= REMEMBERED) this.#known.clear();
      target = read(statement);
      this.#known.set(start, target);
    }
    return target;
  }
}

function isWhole(head: Buffer, end: number): boolean {
  let quotes = 0;
  for (let at = head.indexOf(QUOTE); at >= 0 && at < end; at = head.indexOf(QUOTE, at + 1)) quotes++;
  return quotes % 2 === 0;
}

function read(statement: Captured): TableName | null {
  const made = classify(statement.text.slice(0, 10_000));
  return made && { schema: made.schema, name: made.name };
}
