/**
 * What psql keeps while it reads a statement, to know which semicolon ends it: parentheses, and the
 * `BEGIN ATOMIC … END` bodies of CREATE FUNCTION and PROCEDURE. Also counts the rows of INSERT … VALUES.
 * Source: psqlscan.l of PostgreSQL, the rules for {identifier}, "(" and ";".
 */
export class StatementState {
  parens = 0;
  /** Rows after VALUES; 0 where there is no VALUES. */
  tuples = 0;
  /** The first word, lower case. */
  verb = '';
  #words = 0;
  #path = '';
  #begins = 0;
  #values = false;
  #afterDefault = false;

  get empty(): boolean {
    return this.#words === 0 && this.verb === '';
  }

  /** A semicolon here ends the statement. */
  get endsHere(): boolean {
    return this.parens === 0 && this.#begins === 0;
  }

  /** `word` is in lower case. */
  word(word: string): void {
    if (this.#words === 0) this.verb = word;
    this.#words++;
    if (this.#words <= 4)
      this.#path += { create: 'c', function: 'f', procedure: 'p', or: 'o', replace: 'r' }[word] ?? '-';
    if (this.verb === 'insert' && this.parens === 0) this.#insertWord(word);
    if (this.parens > 0 || !/^c(?:or)?[fp]/.test(this.#path)) return;
    if (word === 'begin') this.#begins++;
    else if (word === 'case' && this.#begins > 0) this.#begins++;
    else if (word === 'end' && this.#begins > 0) this.#begins--;
  }

  #insertWord(word: string): void {
    // INSERT INTO t DEFAULT VALUES is one row without parentheses.
    if (word === 'values') {
      this.#values = true;
      if (this.#afterDefault) this.tuples = 1;
    }
    // What follows the rows (ON CONFLICT …, RETURNING …) may have parentheses of its own.
    else this.#values = false;
    this.#afterDefault = word === 'default';
  }

  open(): void {
    if (this.parens === 0 && this.#values) this.tuples++;
    this.parens++;
  }

  close(): void {
    if (this.parens > 0) this.parens--;
  }
}
