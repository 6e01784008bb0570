import { open, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { linkedTablespaces, readControlFile, tablespaceFolder } from '../../pgdata/restoring';
import type { BackupSet } from '../sets';
import { parseLsn, type Lsn } from '../wal';
import { parseFileMap, PG_CLASS, PG_DATABASE, SHARED, type Names } from './names';
import { PAGE } from './pages';
import type { CatalogPages } from './catalog';

/** Pages that are read in one turn. */
const AT_ONCE = 32;

/**
 * The backup that knows best which names there were at a place: the newest full plain one that began before it, else the oldest after
 * it. Catalogs of tar files and incremental backups are not read: they would have to be unpacked or combined first.
 */
export function namingBackup(
  sets: readonly BackupSet[],
  { systemIdentifier, from }: { systemIdentifier: string | null; from: Lsn },
): BackupSet[] {
  const own = sets
    .filter((set) => set.level === 'full' && set.systemIdentifier === systemIdentifier)
    .sort((a, b) => (parseLsn(a.startLsn) < parseLsn(b.startLsn) ? -1 : 1));
  const after = own.findIndex((set) => parseLsn(set.startLsn) > from);
  return after < 0 ? own.reverse() : [...own.slice(0, after).reverse(), ...own.slice(after)];
}

/** Reads pg_database, pg_class and pg_namespace of a plain base backup. False for one in which they are not found. */
export async function readNames(
  names: Names,
  folder: string,
  { signal }: { signal?: AbortSignal } = {},
): Promise<boolean> {
  const control = await readControlFile(folder).catch(() => null);
  if (control?.blockBytes !== PAGE) return false;
  const global = await fileMap(join(folder, 'global'));
  const databases = global?.get(PG_DATABASE);
  if (databases === undefined) return false;
  names.place(SHARED, PG_DATABASE, databases);
  await readPages(join(folder, 'global', String(databases)), names.catalog(SHARED, databases)!, signal);
  for (const path of await databaseFolders(folder)) {
    signal?.throwIfAborted();
    const database = Number(path.slice(path.lastIndexOf('/') + 1));
    const classes = (await fileMap(path))?.get(PG_CLASS);
    if (classes === undefined) continue;
    names.place(database, PG_CLASS, classes);
    await readPages(join(path, String(classes)), names.catalog(database, classes)!, signal);
    const file = names.namespaceFile(database);
    await readPages(join(path, String(file)), names.catalog(database, file)!, signal);
  }
  return true;
}

async function databaseFolders(folder: string): Promise<string[]> {
  const found: string[] = [];
  const add = async (parent: string): Promise<void> => {
    for (const name of await readdir(parent).catch(() => []))
      if (/^\d+$/.test(name)) found.push(`${parent}/${name}`);
  };
  await add(join(folder, 'base'));
  for (const { oid } of await linkedTablespaces(folder)) {
    const space = await tablespaceFolder(folder, oid);
    for (const name of space === null ? [] : await readdir(space).catch(() => []))
      if (/^PG_\d+_\d+$/.test(name)) await add(join(space!, name));
  }
  return found;
}

async function fileMap(folder: string): Promise<Map<number, number> | null> {
  const bytes = await readFile(join(folder, 'pg_filenode.map')).catch(() => null);
  return bytes && parseFileMap(bytes);
}

/** A catalog that is larger than a segment of a relation's (1 GB) is read up to there. */
async function readPages(
  path: string,
  catalog: CatalogPages<unknown>,
  signal: AbortSignal | undefined,
): Promise<void> {
  const file = await open(path, 'r').catch(() => null);
  if (!file) return;
  try {
    const buffer = Buffer.alloc(AT_ONCE * PAGE);
    for (let block = 0; ; block += AT_ONCE) {
      signal?.throwIfAborted();
      const { bytesRead } = await file.read(buffer, 0, buffer.length, block * PAGE);
      for (let i = 0; (i + 1) * PAGE <= bytesRead; i++)
        catalog.setPage(block + i, buffer.subarray(i * PAGE, (i + 1) * PAGE));
      if (bytesRead < buffer.length) return;
    }
  } finally {
    await file.close();
  }
}
