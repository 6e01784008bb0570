import type { Captured } from './statement-capture';

/** A large object of a script. */
export interface ScriptObject {
  oid: number;
  /** Byte of the statement that opens it. */
  at: number;
  /** Bytes of its content. */
  bytes: number;
}

/** More of one script are not listed. */
const MOST = 1_000_000;
const HEAD = 64;
/** `SELECT pg_catalog.lo_open('16001', 131072)`, and the forms older releases wrote. */
const OPENS = /^select\s+(?:pg_catalog\.)?lo_open\s*\(\s*'?(\d{1,10})'?\s*,/i;
const WRITES = /^select\s+(?:pg_catalog\.)?lowrite\s*\(\s*\d+\s*,\s*E?'(\\{1,2}x)?/i;
const CLOSES = /^select\s+(?:pg_catalog\.)?lo_close\s*\(/i;
/** `')` */
const TAIL = 2;

/** What a statement does with a large object; null when nothing. */
export type ObjectStatement =
  | { does: 'open'; oid: number }
  /** `from`: where its hexadecimal digits begin, null when it is written in the older escape form. */
  | { does: 'write'; from: number | null }
  | { does: 'close' };

export function objectStatement(statement: Captured): ObjectStatement | null {
  const head = statement.head(HEAD).toString('latin1');
  const opens = OPENS.exec(head);
  if (opens) return { does: 'open', oid: Number(opens[1]) };
  const writes = WRITES.exec(head);
  if (writes) return { does: 'write', from: writes[1] === undefined ? null : writes[0].length };
  return CLOSES.test(head) ? { does: 'close' } : null;
}

/** The bytes a statement writes, from its whole text. Source: byteain of the server, hex and escape format. */
export function writtenBytes(text: string, from: number | null): Buffer {
  if (from !== null) return Buffer.from(text.slice(from, text.lastIndexOf("'")), 'hex');
  const first = text.indexOf("'");
  const literal = text.slice(first + 1, text.lastIndexOf("'")).replaceAll("''", "'");
  // In E'' and where standard_conforming_strings is off backslashes are doubled.
  const doubled = /\\\\(?:[0-7]{3}|\\\\)/.test(literal);
  const escaped = doubled ? literal.replaceAll('\\\\', '\\') : literal;
  return Buffer.from(
    escaped.replace(/\\([0-7]{3})|\\\\/g, (_, octal: string | undefined) =>
      octal === undefined ? '\\' : String.fromCharCode(parseInt(octal, 8) & 255),
    ),
    'latin1',
  );
}

/** Collects where the large objects of a script lie, from its statements in order. */
export class ScriptObjects {
  readonly found: ScriptObject[] = [];
  #open: ScriptObject | null = null;

  /** Whether the statement is one of a large object. */
  take(statement: Captured): boolean {
    const what = objectStatement(statement);
    if (!what) return false;
    if (what.does === 'open') {
      this.#open = { oid: what.oid, at: statement.offset, bytes: 0 };
      if (this.found.length < MOST) this.found.push(this.#open);
    } else if (what.does === 'close') this.#open = null;
    else if (this.#open)
      this.#open.bytes +=
        what.from === null
          ? writtenBytes(statement.text, null).length
          : Math.max(0, Math.floor((statement.bytes - what.from - TAIL) / 2));
    return true;
  }
}
