import { quoteIdent } from '../../quote';
import type { Contents, Entry } from '../types';
import { forObject, heading } from './statements';

/** Bytes of a large object in one statement. */
const PIECE = 16 * 1024;

/** The settings a script begins with, as pg_dump writes them. `knows`: whether the server has a setting. */
export function preamble(
  { entries }: Pick<Contents, 'entries'>,
  encoding: string,
  knows: (setting: string) => boolean = () => true,
): string {
  const strings = entries.find(({ kind }) => kind === 'STDSTRINGS')?.definition;
  const settings = [
    ['statement_timeout', '0'],
    ['lock_timeout', '0'],
    ['idle_in_transaction_session_timeout', '0'],
    ['client_encoding', `'${encoding === 'SQL_ASCII' ? encoding : 'UTF8'}'`],
  ] as const;
  const more = [
    ['check_function_bodies', 'false'],
    ['xmloption', 'content'],
    ['client_min_messages', 'warning'],
    ['row_security', 'off'],
  ] as const;
  const set = (list: readonly (readonly [string, string])[]): string =>
    list
      .filter(([name]) => knows(name))
      .map(([name, value]) => `SET ${name} = ${value};\n`)
      .join('');
  return [
    set(settings),
    strings ?? 'SET standard_conforming_strings = on;\n',
    "SELECT pg_catalog.set_config('search_path', '', false);\n",
    set(more),
    '\n',
  ].join('');
}

/** What has to be set before an entry: told apart from what was set before others. */
export class EntrySettings {
  readonly #qualified: boolean;
  readonly #tablespaces: boolean;
  #searchPath = '';
  #method = '';
  #tablespace = '';

  constructor({ archiveVersion }: Pick<Contents, 'archiveVersion'>, tablespaces: boolean) {
    // Before 1.13 names in definitions have no schema.
    this.#qualified = archiveVersion === null || archiveVersion[1] >= 13;
    this.#tablespaces = tablespaces;
  }

  heading(entry: Entry, prefix = ''): string {
    const { schema } = entry;
    let text = heading(entry, prefix);
    if (!this.#qualified && schema !== null && schema !== this.#searchPath) {
      this.#searchPath = schema;
      text += `SET search_path = ${quoteIdent(schema)}, pg_catalog;\n\n`;
    }
    return text;
  }

  before({ accessMethod, tablespace = '' }: Entry): string {
    let text = '';
    if (accessMethod && accessMethod !== this.#method) {
      this.#method = accessMethod;
      text += `SET default_table_access_method = ${quoteIdent(accessMethod)};\n\n`;
    }
    if (this.#tablespaces && tablespace !== this.#tablespace) {
      this.#tablespace = tablespace;
      text += `SET default_tablespace = ${tablespace ? quoteIdent(tablespace) : "''"};\n\n`;
    }
    return text;
  }
}

/** A definition with its owner; of privileges on several large objects one statement for each. */
export function definitionText(entry: Entry, objects: readonly number[] | null, owner: string): string {
  const { kind, definition } = entry;
  const text = definition.endsWith('\n') ? definition : `${definition}\n`;
  const texts = objects && kind !== 'COMMENT' ? objects.map((oid) => forObject(text, oid)) : [text];
  return `${texts.join('')}\n${owner}\n`;
}

export function beginObject(oid: number): string {
  return `SELECT pg_catalog.lo_create('${oid}');\nSELECT pg_catalog.lo_open('${oid}', 131072);\n`;
}

export function objectPieces(part: Buffer): string {
  let text = '';
  for (let at = 0; at < part.length; at += PIECE)
    text += `SELECT pg_catalog.lowrite(0, '\\x${part.toString('hex', at, Math.min(part.length, at + PIECE))}');\n`;
  return text;
}

/** Where there is one already, it is filled. */
export function madeObject(oid: number): string {
  return `SELECT pg_catalog.lo_create('${oid}') WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_largeobject_metadata WHERE oid = ${oid});\n`;
}

/** The same without an open descriptor, which would end with a transaction: it needs none. */
export function placedPieces(oid: number, from: number, part: Buffer): string {
  let text = '';
  for (let at = 0; at < part.length; at += PIECE)
    text += `SELECT pg_catalog.lo_put(${oid}, ${from + at}, '\\x${part.toString('hex', at, Math.min(part.length, at + PIECE))}');\n`;
  return text;
}

export function endObject(oid: number, owner: string | null): string {
  const owned = owner ? `ALTER LARGE OBJECT ${oid} OWNER TO ${quoteIdent(owner)};\n` : '';
  return `SELECT pg_catalog.lo_close(0);\n\n${owned}`;
}
