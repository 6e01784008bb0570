/** Words of a CREATE FUNCTION's beginning; all others count as some word. */
const STARTS: Record<string, string> = { create: 'c', function: 'f', procedure: 'p', or: 'o', replace: 'r' };

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
  /** It calls `set_config`. */
  configures = false;
  /** It ends with a semicolon of its own: not with the script, a psql command or `\\;`. */
  terminated = false;
  /** An INSERT that begins up to its VALUES as the one before. */
  alike = false;
  /** An INSERT whose beginning the scanner keeps. */
  begun = false;
  #words = 0;
  #path = '';
  /** The statement makes a function or procedure, so its body may be BEGIN ATOMIC. */
  #body = false;
  #begins = 0;
  #values = false;
  #afterDefault = false;

  /** A semicolon here ends the statement. */
  get endsHere(): boolean {
    return this.parens === 0 && this.#begins === 0;
  }

  /** A parenthesis here begins a row of an INSERT. */
  get rowsFollow(): boolean {
    return this.#values && this.parens === 0;
  }

  /** What a beginning that was read before made of this. */
  beginInsert(): void {
    this.verb = 'insert';
    this.#words = 4;
    this.#values = this.alike = this.begun = true;
  }

  /** A word of the script. Most are only counted: decoding each would take most of the time. */
  word(data: Buffer, from: number, to: number): void {
    const matters =
      this.#words < 4 || (this.parens === 0 && (this.#body || (this.verb === 'insert' && to - from < 10)));
    if (matters) this.#word(data.toString('latin1', from, to).toLowerCase());
    else if (
      to - from === 10 &&
      data[from]! % 32 === 19 &&
      data.toString('latin1', from, to).toLowerCase() === 'set_config'
    )
      this.configures = true;
    else if (this.parens === 0) this.#values = this.#afterDefault = false;
    this.#words++;
  }

  #word(word: string): void {
    if (this.#words === 0) this.verb = word;
    if (this.#words < 4) {
      this.#path += STARTS[word] ?? '-';
      this.#body = /^c(?:or)?[fp]/.test(this.#path);
    }
    if (this.parens > 0) return;
    if (this.verb === 'insert') this.#insertWord(word);
    if (!this.#body) return;
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
