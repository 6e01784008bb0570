import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import * as l10n from '@vscode/l10n';
import { CancelledError } from '../errors';
import { unreadable } from './errors';
import { isLeftOut } from './leftOut';

/** A file or folder of a cluster. */
export interface SourceEntry {
  path: string;
  full: string;
  kind: 'file' | 'folder' | 'other';
}

/** No folder of a cluster lies deeper. */
const deepest = 10;

/**
 * All that a copy has of a data directory without its tablespaces and its WAL, folders before what is in them. With
 * `prefix` a folder of a tablespace. Links are told as `other`; online, what goes away meanwhile is passed over.
 */
export async function* sourceEntries(
  folder: string,
  { online, prefix = '' }: { online: boolean; prefix?: string },
): AsyncGenerator<SourceEntry> {
  yield* below(folder, prefix, 0, online);
}

async function* below(
  folder: string,
  prefix: string,
  depth: number,
  online: boolean,
): AsyncGenerator<SourceEntry> {
  if (depth > deepest) throw unreadable(prefix, l10n.t('Its folders lie too deep.'));
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (online && depth > 0 && error.code === 'ENOENT') return [];
    throw error;
  });
  for (const entry of entries) {
    const path = prefix + entry.name;
    const full = join(folder, entry.name);
    if (isLeftOut(path) || path === 'pg_wal') continue;
    // Links to tablespaces are made anew.
    if (prefix === 'pg_tblspc/' && entry.isSymbolicLink()) continue;
    if (entry.isDirectory()) {
      yield { path, full, kind: 'folder' };
      yield* below(full, `${path}/`, depth + 1, online);
    } else yield { path, full, kind: entry.isFile() ? 'file' : 'other' };
  }
}

/** Bytes of the files that `copyCluster` will bring over. */
export async function sourceBytes(
  from: string,
  spaces: { oid: number; from: string }[],
  options: { online: boolean; versionFolder: string; signal?: AbortSignal },
): Promise<number> {
  let bytes = 0;
  for (const { folder, prefix } of placesOf(from, spaces, options.versionFolder))
    for await (const { full, kind } of sourceEntries(folder, { online: options.online, prefix })) {
      if (options.signal?.aborted) throw new CancelledError();
      if (kind === 'file') bytes += (await lstat(full).catch(() => null))?.size ?? 0;
    }
  return bytes;
}

function placesOf(
  from: string,
  spaces: { oid: number; from: string }[],
  versionFolder: string,
): { folder: string; prefix: string }[] {
  return [
    { folder: from, prefix: '' },
    ...spaces.map(({ oid, from: location }) => ({
      folder: join(location, versionFolder),
      prefix: `pg_tblspc/${oid}/${versionFolder}/`,
    })),
  ];
}
