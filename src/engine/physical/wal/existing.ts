import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { CompressionError, openDecoded } from './decoded';
import { storedNames } from './names';
import type { WalFile, WalSource } from './types';

/** The files in which an archive has a file of the server, plain or compressed; also in a folder of 16 digits (Barman). */
export async function storedFiles(archive: string, base: string): Promise<WalFile[]> {
  const flat = await Promise.all(storedNames(base).map((name) => fileAt(archive, name)));
  const found = flat.filter((file) => file !== null);
  if (found.length || !/^[0-9A-F]{24}$/.test(base)) return found;
  const nested = storedNames(base).map((name) => fileAt(archive, `${base.slice(0, 16)}/${name}`));
  return (await Promise.all(nested)).filter((file) => file !== null);
}

async function fileAt(archive: string, path: string): Promise<WalFile | null> {
  try {
    const found = await stat(join(archive, path));
    if (!found.isFile()) return null;
    const name = path.slice(path.lastIndexOf('/') + 1);
    return { path, name, bytes: found.size, modified: found.mtime.toISOString() };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw error;
  }
}

/** Whether a stored file decompresses to exactly these bytes. What cannot be decompressed is not the same. */
export async function isSame(
  source: WalSource,
  file: WalFile,
  content: AsyncIterable<Buffer>,
): Promise<boolean> {
  const stored = await openDecoded(source, file);
  const theirs = stored.parts[Symbol.asyncIterator]();
  let rest: Buffer = Buffer.alloc(0);
  try {
    for await (let part of content)
      while (part.length) {
        if (!rest.length) {
          const { done, value } = await theirs.next();
          if (done) return false;
          rest = value;
          continue;
        }
        const size = Math.min(rest.length, part.length);
        if (part.compare(rest, 0, size, 0, size) !== 0) return false;
        part = part.subarray(size);
        rest = rest.subarray(size);
      }
    if (rest.length) return false;
    for (;;) {
      const { done, value } = await theirs.next();
      if (done) return true;
      if (value.length) return false;
    }
  } catch (error) {
    if (error instanceof CompressionError) return false;
    throw error;
  } finally {
    await theirs.return?.();
  }
}
