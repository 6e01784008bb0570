import { open, readdir, readlink, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { CancelledError } from '../errors';
import { tablespacesBeside } from './identify';

/** A file of a data directory. */
export interface WalkedFile {
  /** Relative to the data directory, `/` between parts. */
  path: string;
  /** Where it is. */
  full: string;
  kind: 'file' | 'other';
}

/** No folder of a cluster lies deeper. */
const deepest = 8;

/**
 * Where a tablespace of a plain backup is: beside it, else where the link in it leads. A backup that was copied
 * elsewhere has links that lead to the original. Null when it is in neither place.
 */
export async function tablespaceFolder(folder: string, oid: number | string): Promise<string | null> {
  const beside = join(tablespacesBeside(folder), String(oid));
  if (await isFolder(beside)) return beside;
  const link = join(folder, 'pg_tblspc', String(oid));
  if (!(await isFolder(link))) return null;
  return (await readlink(link).catch(() => null)) ?? link;
}

export async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isDirectory() ?? false;
}

/**
 * All files of a data directory and its tablespaces. Links are followed to tablespaces only, and there into the
 * folders of servers only; what is neither file nor folder is told as `other`.
 */
export async function* walkData(folder: string): AsyncGenerator<WalkedFile> {
  yield* walk(folder, '', 0);
}

async function* walk(folder: string, prefix: string, depth: number): AsyncGenerator<WalkedFile> {
  for (const entry of (await readdir(folder, { withFileTypes: true })).sort((a, b) =>
    a.name < b.name ? -1 : 1,
  )) {
    const path = prefix + entry.name;
    const full = join(folder, entry.name);
    const inTablespaces = prefix === 'pg_tblspc/' && /^\d+$/.test(entry.name);
    if (inTablespaces) {
      const target = (await tablespaceFolder(folder.slice(0, -'/pg_tblspc'.length), entry.name)) ?? null;
      if (target === null) yield { path, full, kind: 'other' };
      else yield* walkTablespace(target, `${path}/`);
    } else if (entry.isDirectory() && depth < deepest) yield* walk(full, `${path}/`, depth + 1);
    else yield { path, full, kind: entry.isFile() ? 'file' : 'other' };
  }
}

async function* walkTablespace(folder: string, prefix: string): AsyncGenerator<WalkedFile> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const full = join(folder, entry.name);
    if (entry.isDirectory() && /^PG_\d+(?:\.\d+)?_\d+$/.test(entry.name))
      yield* walk(full, `${prefix}${entry.name}/`, 1);
    else yield { path: prefix + entry.name, full, kind: entry.isFile() ? 'file' : 'other' };
  }
}

/** Reads a file through one buffer: each piece is gone when the next is asked for. */
export async function* readPieces(
  path: string,
  buffer: Buffer,
  signal?: AbortSignal,
): AsyncGenerator<Buffer> {
  const file = await open(path, 'r');
  try {
    for (;;) {
      if (signal?.aborted) throw new CancelledError();
      const { bytesRead } = await file.read(buffer, 0, buffer.length, null);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}
