import { closeSync, fsyncSync, openSync } from 'node:fs';
import { open } from 'node:fs/promises';

/** Makes a file's content survive a power cut. */
export async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes names in a folder survive a power cut. Windows and some network file systems cannot: they do it on their own. */
export async function syncFolder(path: string): Promise<void> {
  let file;
  try {
    file = await open(path, 'r');
    await file.sync();
  } catch {
    // Not supported here.
  } finally {
    await file?.close();
  }
}

/** The same, waiting where it stands: for a process that has nothing else to do. */
export function syncFolderNow(path: string): void {
  let folder;
  try {
    folder = openSync(path, 'r');
    fsyncSync(folder);
  } catch {
    // Not supported here.
  } finally {
    if (folder !== undefined) closeSync(folder);
  }
}
