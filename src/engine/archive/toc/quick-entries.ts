import { isAscii } from 'node:buffer';
import type { Entry, Header } from '../types';
import type { Place } from './entries';
import { SECTIONS } from './raw-entry';

/** Thrown at whatever is not in memory as a whole, or not as pg_dump writes it. */
const STOP = Symbol('stop');
const OLDEST_MINOR = 11;

/**
 * Reads ordinary entries, one after another, from memory: what `readEntry` reads, several times as fast. Whatever
 * is not ordinary (cut off, damaged, of an old version) is left to it.
 */
export class QuickEntries {
  readonly #decode: (bytes: Buffer) => string;
  readonly #minor: number;
  readonly #offsetSize: number;
  readonly #custom: boolean;
  readonly #usable: boolean;
  #bytes: Buffer = Buffer.alloc(0);
  /** The same bytes as characters: ASCII is cut out of it, which copies nothing. */
  #characters = '';
  /** All of them are ASCII: no text has to be looked at. */
  #ascii = false;
  #at = 0;
  /** Where the data of the entry that was just read is. */
  #position: number | null = null;
  #fileName = '';
  /** Texts that most entries share, as the last one had them: kind, schema, owner, tablespace, access method. */
  readonly #last = ['', '', '', '', ''];

  /** `decode` must leave ASCII as it is. */
  constructor(
    { version: [, minor], intSize, offsetSize, formatByte }: Header,
    decode: (bytes: Buffer) => string,
  ) {
    this.#decode = decode;
    this.#minor = minor;
    this.#offsetSize = offsetSize;
    this.#custom = formatByte === 1;
    this.#usable = minor >= OLDEST_MINOR && intSize === 4 && offsetSize <= 8;
  }

  /**
   * Adds entries that begin `bytes` to the list, at most `most`, until one is not ordinary, and the places of those
   * with data; returns the bytes used.
   */
  read(bytes: Buffer, most: number, ids: Set<number>, list: Entry[], places: Map<number, Place>): number {
    if (!this.#usable || most <= 0) return 0;
    this.#bytes = bytes;
    this.#characters = bytes.toString('latin1');
    this.#ascii = isAscii(bytes);
    this.#at = 0;
    let used = 0;
    try {
      for (let i = 0; i < most; i++) {
        const entry = this.#entry();
        if (ids.has(entry.id)) break;
        ids.add(entry.id);
        list.push(entry);
        if (entry.hasData) places.set(entry.id, { position: this.#position, fileName: this.#fileName });
        used = this.#at;
      }
    } catch (error) {
      if (error !== STOP) throw error;
    }
    this.#bytes = bytes.subarray(0, 0);
    this.#characters = '';
    return used;
  }

  #entry(): Entry {
    const minor = this.#minor;
    const id = this.#int();
    if (id === 0) throw STOP;
    const dataFlag = this.#int();
    if (dataFlag > 1) throw STOP;
    this.#digits(); // catalog's OID
    this.#digits(); // OID
    const name = this.#text();
    const kind = this.#kind();
    const section = SECTIONS[this.#int() - 1];
    if (section === undefined) throw STOP;
    const definition = this.#text();
    const dropStatement = this.#text();
    const copyStatement = this.#text();
    const schema = this.#shared(1) || null;
    const tablespace = this.#shared(3);
    const accessMethod = minor >= 14 ? this.#shared(4) : '';
    if (minor >= 16) this.#int(); // relkind
    const owner = this.#shared(2) || null;
    this.#truth(); // WITH OIDS
    const dependencies: number[] = [];
    for (let id = this.#digits(); id >= 0; id = this.#digits()) if (id > 0) dependencies.push(id);
    if (this.#custom) this.#position = this.#recorded();
    else this.#fileName = this.#text();
    const entry: Entry = {
      id,
      kind,
      schema,
      name,
      owner,
      section,
      definition,
      dropStatement,
      copyStatement,
      dependencies,
      hasData: dataFlag === 1,
      bytes: null,
    };
    if (tablespace) entry.tablespace = tablespace;
    if (accessMethod) entry.accessMethod = accessMethod;
    return entry;
  }

  /** Not negative. */
  #int(): number {
    const value = this.#length();
    if (value < 0) throw STOP;
    return value;
  }

  /** A positive integer, or -1 for any negative one: the length of a text that is null. */
  #length(): number {
    const bytes = this.#bytes;
    const at = this.#at;
    if (at + 5 > bytes.length) throw STOP;
    this.#at = at + 5;
    const value = bytes[at + 1]! | (bytes[at + 2]! << 8) | (bytes[at + 3]! << 16) | (bytes[at + 4]! << 24);
    if (value < 0 || bytes[at]! > 1 || (bytes[at] === 1 && value === 0)) throw STOP;
    return bytes[at] === 0 ? value : -1;
  }

  /** Steps over a text; where it began is `#at - length`. Null counts as empty. */
  #span(): number {
    const length = Math.max(0, this.#length());
    if (length > this.#bytes.length - this.#at) throw STOP;
    this.#at += length;
    return length;
  }

  #text(): string {
    const length = this.#span();
    const bytes = this.#bytes;
    const from = this.#at - length;
    for (let i = this.#ascii ? this.#at : from; i < this.#at; i++)
      if (bytes[i]! >= 128) return this.#decode(bytes.subarray(from, this.#at));
    return this.#characters.substring(from, this.#at);
  }

  /** A text that is likely the same as in the entry before: then no other string is made. */
  #shared(which: number): string {
    const start = this.#at;
    const length = this.#span();
    const last = this.#last[which]!;
    const from = this.#at - length;
    let same = last.length === length;
    for (let i = 0; same && i < length; i++) {
      const byte = this.#bytes[from + i]!;
      same = byte < 128 && last.charCodeAt(i) === byte;
    }
    if (same) return last;
    this.#at = start;
    return (this.#last[which] = this.#text());
  }

  /** `TABLE DATA`, `<Init>`, `pg_largeobject`. */
  #kind(): string {
    const kind = this.#shared(0);
    if (kind.length === 0 || kind.length >= 64) throw STOP;
    for (let i = 0; i < kind.length; i++) {
      const code = kind.charCodeAt(i);
      if (code !== 32 && (code < 60 || code > 122)) throw STOP;
    }
    return kind;
  }

  /** A number in digits; -1 for a null text. */
  #digits(): number {
    const length = this.#length();
    if (length < 0) return -1;
    const end = this.#at + length;
    if (length === 0 || length > 10 || end > this.#bytes.length) throw STOP;
    let value = 0;
    for (; this.#at < end; this.#at++) {
      const digit = this.#bytes[this.#at]! - 48;
      if (digit < 0 || digit > 9) throw STOP;
      value = value * 10 + digit;
    }
    return value;
  }

  /** `true`, `false`, or nothing. */
  #truth(): void {
    const length = this.#span();
    const begin = this.#bytes[this.#at - length];
    const text = begin === 116 ? 'true' : 'false';
    if (length > 0 && !this.#characters.startsWith(text, this.#at - length)) throw STOP;
    if (length > 0 && length !== text.length) throw STOP;
  }

  #recorded(): number | null {
    const bytes = this.#bytes;
    const end = this.#at + 1 + this.#offsetSize;
    if (end > bytes.length) throw STOP;
    const flag = bytes[this.#at]!;
    let offset = 0;
    for (let i = end - 1; i > this.#at; i--) offset = offset * 256 + bytes[i]!;
    this.#at = end;
    if (flag < 1 || flag > 3 || !Number.isSafeInteger(offset)) throw STOP;
    return flag === 2 ? offset : null;
  }
}
