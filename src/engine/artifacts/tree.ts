import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

export interface FileInTree {
  path: string;
  bytes: number;
}

/** Every regular file at or below a path, sorted by path; symbolic links are not followed. */
export async function filesBelow(path: string): Promise<FileInTree[]> {
  const facts = await lstat(path);
  if (facts.isFile()) return [{ path, bytes: facts.size }];
  if (!facts.isDirectory()) return [];
  const names = (await readdir(path)).sort();
  const found: FileInTree[] = [];
  for (const name of names) found.push(...(await filesBelow(join(path, name))));
  return found;
}

/** Bytes of all files at or below a path. */
export async function bytesBelow(path: string): Promise<number> {
  return (await filesBelow(path)).reduce((sum, { bytes }) => sum + bytes, 0);
}

/** Every folder at or below a path, deepest last. */
export async function foldersBelow(path: string): Promise<string[]> {
  const facts = await lstat(path);
  if (!facts.isDirectory()) return [];
  const found = [path];
  for (const entry of await readdir(path, { withFileTypes: true }))
    if (entry.isDirectory()) found.push(...(await foldersBelow(join(path, entry.name))));
  return found;
}
