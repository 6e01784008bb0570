import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import type { WalRange } from './types';

const pieceCharacters = 64 * 1024;

/** A file that a copy has. */
export interface CopiedFile {
  /** Relative to the data directory, `/` between parts. */
  path: string;
  bytes: number;
  modified: Date;
  /** CRC-32C, as `createDigest` gives it. */
  checksum: Buffer;
}

/**
 * Writes a `backup_manifest` piece by piece, in the very form of the server (backup/backup_manifest.c), so that its
 * readers, pg_verifybackup among them, take it as one. Version 2, with the system identifier, came with 17.
 * Throws what the file system throws.
 */
export class ManifestWriter {
  readonly #file: FileHandle;
  readonly #hash = createHash('sha256');
  #pending: string;
  #files = 0;
  #written: Promise<void> = Promise.resolve();

  private constructor(file: FileHandle, head: string) {
    this.#file = file;
    this.#pending = head;
  }

  static async create(path: string, systemIdentifier: string, major: number): Promise<ManifestWriter> {
    const head =
      major >= 17
        ? `{ "PostgreSQL-Backup-Manifest-Version": 2,\n"System-Identifier": ${systemIdentifier},\n"Files": [`
        : '{ "PostgreSQL-Backup-Manifest-Version": 1,\n"Files": [';
    return new ManifestWriter(await open(path, 'wx', 0o600), head);
  }

  /** May be called while an earlier call is still writing. */
  async add({ path, bytes, modified, checksum }: CopiedFile): Promise<void> {
    const time = `${modified.toISOString().slice(0, 19).replace('T', ' ')} GMT`;
    this.#pending +=
      `${this.#files++ === 0 ? '' : ','}\n{ "Path": ${JSON.stringify(path)}, "Size": ${bytes}, ` +
      `"Last-Modified": "${time}", "Checksum-Algorithm": "CRC32C", "Checksum": "${checksum.toString('hex')}" }`;
    if (this.#pending.length >= pieceCharacters) await this.#flush();
  }

  /** The end; the file is on the disk then. */
  async finish(ranges: WalRange[]): Promise<void> {
    const lines = ranges.map(
      ({ timeline, start, end }) =>
        `{ "Timeline": ${timeline}, "Start-LSN": "${start}", "End-LSN": "${end}" }`,
    );
    this.#pending += `\n],\n"WAL-Ranges": [\n${lines.join(',\n')}\n],\n`;
    await this.#flush();
    await this.#file.appendFile(`"Manifest-Checksum": "${this.#hash.digest('hex')}"}\n`);
    await this.#file.sync();
    await this.close();
  }

  async close(): Promise<void> {
    await this.#written.catch(() => undefined);
    await this.#file.close();
  }

  async #flush(): Promise<void> {
    const text = this.#pending;
    this.#pending = '';
    this.#hash.update(text);
    this.#written = this.#written.then(() => this.#file.appendFile(text));
    await this.#written;
  }
}
