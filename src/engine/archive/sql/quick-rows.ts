import { findByte, isWordStart, isDigit } from './bytes';

/** What the quick way does with a byte of a row: nothing, or it looks closer, or it leaves the row to the scanner. */
const PASS = 0;
const QUOTE = 1;
const CLOSE = 2;
const COMMENT = 3;
const LEAVE = 4;
const KIND = new Uint8Array(256);
KIND[39] = QUOTE;
KIND[41] = CLOSE;
KIND[45] = KIND[47] = COMMENT;
// Other quotes, psql commands, calls (of set_config, too), semicolons: the scanner knows what to do.
for (const character of '"$\\(;') KIND[character.charCodeAt(0)] = LEAVE;

/** Rows of an INSERT that were passed over. */
export interface QuickRows {
  rows: number;
  /** Behind the last of them. */
  end: number;
}

/**
 * Passes over rows `(…), (…)` from a parenthesis on: over whole ones that hold nothing but numbers, words and plain
 * strings, which most do. For scripts without backslash escapes, in encodings whose characters hold no ASCII bytes.
 */
export function quickRows(data: Buffer, from: number): QuickRows {
  let rows = 0;
  let end = from;
  for (let at = from; ;) {
    at = rowEnd(data, at + 1);
    if (at < 0) return { rows, end };
    rows++;
    end = at;
    at = blanksEnd(data, at);
    if (data[at] !== 44) return { rows, end };
    at = blanksEnd(data, at + 1);
    if (data[at] !== 40) return { rows, end };
  }
}

/** Behind the parenthesis that ends a row; -1 where the quick way does not lead to it. */
function rowEnd(data: Buffer, from: number): number {
  const { length } = data;
  for (let at = from; at < length; at++) {
    const kind = KIND[data[at]!];
    if (kind === PASS) continue;
    if (kind === CLOSE) return at + 1;
    if (kind === QUOTE) {
      // Letters before it may say that it has escapes.
      const before = data[at - 1];
      if (isWordStart(before) || isDigit(before) || before === 36) return -1;
      at = findByte(data, 39, at + 1, length);
      if (at < 0) return -1;
    } else if (kind === LEAVE || at + 1 >= length) return -1;
    else if (data[at + 1] === (data[at] === 45 ? 45 : 42)) return -1;
  }
  return -1;
}

function blanksEnd(data: Buffer, from: number): number {
  let at = from;
  while (data[at] === 32 || (data[at]! >= 9 && data[at]! <= 13)) at++;
  return at;
}

/** Longest beginning of a statement that is kept to find it again. */
const LONGEST = 1024;

/** The beginning of an INSERT up to its VALUES, for the many that follow and begin alike. */
export class InsertBeginning {
  #bytes: Buffer | null = null;
  #lines = 0;

  get lines(): number {
    return this.#lines;
  }

  /** Takes the beginning of a statement, unless something in it matters to psql. */
  take(data: Buffer, from: number, to: number): void {
    const bytes = data.subarray(from, to);
    const usable =
      bytes.length <= LONGEST && !bytes.includes(39) && !bytes.includes(92) && !bytes.includes(36);
    this.#bytes = usable ? Buffer.from(bytes) : null;
    this.#lines = 0;
    if (usable) for (const byte of bytes) if (byte === 10) this.#lines++;
  }

  forget(): void {
    this.#bytes = null;
  }

  /** Behind the same beginning at a place; -1 when another stands there, or rows do not follow at once. */
  behind(data: Buffer, at: number): number {
    const bytes = this.#bytes;
    if (!bytes) return -1;
    const { length } = bytes;
    const next = data[at + length];
    if (next !== 32 && next !== 40 && next !== 10) return -1;
    for (let i = 0; i < length; i++) if (data[at + i] !== bytes[i]) return -1;
    return at + length;
  }
}
