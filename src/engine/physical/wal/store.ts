import { link, mkdir, open, readdir, rename, rm, stat, unlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { isAlive } from '../../process-tree';
import { syncFolder } from '../../sync';

/** What we keep in an archive besides its files; a name that no program takes for WAL. */
const OWN = '.restore-point';
const HALF_WRITTEN = /\.([^.]*)\.(\d+)-[0-9a-z]+\.tmp$/;
/** A file that has not grown for so long is of a process that is gone, on whichever machine it ran. */
const STALE_MS = 10 * 60_000;

/** Systems and file systems without hard links. */
const noLinks = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EINVAL']);

/** The folder of ours in an archive, made where it is not there. Its names are few: it is read in no time. */
export async function ownFolder(archive: string): Promise<string> {
  const path = join(archive, OWN);
  try {
    await mkdir(path, { mode: 0o700 });
    await syncFolder(archive);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return path;
}

/** Path of a file of ours in an archive, whether or not it is there. */
export function ownFile(archive: string, name: string): string {
  return join(archive, OWN, name);
}

/** Deletes what killed processes have left half-written. */
export async function clearStale(folder: string, now: number): Promise<void> {
  for (const name of await readdir(folder)) {
    const [, machine, process] = HALF_WRITTEN.exec(name) ?? [];
    if (machine === undefined) continue;
    const path = join(folder, name);
    const isGone = machine === thisMachine() && !isAlive(Number(process));
    try {
      if (isGone || now - (await stat(path)).mtimeMs > STALE_MS) await unlink(path);
    } catch {
      // Gone meanwhile.
    }
  }
}

function thisMachine(): string {
  return hostname().replace(/[^\w-]/g, '_');
}

/**
 * Puts a file into an archive (`path` below its folder) so that it is there wholly or not at all, and nothing is overwritten: written under another
 * name, synced, then linked to its own.
 *
 * @returns bytes written; null when the name was taken
 */
export async function putFile(
  archive: string,
  path: string,
  parts: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<number | null> {
  const unique = `${thisMachine()}.${process.pid}-${process.hrtime.bigint().toString(36)}`;
  const temporary = join(await ownFolder(archive), `${basename(path)}.${unique}.tmp`);
  try {
    let bytes = 0;
    const file = await open(temporary, 'wx', 0o600);
    try {
      for await (const part of parts) {
        for (let at = 0; at < part.length;) at += (await file.write(part, at)).bytesWritten;
        bytes += part.length;
      }
      await file.sync();
    } finally {
      await file.close();
    }
    if (!(await takeName(temporary, path))) return null;
    await syncFolder(dirname(path));
    return bytes;
  } finally {
    await rm(temporary, { force: true });
  }
}

/** False when the name was taken. */
async function takeName(temporary: string, path: string): Promise<boolean> {
  try {
    await link(temporary, path);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    if (!noLinks.has(code ?? '')) throw error;
  }
  try {
    await stat(path);
    return false;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  await rename(temporary, path);
  return true;
}
