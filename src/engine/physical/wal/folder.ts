import type { Dirent } from 'node:fs';
import { open, opendir, readdir, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import * as l10n from '@vscode/l10n';
import { RestorePointError } from '../../errors';
import { parseWalName } from './names';
import type { WalFile, WalSource } from './types';

/** Folders that archives of others put segments into: a timeline and the high half of addresses (Barman, pgBackRest). */
const subFolder = /^[0-9A-F]{16}$/;
/** Files that are looked at in one turn. */
const AT_ONCE = 64;
const PIECE = 256 * 1024;

/** Whether a path is a folder with segments of WAL in it: by names alone, up to the first that fits. False for what cannot be read. */
export async function isWalArchive(path: string): Promise<boolean> {
  try {
    for await (const entry of await opendir(path))
      if (entry.isDirectory() ? subFolder.test(entry.name) : parseWalName(entry.name)?.kind === 'segment')
        return true;
  } catch {
    // Whoever opens it says why.
  }
  return false;
}

/** A folder as an archive of WAL; with folders of 16 digits in it, one level deep. */
export class WalFolder implements WalSource {
  readonly name: string;

  constructor(path: string) {
    this.name = path;
  }

  async list({ signal }: { signal?: AbortSignal } = {}): Promise<WalFile[]> {
    const entries = await this.#entries('');
    const paths = names(entries);
    for (const folder of entries.filter((entry) => entry.isDirectory() && subFolder.test(entry.name)))
      paths.push(...names(await this.#entries(folder.name)).map((name) => `${folder.name}/${name}`));
    const files: WalFile[] = [];
    for (let at = 0; at < paths.length; at += AT_ONCE) {
      signal?.throwIfAborted();
      const found = await Promise.all(paths.slice(at, at + AT_ONCE).map((path) => this.#file(path)));
      files.push(...found.filter((file) => file !== null));
    }
    return files;
  }

  async *open({ path }: WalFile, { signal }: { signal?: AbortSignal } = {}): AsyncGenerator<Buffer> {
    const file = await open(join(this.name, path), 'r');
    try {
      for (;;) {
        signal?.throwIfAborted();
        const buffer = Buffer.allocUnsafe(PIECE);
        const { bytesRead } = await file.read(buffer, 0, PIECE);
        if (bytesRead === 0) return;
        yield buffer.subarray(0, bytesRead);
      }
    } finally {
      await file.close();
    }
  }

  async remove({ path }: WalFile): Promise<void> {
    await unlink(join(this.name, path));
  }

  async #entries(folder: string): Promise<Dirent[]> {
    try {
      return await readdir(join(this.name, folder), { withFileTypes: true });
    } catch (error) {
      throw cannotBeRead(this.name, error as NodeJS.ErrnoException);
    }
  }

  /** Null for what is no file, and for what went away meanwhile. */
  async #file(path: string): Promise<WalFile | null> {
    try {
      const found = await stat(join(this.name, path));
      if (!found.isFile()) return null;
      return {
        path,
        name: path.slice(path.lastIndexOf('/') + 1),
        bytes: found.size,
        modified: found.mtime.toISOString(),
      };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw cannotBeRead(this.name, error as NodeJS.ErrnoException);
    }
  }
}

function names(entries: Dirent[]): string[] {
  return entries.filter((entry) => !entry.isDirectory()).map((entry) => entry.name);
}

/** Why a folder cannot be used as an archive. */
export function cannotBeRead(path: string, { code, message }: NodeJS.ErrnoException): RestorePointError {
  const isAbsent = code === 'ENOENT' || code === 'ENOTDIR';
  return new RestorePointError({
    code: isAbsent ? 'wal.noArchive' : 'wal.unreadable',
    what: isAbsent
      ? l10n.t('There is no folder "{0}".', path)
      : l10n.t('The folder "{0}" cannot be read.', path),
    why: message,
    next: isAbsent
      ? l10n.t('Mount what it lies on, or make the folder if this is a new archive.')
      : l10n.t('Give the user that runs this the right to read and write it.'),
  });
}
