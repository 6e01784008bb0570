import { open, readdir, readFile, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { readControlFile, tablespaceFolder } from '../../pgdata/restoring';
import { chainOf, type BackupSet, type Chain } from '../sets';
import { parseLsn, type Lsn } from '../wal';
import type { CatalogPages } from './catalog';
import { bytesForCatalogs, catalogFolder, type FolderOptions } from './catalogFolder';
import { changedBlocks } from './incremental';
import { Names, parseFileMap, PG_CLASS, PG_DATABASE, SHARED } from './names';
import { PAGE } from './pages';

/** Pages that are read in one turn. */
const AT_ONCE = 32;

/** The backup that names are taken from, with those it was taken against, and what has to be read of tar files for it. */
export interface NamingBackup {
  chain: Chain;
  /** Bytes, as stored. */
  tarBytes: number;
}

/**
 * The backup that knows best which names there were at a place: the newest that began before it, else the oldest after it. An
 * incremental one needs those that it was taken against. Null where none can be read.
 */
export async function namingBackup(
  sets: readonly BackupSet[],
  { systemIdentifier, from }: { systemIdentifier: string | null; from: Lsn },
): Promise<NamingBackup | null> {
  const own = sets
    // Of tar files before 17 only their end tells it; then it is looked at when they were read.
    .filter((set) => set.systemIdentifier === null || set.systemIdentifier === systemIdentifier)
    .sort((a, b) => (parseLsn(a.startLsn) < parseLsn(b.startLsn) ? -1 : 1));
  const after = own.findIndex((set) => parseLsn(set.startLsn) > from);
  const best = after < 0 ? own.reverse() : [...own.slice(0, after).reverse(), ...own.slice(after)];
  const known = best.filter((set) => set.systemIdentifier !== null);
  for (const set of [...known, ...best.filter((one) => one.systemIdentifier === null)]) {
    const chain = chainOf(set, sets);
    if (chain.missing !== null) continue;
    const bytes = await Promise.all(chain.members.map(bytesForCatalogs));
    if (bytes.every((count) => count !== null))
      return { chain, tarBytes: bytes.reduce((sum, count) => sum + count, 0) };
  }
  return null;
}

/** Reads pg_database, pg_class and pg_namespace of a base backup. False for one in which they are not found, and for another cluster's. */
export async function readNames(
  names: Names,
  { members }: Chain,
  { systemIdentifier, ...options }: FolderOptions & { systemIdentifier: string | null },
): Promise<boolean> {
  for (const set of members) {
    const missing = async (folder: string): Promise<readonly string[]> =>
      (await readFolder(new Names(names.major), folder, systemIdentifier, options))?.missing ?? [];
    const folder = await catalogFolder(set, missing, options);
    if (!(await readFolder(names, folder, systemIdentifier, options))) return false;
  }
  return true;
}

/** @returns the files that were looked for and are not there; null where the folder tells no names */
async function readFolder(
  names: Names,
  folder: string,
  systemIdentifier: string | null,
  { signal }: FolderOptions,
): Promise<{ missing: string[] } | null> {
  const control = await readControlFile(folder).catch(() => null);
  if (control?.blockBytes !== PAGE) return null;
  if (systemIdentifier !== null && control.systemIdentifier !== systemIdentifier) return null;
  const shared = await fileMap(folder, 'global');
  const databases = shared?.get(PG_DATABASE);
  if (!shared || databases === undefined) return null;
  const missing: string[] = [];
  const read = async (path: string, database: number, file: number): Promise<void> => {
    signal?.throwIfAborted();
    if (!(await readCatalog(folder, path, file, names.catalog(database, file)!, signal)))
      missing.push(`${path}/${file}`, `${path}/INCREMENTAL.${file}`);
  };
  names.place(SHARED, shared);
  await read('global', SHARED, databases);
  for (const path of await databaseFolders(folder)) {
    const database = Number(path.slice(path.lastIndexOf('/') + 1));
    const map = await fileMap(folder, path);
    const classes = map?.get(PG_CLASS);
    if (!map || classes === undefined) continue;
    names.place(database, map);
    await read(path, database, classes);
    await read(path, database, names.namespaceFile(database));
  }
  return { missing };
}

/** Paths in the data directory. */
async function databaseFolders(folder: string): Promise<string[]> {
  const found: string[] = [];
  const add = async (parent: string, path: string): Promise<void> => {
    for (const name of await readdir(parent).catch(() => []))
      if (/^\d+$/.test(name)) found.push(`${path}/${name}`);
  };
  await add(join(folder, 'base'), 'base');
  for (const oid of await readdir(join(folder, 'pg_tblspc')).catch(() => [])) {
    const space = await tablespaceFolder(folder, oid);
    for (const name of space === null ? [] : await readdir(space).catch(() => []))
      if (/^PG_\d+_\d+$/.test(name)) await add(join(space!, name), `pg_tblspc/${oid}/${name}`);
  }
  return found;
}

/** Where a path in the data directory is: tablespaces may lie elsewhere. */
async function placeOf(folder: string, path: string): Promise<string> {
  const [, oid, rest] = /^pg_tblspc\/(\d+)\/(.*)$/.exec(path) ?? [];
  const space = oid === undefined ? null : await tablespaceFolder(folder, oid);
  return space === null ? join(folder, path) : join(space, rest!);
}

async function fileMap(folder: string, path: string): Promise<Map<number, number> | null> {
  const bytes = await readFile(join(await placeOf(folder, path), 'pg_filenode.map')).catch(() => null);
  return bytes && parseFileMap(bytes);
}

/** A catalog that is larger than a segment of a relation's (1 GB) is read up to there. False where it is not there. */
async function readCatalog(
  folder: string,
  path: string,
  file: number,
  catalog: CatalogPages<unknown>,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const place = await placeOf(folder, path);
  const whole = await open(join(place, String(file)), 'r').catch(() => null);
  if (whole) await readPages(whole, catalog, null, signal);
  const changed = whole ? null : await open(join(place, `INCREMENTAL.${file}`), 'r').catch(() => null);
  if (changed) await readPages(changed, catalog, await changedBlocks(changed), signal);
  return whole !== null || changed !== null;
}

/** Closes the file. */
async function readPages(
  file: FileHandle,
  catalog: CatalogPages<unknown>,
  changed: { at: number; blocks: number[] } | null,
  signal: AbortSignal | undefined,
): Promise<void> {
  try {
    const buffer = Buffer.alloc(AT_ONCE * PAGE);
    for (let page = 0; changed === null || page < changed.blocks.length; page += AT_ONCE) {
      signal?.throwIfAborted();
      const from = (changed?.at ?? 0) + page * PAGE;
      const { bytesRead } = await file.read(buffer, 0, buffer.length, from);
      for (let i = 0; (i + 1) * PAGE <= bytesRead; i++) {
        const block = changed ? changed.blocks[page + i] : page + i;
        if (block !== undefined) catalog.setPage(block, buffer.subarray(i * PAGE, (i + 1) * PAGE));
      }
      if (bytesRead < buffer.length) return;
    }
  } finally {
    await file.close();
  }
}
