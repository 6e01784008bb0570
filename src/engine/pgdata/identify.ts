import { readdir } from 'node:fs/promises';
import type { Layout, Wrapping } from './types';

const suffixes: Record<string, Wrapping> = { '': 'none', '.gz': 'gzip', '.lz4': 'lz4', '.zst': 'zstd' };
const tarName = /^(base|\d+|pg_wal)\.tar(\.gz|\.lz4|\.zst|)$/;

/** One of the tar files of a base backup. */
export interface BaseTar {
  name: string;
  /** `base`, the OID of a tablespace, or `wal`. */
  holds: 'base' | 'wal' | number;
  compression: Wrapping;
}

/** The tar files among names, the data directory's first. */
export function tarsOf(names: readonly string[]): BaseTar[] {
  const found = names.flatMap((name): BaseTar[] => {
    const [, stem, suffix] = tarName.exec(name) ?? [];
    if (stem === undefined || suffix === undefined) return [];
    const holds = stem === 'base' ? 'base' : stem === 'pg_wal' ? 'wal' : Number(stem);
    return [{ name, holds, compression: suffixes[suffix]! }];
  });
  const rank = ({ holds }: BaseTar): number => (holds === 'base' ? 0 : holds === 'wal' ? 2 : 1);
  return found.sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
}

/**
 * A copy of a cluster that was shut down has no label, but a list of its files. Where a server was started since, it is
 * a cluster and no backup any more, whatever list it has from the backup that it was made from.
 */
function isAtRest(names: readonly string[]): boolean {
  return (
    names.includes('backup_manifest') &&
    !names.includes('backup_label.old') &&
    !names.includes('postmaster.opts')
  );
}

/** What a recovery of ours leaves in its cluster. */
export const RECOVERED = 'restore-point.recovery.json';

/** Restored to be a cluster, whether or not it was started; a base backup of such a one has no `postmaster.opts`. */
function isRecovered(names: readonly string[]): boolean {
  return names.includes(RECOVERED) && names.includes('postmaster.opts');
}

/** What the names in a folder say about it: a base backup has these whoever made it. */
export function layoutOf(names: readonly string[]): { layout: Layout; compression: Wrapping } | null {
  if (
    ['PG_VERSION', 'global'].every((name) => names.includes(name)) &&
    (names.includes('backup_label') || isAtRest(names)) &&
    !isRecovered(names)
  )
    return { layout: 'plain', compression: 'none' };
  const base = tarsOf(names).find(({ holds }) => holds === 'base');
  return base ? { layout: 'tar', compression: base.compression } : null;
}

/** Whether a folder is a base backup, and how it lies there; null when not, or when it cannot be read. */
export async function identifyBaseBackup(folder: string): Promise<ReturnType<typeof layoutOf>> {
  return layoutOf(await readdir(folder).catch(() => []));
}

/** Where the tablespaces of a plain backup lie when they were not mapped elsewhere: beside it, by their OIDs. */
export function tablespacesBeside(folder: string): string {
  return `${folder}.tablespaces`;
}
