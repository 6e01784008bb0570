import { mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import * as l10n from '@vscode/l10n';
import { describeFault } from '../errors';
import { bytesOf } from '../text';
import type { Contents, Entry, Fault } from '../types';
import {
  beginObject,
  definitionText,
  endObject,
  EntrySettings,
  objectPieces,
  preamble,
} from '../emit/script-text';
import { OutputFile } from './output';
import { comment, ownerStatement } from '../emit/statements';
import type { Target } from './target';

/** An SQL script as pg_dump would write it. */
export class ScriptTarget implements Target {
  readonly beside: string[] = [];
  readonly #script: OutputFile;
  readonly #target: string;
  readonly #settings: EntrySettings;
  #orphan: OutputFile | null = null;

  private constructor(script: OutputFile, target: string, settings: EntrySettings) {
    this.#script = script;
    this.#target = target;
    this.#settings = settings;
  }

  /** `source`: the dump's name, for the heading. */
  static async create(
    partial: string,
    target: string,
    source: string,
    contents: Contents,
    encoding: string,
  ): Promise<ScriptTarget> {
    const script = await OutputFile.create(partial);
    await script.write(
      `--\n${comment(l10n.t('PostgreSQL database dump, salvaged from {0}', source))}--\n\n${preamble(contents, encoding)}`,
    );
    return new ScriptTarget(script, target, new EntrySettings(contents, false));
  }

  async definition(entry: Entry, objects: number[] | null): Promise<void> {
    const head = this.#settings.heading(entry) + this.#settings.before(entry);
    await this.#script.write(bytesOf(head + definitionText(entry, objects, ownerStatement(entry))));
  }

  async beginRows(entry: Entry | null, id: number): Promise<string | null> {
    if (entry) {
      await this.#script.write(bytesOf(this.#settings.heading(entry, 'Data for ') + entry.copyStatement));
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
    await this.#script.write(`BEGIN;

${beginObject(oid)}`);
    this.#object = oid;
  }

  #object = 0;

  async object(part: Buffer): Promise<void> {
    await this.#script.write(objectPieces(part));
  }

  async endObject(whole: boolean, owner: string | null): Promise<void> {
    // One that is damaged is not there at all afterwards.
    await this.#script.write(
      bytesOf(`${endObject(this.#object, whole ? owner : null)}${whole ? 'COMMIT;' : 'ROLLBACK;'}\n\n`),
    );
  }

  async close(): Promise<void> {
    await this.#orphan?.close();
    await this.#script.close();
  }
}
