import { statSync } from 'node:fs';
import { join } from 'node:path';
import { CompressionError, openDecoded } from './decoded';
import { storedNames } from './names';
import type { WalFile, WalSource } from './types';

/** The files in which an archive has a file of the server, plain or compressed; also in a folder of 16 digits (Barman). */
export function storedFiles(archive: string, base: string): WalFile[] {
  const found = filesAt(archive, storedNames(base));
  if (found.length || !/^[0-9A-F]{24}$/.test(base)) return found;
  const folder = base.slice(0, 16);
  return filesAt(
    archive,
    storedNames(base).map((name) => `${folder}/${name}`),
  );
}

function filesAt(archive: string, paths: string[]): WalFile[] {
  return paths.map((path) => fileAt(archive, path)).filter((file) => file !== null);
}

function fileAt(archive: string, path: string): WalFile | null {
  try {
    const found = statSync(join(archive, path), { throwIfNoEntry: false });
    if (!found?.isFile()) return null;
    const name = path.slice(path.lastIndexOf('/') + 1);
    return { path, name, bytes: found.size, modified: found.mtime.toISOString() };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return null;
    throw error;
  }
}

/** Whether a stored file decompresses to exactly these bytes. What cannot be decompressed is not the same. */
export async function isSame(source: WalSource, file: WalFile, content: Iterable<Buffer>): Promise<boolean> {
  const stored = await openDecoded(source, file);
  const theirs = stored.parts[Symbol.asyncIterator]();
  let rest: Buffer = Buffer.alloc(0);
  try {
    for (let part of content)
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
