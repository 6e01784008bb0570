import { lstat, mkdir, open, readdir, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import * as l10n from '@vscode/l10n';
import { CancelledError } from '../errors';
import { syncFolder } from '../sync';
import type { CopiedTablespace, CopyOptions } from './copy';
import { createDigest } from './digest';
import { unreadable } from './errors';
import { isLeftOut } from './leftOut';

type ListOptions = Pick<CopyOptions, 'manifest' | 'versionFolder' | 'signal' | 'onBytes' | 'onSkipped'>;

const deepest = 10;
const pieceBytes = 256 * 1024;

/**
 * Makes a copy that another program made of a data directory what `copyCluster` would have made: takes away what has no
 * place in it (WAL, too), links its tablespaces, lists every file with the checksum of what is there now, and sees to it
 * that all is on the disk. Throws `pgdata.unreadable`, and what the file system throws.
 */
export async function listCopy(to: string, spaces: CopiedTablespace[], options: ListOptions): Promise<void> {
  await rm(join(to, 'pg_wal'), { recursive: true, force: true });
  await mkdir(join(to, 'pg_wal/archive_status'), { recursive: true, mode: 0o700 });
  await mkdir(join(to, 'pg_tblspc'), { recursive: true, mode: 0o700 });
  for (const { oid, to: place } of spaces) {
    const link = join(to, 'pg_tblspc', String(oid));
    await rm(link, { recursive: true, force: true });
    await listFolder(place, `pg_tblspc/${oid}/`, 0, options);
    await symlink(place, link);
  }
  await listFolder(to, '', 0, options);
}

async function listFolder(
  folder: string,
  prefix: string,
  depth: number,
  options: ListOptions,
): Promise<void> {
  if (depth > deepest) throw unreadable(prefix, l10n.t('Its folders lie too deep.'));
  const { versionFolder, signal, onSkipped } = options;
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (signal?.aborted) throw new CancelledError();
    const path = prefix + entry.name;
    const full = join(folder, entry.name);
    if (path === 'pg_wal' || path === 'backup_manifest') continue;
    if (prefix === 'pg_tblspc/' && entry.isSymbolicLink()) continue;
    const isOthers = /^pg_tblspc\/\d+\/$/.test(prefix) && depth === 0 && entry.name !== versionFolder;
    if (isLeftOut(path) || isOthers) await rm(full, { recursive: true, force: true });
    else if (entry.isDirectory()) await listFolder(full, `${path}/`, depth + 1, options);
    else if (entry.isFile()) await listFile(path, full, options);
    else {
      onSkipped?.(path);
      await rm(full, { force: true });
    }
  }
  await syncFolder(folder);
}

async function listFile(path: string, full: string, { manifest, onBytes }: ListOptions): Promise<void> {
  const { mtime: modified } = await lstat(full);
  const buffer = Buffer.allocUnsafe(pieceBytes);
  const digest = createDigest('CRC32C');
  let bytes = 0;
  const file = await open(full, 'r');
  try {
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, buffer.length, null);
      if (bytesRead === 0) break;
      digest.update(buffer.subarray(0, bytesRead));
      bytes += bytesRead;
    }
    await file.datasync();
  } finally {
    await file.close();
  }
  await manifest.add({ path, bytes, modified, checksum: digest.digest() });
  onBytes?.(bytes);
}
