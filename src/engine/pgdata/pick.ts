import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readTar } from '../archive/decoding';
import { tarsOf } from './identify';
import { unpackFile } from './unpackFile';

export interface PickOptions {
  signal?: AbortSignal;
  /** Bytes of the tar files, as stored, that were read since the last call. */
  onBytes?: (count: number) => void;
}

/**
 * Writes some files of a base backup in tar files to where they are in a data directory, in one pass over all but the WAL's. The folders
 * of tablespaces become real ones below `pg_tblspc`. `isWanted` is asked with such a path (`/` between parts), and has to refuse what
 * leads elsewhere. Throws `DamageError`, and what the file system throws.
 */
export async function pickFiles(
  from: string,
  to: string,
  isWanted: (path: string) => boolean,
  { signal, onBytes }: PickOptions = {},
): Promise<void> {
  for (const { name, holds } of tarsOf(await readdir(from))) {
    if (holds === 'wal') continue;
    const prefix = holds === 'base' ? '' : `pg_tblspc/${holds}/`;
    let before = 0;
    const onRead = (read: number): void => {
      onBytes?.(read - before);
      before = read;
    };
    for await (const entry of readTar(join(from, name), { signal, onBytes: onRead })) {
      const path = prefix + entry.name;
      if (entry.kind === 'file' && isWanted(path)) await unpackFile(entry, join(to, path));
    }
  }
}
