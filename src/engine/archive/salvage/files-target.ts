import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { bytesOf } from '../text';
import type { Entry } from '../types';
import { OutputFile } from './output';
import { forObject, ownerStatement } from '../emit/statements';
import type { Target } from './target';

/** Names in any file system; the number keeps them apart. */
const UNSAFE = /[^\p{L}\p{N}._-]/gu;

/**
 * A folder: `definitions.sql`, `SCHEMA.TABLE.ID.copy` (COPY text without its end line; `.sql` where the dump has
 * INSERT statements), `blob_OID.dat`.
 */
export class FilesTarget implements Target {
  readonly beside: string[] = [];
  readonly #folder: string;
  readonly #settings: string;
  #definitions: OutputFile | null = null;
  #rows: OutputFile | null = null;
  #object: { path: string; file: OutputFile } | null = null;

  constructor(folder: string, encoding: string) {
    this.#folder = folder;
    this.#settings = `SET client_encoding = '${encoding === 'SQL_ASCII' ? encoding : 'UTF8'}';\nSELECT pg_catalog.set_config('search_path', '', false);\nSET check_function_bodies = false;\n\n`;
  }

  async definition(entry: Entry, objects: number[] | null): Promise<void> {
    if (!this.#definitions) {
      this.#definitions = await OutputFile.create(join(this.#folder, 'definitions.sql'));
      await this.#definitions.write(this.#settings);
    }
    const { definition, kind } = entry;
    const texts =
      objects && kind !== 'COMMENT' ? objects.map((oid) => forObject(definition, oid)) : [definition];
    await this.#definitions.write(bytesOf(`${texts.join('')}\n${ownerStatement(entry)}\n`));
  }

  async beginRows(entry: Entry | null, id: number): Promise<string> {
    const label = entry ? `${entry.schema ?? ''}.${entry.name}`.slice(0, 100) : 'entry';
    const suffix = entry && !entry.copyStatement ? 'sql' : 'copy';
    const stem = `${label.replaceAll(UNSAFE, '_')}.${entry?.id ?? id}`;
    // Numbers should tell entries apart; in a damaged dump two may have the same.
    for (let n = 1; ; n++) {
      const name = n > 1 ? `${stem}.${n}.${suffix}` : `${stem}.${suffix}`;
      try {
        this.#rows = await OutputFile.create(join(this.#folder, name));
        return name;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
    }
  }

  async rows(part: Buffer): Promise<void> {
    await this.#rows!.write(part);
  }

  async endRows(): Promise<void> {
    await this.#rows!.close();
    this.#rows = null;
  }

  async beginObject(oid: number): Promise<void> {
    const path = join(this.#folder, `blob_${oid}.dat`);
    this.#object = { path, file: await OutputFile.create(path) };
  }

  async object(part: Buffer): Promise<void> {
    await this.#object!.file.write(part);
  }

  async endObject(whole: boolean): Promise<void> {
    const { path, file } = this.#object!;
    this.#object = null;
    await file.close();
    if (!whole) await rm(path);
  }

  async close(): Promise<void> {
    await this.#definitions?.close();
    await this.#rows?.close();
    await this.#object?.file.close();
  }
}
