import { constants } from 'node:fs';
import { copyFile, mkdir, open, readdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import * as l10n from '@vscode/l10n';
import { readTar, type TarEntry } from '../archive/decoding';
import { CancelledError } from '../errors';
import { unreadable } from './errors';
import { identifyBaseBackup, tarsOf } from './identify';
import { fileMode, folderMode, unpackFile } from './unpackFile';
import { tablespaceFolder } from './walk';

export interface PlaceOptions {
  signal?: AbortSignal;
  /** Bytes written, or for tar files read, since the last call. */
  onBytes?: (count: number) => void;
}

/** No folder of a cluster lies deeper. */
const deepest = 10;

/**
 * Makes a data directory of a base backup in a new folder: a copy of a plain one (sharing blocks where the file system
 * can), or what its tar files hold. Everything belongs to its owner alone, and is on the disk when this ends. The
 * tablespaces go into folders of their own (by OID), and are linked. Throws `pgdata.unreadable` for names that lead
 * elsewhere, `DamageError`, and what the file system throws.
 */
export async function placeBaseBackup(
  from: string,
  to: string,
  tablespaces: ReadonlyMap<number, string>,
  options: PlaceOptions = {},
): Promise<void> {
  const layout = (await identifyBaseBackup(from))?.layout;
  if (!layout) throw unreadable('backup_label', l10n.t('The folder holds no base backup.'));
  await mkdir(to, { mode: folderMode });
  for (const folder of tablespaces.values()) await mkdir(folder, { recursive: true, mode: folderMode });
  if (layout === 'plain') await copyPlain(from, to, tablespaces, options);
  else await unpackTars(from, to, tablespaces, options);
  const links = join(to, 'pg_tblspc');
  await mkdir(links, { recursive: true, mode: folderMode });
  for (const [oid, folder] of tablespaces) await symlink(folder, join(links, String(oid)));
  // What a server makes anew and does not send; it does not start without the folder.
  await mkdir(join(to, 'pg_wal/archive_status'), { recursive: true, mode: folderMode });
}

async function copyPlain(
  from: string,
  to: string,
  tablespaces: ReadonlyMap<number, string>,
  options: PlaceOptions,
): Promise<void> {
  await copyFolder(from, to, '', 0, options);
  for (const [oid, folder] of tablespaces) {
    const source = await tablespaceFolder(from, oid);
    if (source === null)
      throw unreadable(`pg_tblspc/${oid}`, l10n.t('The folder of the tablespace is missing.'));
    await copyFolder(source, folder, '', 0, options);
  }
}

async function copyFolder(
  from: string,
  to: string,
  prefix: string,
  depth: number,
  options: PlaceOptions,
): Promise<void> {
  if (depth > deepest) throw unreadable(prefix, l10n.t('Its folders lie too deep.'));
  for (const entry of await readdir(from, { withFileTypes: true })) {
    if (options.signal?.aborted) throw new CancelledError();
    const path = prefix + entry.name;
    const target = join(to, entry.name);
    if (entry.isDirectory()) {
      await mkdir(target, { recursive: true, mode: folderMode });
      await copyFolder(join(from, entry.name), target, `${path}/`, depth + 1, options);
    } else if (entry.isFile()) await copyOne(join(from, entry.name), target, options);
    // Links are those of tablespaces (made anew), or lead WAL elsewhere, which a backup never does.
    else if (!entry.isSymbolicLink()) throw unreadable(path, l10n.t('It is neither a file nor a folder.'));
  }
}

async function copyOne(from: string, to: string, { onBytes }: PlaceOptions): Promise<void> {
  await copyFile(from, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
  const file = await open(to, 'r+');
  try {
    await file.chmod(fileMode);
    await file.datasync();
    onBytes?.((await file.stat()).size);
  } finally {
    await file.close();
  }
}

async function unpackTars(
  from: string,
  to: string,
  tablespaces: ReadonlyMap<number, string>,
  { signal, onBytes }: PlaceOptions,
): Promise<void> {
  for (const { name, holds } of tarsOf(await readdir(from))) {
    const folder = holds === 'base' ? to : holds === 'wal' ? join(to, 'pg_wal') : tablespaces.get(holds);
    if (folder === undefined)
      throw unreadable(name, l10n.t('It holds a tablespace that the backup does not know.'));
    await mkdir(folder, { recursive: true, mode: folderMode });
    let before = 0;
    const onRead = (read: number): void => {
      onBytes?.(read - before);
      before = read;
    };
    for await (const entry of readTar(join(from, name), { signal, onBytes: onRead }))
      await unpack(entry, folder);
  }
  const manifest = join(from, 'backup_manifest');
  await copyOne(manifest, join(to, 'backup_manifest'), {}).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
}

async function unpack(entry: TarEntry, folder: string): Promise<void> {
  const { name, kind } = entry;
  const parts = name.replace(/\/$/, '').split('/');
  if (
    name === '' ||
    parts.length > deepest ||
    parts.some((part) => part === '' || part === '.' || part === '..')
  )
    throw unreadable(name, l10n.t('A name in the tar file leads elsewhere.'));
  const target = join(folder, ...parts);
  if (kind === 'folder') await mkdir(target, { recursive: true, mode: folderMode });
  else if (kind === 'file') await unpackFile(entry, target);
  else if (kind !== 'link' || parts[0] !== 'pg_tblspc')
    throw unreadable(name, l10n.t('It is neither a file nor a folder.'));
}
