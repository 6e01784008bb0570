import { mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import * as l10n from '@vscode/l10n';
import { quoteIdent } from '../../quote';
import { describeFault } from '../errors';
import { bytesOf } from '../text';
import type { Contents, Entry, Fault } from '../types';
import { OutputFile } from './output';
import { comment, forObject, ownerStatement } from './statements';
import type { Target } from './target';

/** Bytes of a large object in one statement. */
const PIECE = 16 * 1024;

/** An SQL script as pg_dump would write it. */
export class ScriptTarget implements Target {
  readonly beside: string[] = [];
  readonly #script: OutputFile;
  readonly #target: string;
  readonly #qualified: boolean;
  #searchPath = '';
  #method = '';
  #orphan: OutputFile | null = null;

  private constructor(script: OutputFile, target: string, qualified: boolean) {
    this.#script = script;
    this.#target = target;
    this.#qualified = qualified;
  }

  /** `source`: the dump's name, for the heading. */
  static async create(
    partial: string,
    target: string,
    source: string,
    { entries, archiveVersion }: Contents,
    encoding: string,
  ): Promise<ScriptTarget> {
    const script = await OutputFile.create(partial);
    // Before 1.13 names in definitions have no schema.
    const qualified = archiveVersion === null || archiveVersion[1] >= 13;
    const strings = entries.find(({ kind }) => kind === 'STDSTRINGS')?.definition;
    await script.write(
      [
        `--\n${comment(l10n.t('PostgreSQL database dump, salvaged from {0}', source))}--\n\n`,
        'SET statement_timeout = 0;\nSET lock_timeout = 0;\nSET idle_in_transaction_session_timeout = 0;\n',
        `SET client_encoding = '${encoding === 'SQL_ASCII' ? encoding : 'UTF8'}';\n`,
        strings ?? 'SET standard_conforming_strings = on;\n',
        "SELECT pg_catalog.set_config('search_path', '', false);\n",
        'SET check_function_bodies = false;\nSET xmloption = content;\n',
        'SET client_min_messages = warning;\nSET row_security = off;\n\n',
      ].join(''),
    );
    return new ScriptTarget(script, target, qualified);
  }

  async definition(entry: Entry, objects: number[] | null): Promise<void> {
    const { kind, accessMethod, definition } = entry;
    await this.#heading(entry, '');
    if (accessMethod && accessMethod !== this.#method) {
      this.#method = accessMethod;
      await this.#script.write(bytesOf(`SET default_table_access_method = ${quoteIdent(accessMethod)};\n\n`));
    }
    const text = definition.endsWith('\n') ? definition : `${definition}\n`;
    const texts = objects && kind !== 'COMMENT' ? objects.map((oid) => forObject(text, oid)) : [text];
    await this.#script.write(bytesOf(`${texts.join('')}\n${ownerStatement(entry)}\n`));
  }

  async beginRows(entry: Entry | null, id: number): Promise<string | null> {
    if (entry) {
      await this.#heading(entry, 'Data for ');
      await this.#script.write(bytesOf(entry.copyStatement));
      return null;
    }
    const folder = `${this.#target}.rows`;
    if (this.beside.length === 0) {
      await mkdir(folder, { mode: 0o700 });
      this.beside.push(folder);
    }
    this.#orphan = await OutputFile.create(join(folder, `${id}.copy`));
    return join(basename(folder), `${id}.copy`);
  }

  async rows(part: Buffer): Promise<void> {
    await (this.#orphan ?? this.#script).write(part);
  }

  async endRows(entry: Entry | null, fault: Fault | null): Promise<void> {
    if (this.#orphan) await this.#orphan.close();
    this.#orphan = null;
    if (!entry) return;
    await this.#script.write(entry.copyStatement ? '\\.\n\n\n' : '\n');
    if (fault) await this.#script.write(bytesOf(`${comment(describeFault(fault))}\n`));
  }

  async beginObject(oid: number): Promise<void> {
    await this.#script.write(
      `BEGIN;\n\nSELECT pg_catalog.lo_create('${oid}');\nSELECT pg_catalog.lo_open('${oid}', 131072);\n`,
    );
    this.#object = oid;
  }

  #object = 0;

  async object(part: Buffer): Promise<void> {
    for (let at = 0; at < part.length; at += PIECE)
      await this.#script.write(
        `SELECT pg_catalog.lowrite(0, '\\x${part.toString('hex', at, Math.min(part.length, at + PIECE))}');\n`,
      );
  }

  async endObject(whole: boolean, owner: string | null): Promise<void> {
    const owned = owner ? `ALTER LARGE OBJECT ${this.#object} OWNER TO ${quoteIdent(owner)};\n` : '';
    // One that is damaged is not there at all afterwards.
    await this.#script.write(
      bytesOf(`SELECT pg_catalog.lo_close(0);\n\n${whole ? `${owned}COMMIT;` : 'ROLLBACK;'}\n\n`),
    );
  }

  async close(): Promise<void> {
    await this.#orphan?.close();
    await this.#script.close();
  }

  async #heading({ kind, schema, name, owner }: Entry, prefix: string): Promise<void> {
    const about = `${prefix}Name: ${name}; Type: ${kind}; Schema: ${schema ?? '-'}; Owner: ${owner ?? '-'}`;
    let text = `--\n${comment(about)}--\n\n`;
    if (!this.#qualified && schema !== null && schema !== this.#searchPath) {
      this.#searchPath = schema;
      text += `SET search_path = ${quoteIdent(schema)}, pg_catalog;\n\n`;
    }
    await this.#script.write(bytesOf(text));
  }
}
