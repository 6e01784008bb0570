import { constants } from 'node:fs';
import { chmod, copyFile, lstat, mkdir, open, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CancelledError } from '../errors';
import { syncFolder } from '../sync';
import { parseControlFile, type ControlFile } from './control';
import { createDigest } from './digest';
import type { CopiedFile, ManifestWriter } from './manifestWriter';
import { sourceEntries, type SourceEntry } from './sourceEntries';

/** A tablespace that is copied with its cluster. */
export interface CopiedTablespace {
  oid: number;
  /** The location. */
  from: string;
  /** A new folder. */
  to: string;
}

export interface CopyOptions {
  manifest: ManifestWriter;
  /** `PG_15_202209061`: the folder of the cluster in its tablespaces, which those of other releases may share. */
  versionFolder: string;
  /** The server is running: files may change, and go away. */
  online: boolean;
  signal?: AbortSignal;
  /** Bytes of files that came over since the last call. */
  onBytes?: (count: number) => void;
  /** What is neither file nor folder, which a copy does not have. */
  onSkipped?: (path: string) => void;
}

const copiers = 4;
const pieceBytes = 256 * 1024;
/** A control file may be read while it is being written. */
const controlTries = 20;
const controlPath = 'global/pg_control';

/**
 * Copies a data directory and its tablespaces into new folders and lists every file with its checksum; blocks are shared
 * where the file system can. Permissions stay as they are. WAL is not copied, its folders are made. The control file comes
 * last. All is on the disk in the end. Throws what the file system throws.
 */
export async function copyCluster(
  from: string,
  to: string,
  spaces: CopiedTablespace[],
  options: CopyOptions,
): Promise<void> {
  const copier = new Copier(options);
  await copier.folder(from, to);
  await copier.tree(from, to, '');
  await mkdir(join(to, 'pg_wal/archive_status'), { recursive: true, mode: 0o700 });
  for (const { oid, from: location, to: place } of spaces) {
    const { versionFolder } = options;
    await copier.folder(location, place);
    await copier.folder(join(location, versionFolder), join(place, versionFolder));
    await copier.tree(
      join(location, versionFolder),
      join(place, versionFolder),
      `pg_tblspc/${oid}/${versionFolder}/`,
    );
    await symlink(place, join(to, 'pg_tblspc', String(oid)));
  }
  await copier.control(from, to);
}

/**
 * The control file anew, into a copy that another program made. Of a standby it says how far the WAL has to be replayed before the
 * files fit together, so it must not be older than any of them (backup/basebackup.c sends it last, too).
 */
export async function copyControlAgain(from: string, to: string): Promise<ControlFile> {
  const bytes = await readWholeControl(from);
  const path = join(to, controlPath);
  const { mode } = await lstat(path);
  await rm(path);
  await writeFile(path, bytes, { flag: 'wx', mode: mode & 0o777 });
  return parseControlFile(bytes);
}

/** A file that was there when it was seen, and is not any more. */
class GoneError extends Error {}

/** What is said of the source alone: that the target is gone is another matter. */
function gone(error: NodeJS.ErrnoException): never {
  throw error.code === 'ENOENT' ? new GoneError(error.message, { cause: error }) : error;
}

class Copier {
  readonly #options: CopyOptions;
  /** False once the file system has said that it cannot share blocks between these two places. */
  #clones = true;

  constructor(options: CopyOptions) {
    this.#options = options;
  }

  async folder(from: string, to: string): Promise<void> {
    const { mode } = await lstat(from).catch(gone);
    await mkdir(to, { recursive: true, mode: 0o700 });
    await chmod(to, mode & 0o777);
  }

  async tree(from: string, to: string, prefix: string): Promise<void> {
    const folders = [to];
    const files = this.#files(from, to, prefix, folders);
    const work = async (): Promise<void> => {
      const buffer = Buffer.allocUnsafe(pieceBytes);
      for (;;) {
        const { done, value } = await files.next();
        if (done) return;
        if (this.#options.signal?.aborted) throw new CancelledError();
        await this.#passing(async () => await this.#file(value, value.target, buffer));
      }
    };
    // One that fails ends the others, and they are waited for: nothing is written after this has thrown.
    const ended = await Promise.allSettled(
      Array.from({ length: copiers }, () => work().finally(async () => await files.return(undefined))),
    );
    for (const one of ended) if (one.status === 'rejected') throw one.reason;
    for (const folder of folders.reverse()) await syncFolder(folder);
  }

  /** Makes folders as it comes to them, so that they are there before what is in them is copied. */
  async *#files(
    from: string,
    to: string,
    prefix: string,
    folders: string[],
  ): AsyncGenerator<SourceEntry & { target: string }> {
    for await (const entry of sourceEntries(from, { online: this.#options.online, prefix })) {
      const { path, full, kind } = entry;
      const target = join(to, path.slice(prefix.length));
      if (kind === 'other') this.#options.onSkipped?.(path);
      else if (kind === 'file' && path !== controlPath) yield { ...entry, target };
      else if (kind === 'folder') {
        folders.push(target);
        await this.#passing(async () => await this.folder(full, target));
      }
    }
  }

  /** Bytes of one moment: those that its checksum fits. */
  async control(from: string, to: string): Promise<void> {
    const bytes = await readWholeControl(from);
    const { mode, mtime: modified } = await lstat(join(from, controlPath));
    const file = await open(join(to, controlPath), 'wx', 0o600);
    try {
      await file.writeFile(bytes);
      await file.chmod(mode & 0o777);
      await file.sync();
    } finally {
      await file.close();
    }
    const digest = createDigest('CRC32C');
    digest.update(bytes);
    await this.#list({ path: controlPath, bytes: bytes.length, modified, checksum: digest.digest() });
  }

  /** Online, what went away since it was seen was dropped or moved: replaying the WAL puts that right. */
  async #passing(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!this.#options.online || !(error instanceof GoneError)) throw error;
    }
  }

  async #file({ path, full }: SourceEntry, target: string, buffer: Buffer): Promise<void> {
    const { signal } = this.#options;
    const source = await open(full, 'r').catch(gone);
    try {
      const { mode, mtime: modified } = await source.stat();
      const cloned = await this.#clone(full, target);
      const file = await open(target, cloned ? 'r+' : 'wx', 0o600);
      const digest = createDigest('CRC32C');
      let bytes = 0;
      try {
        for (;;) {
          if (signal?.aborted) throw new CancelledError();
          const { bytesRead } = await (cloned ? file : source).read(buffer, 0, buffer.length, null);
          if (bytesRead === 0) break;
          const part = buffer.subarray(0, bytesRead);
          digest.update(part);
          bytes += bytesRead;
          if (!cloned) for (let at = 0; at < bytesRead;) at += (await file.write(part, at)).bytesWritten;
        }
        await file.chmod(mode & 0o777);
        await file.datasync();
      } finally {
        await file.close();
      }
      await this.#list({ path, bytes, modified, checksum: digest.digest() });
    } finally {
      await source.close();
    }
  }

  /** Whether the target is there now and shares its blocks with the source. */
  async #clone(from: string, to: string): Promise<boolean> {
    if (!this.#clones) return false;
    try {
      await copyFile(from, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE_FORCE);
      return true;
    } catch {
      // Whatever it is, a plain copy will say it better; what is half-made must not be in its way.
      this.#clones = false;
      await rm(to, { force: true });
      return false;
    }
  }

  async #list(file: CopiedFile): Promise<void> {
    await this.#options.manifest.add(file);
    this.#options.onBytes?.(file.bytes);
  }
}

async function readWholeControl(folder: string): Promise<Buffer> {
  for (let tries = 1; ; tries++) {
    const bytes = await readFile(join(folder, controlPath));
    try {
      parseControlFile(bytes);
      return bytes;
    } catch (error) {
      if (tries >= controlTries) throw error;
    }
  }
}
