import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { isAlive } from '../../process-tree';
import { syncFolderNow } from '../../sync';

// All of it waits for the disk where it stands: a process of its own stores one file, and has nothing else to do. Each call by way of
// Node's threads would be two changes between threads, and on a busy machine each of these is a wait for a processor.

/** What we keep in an archive besides its files; a name that no program takes for WAL. */
const OWN = '.restore-point';
const HALF_WRITTEN = /\.([^.]*)\.(\d+)-[0-9a-z]+\.tmp$/;
/** A file that has not grown for so long is of a process that is gone, on whichever machine it ran. */
const STALE_MS = 10 * 60_000;

/** Systems and file systems without hard links. */
const noLinks = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EINVAL']);

/** The folder of ours in an archive, made where it is not there. Its names are few: it is read in no time. */
export function ownFolder(archive: string): string {
  const path = join(archive, OWN);
  try {
    mkdirSync(path, { mode: 0o700 });
    syncFolderNow(archive);
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
export function clearStale(folder: string, now: number): void {
  for (const name of readdirSync(folder)) {
    const [, machine, process] = HALF_WRITTEN.exec(name) ?? [];
    if (machine === undefined) continue;
    const path = join(folder, name);
    const isGone = machine === thisMachine() && !isAlive(Number(process));
    try {
      if (isGone || now - statSync(path).mtimeMs > STALE_MS) unlinkSync(path);
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
 * name, synced, then linked to its own. Between the parts and before the name is taken, others have a turn: who cancels is heard.
 *
 * @returns bytes written; null when the name was taken
 */
export async function putFile(
  archive: string,
  path: string,
  parts: Iterable<Uint8Array>,
  signal?: AbortSignal,
): Promise<number | null> {
  const unique = `${thisMachine()}.${process.pid}-${process.hrtime.bigint().toString(36)}`;
  const temporary = join(ownFolder(archive), `${basename(path)}.${unique}.tmp`);
  try {
    let bytes = 0;
    const file = openSync(temporary, 'wx', 0o600);
    try {
      for (const part of parts) {
        for (let at = 0; at < part.length;) at += writeSync(file, part, at);
        bytes += part.length;
        await turn();
        signal?.throwIfAborted();
      }
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    if (!takeName(temporary, path)) return null;
    syncFolderNow(dirname(path));
    return bytes;
  } finally {
    rmSync(temporary, { force: true });
  }
}

/** False when the name was taken. */
function takeName(temporary: string, path: string): boolean {
  try {
    linkSync(temporary, path);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    if (!noLinks.has(code ?? '')) throw error;
  }
  try {
    statSync(path);
    return false;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  renameSync(temporary, path);
  return true;
}
