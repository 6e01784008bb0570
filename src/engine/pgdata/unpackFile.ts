import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { TarEntry } from '../archive/decoding';

/** What a server asks for its data directory. */
export const folderMode = 0o700;
export const fileMode = 0o600;

/** Writes a file of a tar file to a path that is free, with the folders above it; on the disk when this ends. */
export async function unpackFile(entry: TarEntry, target: string): Promise<void> {
  await mkdir(dirname(target), { recursive: true, mode: folderMode });
  const file = await open(target, 'wx', fileMode);
  try {
    for await (const part of entry.content())
      for (let at = 0; at < part.length;) at += (await file.write(part, at)).bytesWritten;
    await file.datasync();
  } finally {
    await file.close();
  }
}
