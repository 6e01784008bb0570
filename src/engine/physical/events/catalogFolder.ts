import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { home } from '../../home';
import { isFolder, pickFiles, tarsOf } from '../../pgdata/restoring';
import type { BackupSet } from '../sets';

/** Catalogs of so many backups in tar files are kept; the longest unused go first. */
const KEPT = 8;
/** Larger ones are not read for their names alone: it would take minutes. Bytes as stored. */
const MOST_BYTES = 16 * 1024 ** 3;

/** Names in a data directory that are read for names: catalogs by the numbers they have until they are rewritten. */
const usual = /\/(?:pg_filenode\.map|pg_control|(?:INCREMENTAL\.)?(?:1259|1262|2615))$/;
const safe =
  /^(?:global|base\/\d+|pg_tblspc\/\d+\/PG_\d+_\d+\/\d+)\/(?:pg_filenode\.map|pg_control|(?:INCREMENTAL\.)?\d+)$/;

export interface FolderOptions {
  signal?: AbortSignal;
  /** Bytes of tar files that were read since the last call. */
  onBytes?: (count: number) => void;
}

/**
 * Bytes of tar files that have to be read for the catalogs of a backup: none of a plain one, and none where they are kept.
 * Null for a backup that is too large for it, or cannot be read.
 */
export async function bytesForCatalogs(set: BackupSet): Promise<number | null> {
  try {
    const tars = await catalogTars(set.where);
    if (tars.length === 0 || (await isFolder(keptAt(set, tars)))) return 0;
    const bytes = tars.reduce((sum, { size }) => sum + size, 0);
    return bytes > MOST_BYTES ? null : bytes;
  } catch {
    return null;
  }
}

/**
 * A folder with the catalogs of a backup, as they lie in a data directory: a plain backup's own, else what is picked out of its tar
 * files, once: it is kept for the next time.
 *
 * @param missing tells which files are still looked for in such a folder: a catalog that was rewritten (VACUUM FULL) has another number,
 * which stands in files that may come later
 */
export async function catalogFolder(
  set: BackupSet,
  missing: (folder: string) => Promise<readonly string[]>,
  { signal, onBytes }: FolderOptions = {},
): Promise<string> {
  const tars = await catalogTars(set.where);
  if (tars.length === 0) return set.where;
  const kept = keptAt(set, tars);
  const now = new Date();
  if (await isFolder(kept)) {
    await utimes(kept, now, now).catch(() => undefined);
    return kept;
  }
  const half = `${kept}.${randomBytes(4).toString('hex')}.tmp`;
  await mkdir(half, { recursive: true, mode: 0o700 });
  try {
    const options = { ...(signal ? { signal } : {}), ...(onBytes ? { onBytes } : {}) };
    await pickFiles(set.where, half, (path) => safe.test(path) && usual.test(path), options);
    // First pg_class, then what it tells the file of.
    for (let pass = 0; pass < 2; pass++) {
      const others = new Set(await missing(half));
      if (others.size === 0) break;
      await pickFiles(set.where, half, (path) => safe.test(path) && others.has(path), options);
    }
    await rename(half, kept).catch(async (error: unknown) => {
      // Another process was faster.
      if (!(await isFolder(kept))) throw error;
    });
    await forgetOldest(join(kept, '..'));
    return kept;
  } finally {
    await rm(half, { recursive: true, force: true });
  }
}

async function catalogTars(where: string): Promise<{ size: number; mtimeMs: number }[]> {
  const tars = tarsOf(await readdir(where)).filter(({ holds }) => holds !== 'wal');
  return await Promise.all(tars.map(({ name }) => stat(join(where, name))));
}

function keptAt({ id, where }: BackupSet, tars: { size: number; mtimeMs: number }[]): string {
  const key = JSON.stringify([id, where, tars.map(({ size, mtimeMs }) => [size, mtimeMs])]);
  return join(home().state, 'catalogs', createHash('sha256').update(key).digest('hex').slice(0, 32));
}

/** Also what killed processes have left half-written. */
async function forgetOldest(folder: string): Promise<void> {
  const entries = await Promise.all(
    (await readdir(folder)).map(async (name) => {
      const path = join(folder, name);
      return { path, at: (await stat(path).catch(() => null))?.mtimeMs ?? 0 };
    }),
  );
  const going = entries.sort((a, b) => b.at - a.at).slice(KEPT);
  await Promise.all(going.map(async ({ path }) => await rm(path, { recursive: true, force: true })));
}
