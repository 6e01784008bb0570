import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as l10n from '@vscode/l10n';
import { readManifest } from '../artifacts';
import type { Manifest } from '../artifacts/types';
import { formatBytes } from '../format';
import type { Estimate, Relation, Warning } from '../plan';
import type { Compression } from '../tools/types';

/**
 * Bytes of relations dumped per second, and bytes written per byte of relation: docs/decisions.md, on
 * two cores. Only the order of size is believed.
 */
const measured: Record<Compression, { bytesPerSecond: number; ratio: number }> = {
  zstd: { bytesPerSecond: 175e6, ratio: 0.25 },
  gzip: { bytesPerSecond: 127e6, ratio: 0.3 },
  lz4: { bytesPerSecond: 160e6, ratio: 0.4 },
  none: { bytesPerSecond: 200e6, ratio: 0.8 },
};

/** How many manifests of the same database are looked at. */
const manifestsRead = 5;

/** The newest manifests beside `path`, newest first; unreadable ones are passed over. */
export async function pastManifests(path: string): Promise<Manifest[]> {
  const suffix = '.manifest.json';
  const names = await readdir(dirname(path)).catch(() => [] as string[]);
  // Names carry the time, so the order of names is the order of times within one database.
  const newest = names
    .filter((name) => name.endsWith(suffix))
    .sort()
    .reverse()
    .slice(0, manifestsRead);
  const found = await Promise.all(
    newest.map((name) => readManifest(join(dirname(path), name.slice(0, -suffix.length))).catch(() => null)),
  );
  return found.filter((manifest) => manifest !== null);
}

export interface Expected {
  method: Manifest['method'];
  format: Manifest['format'];
  compression: Compression;
  /** As the manifest words it. */
  compressionLabel: string;
  database: string;
  relations: Relation[];
  freeBytes: number | null;
}

/** From the last backup made the same way, else from sizes and measured throughput. Pure. */
export function estimate(expected: Expected, past: Manifest[]): Estimate {
  const { relations, freeBytes } = expected;
  const same = past.find(
    (manifest) =>
      manifest.method === expected.method &&
      manifest.format === expected.format &&
      manifest.compression === expected.compressionLabel &&
      manifest.source.database === expected.database,
  );
  if (same)
    return {
      bytes: same.bytes,
      freeBytes,
      durationMs: same.durationMs,
      basis: l10n.t('As the backup of {0} went.', same.startedAt.slice(0, 16).replace('T', ' ')),
    };
  const total = relations.reduce((sum, relation) => sum + relation.bytes, 0);
  const { bytesPerSecond, ratio } = measured[expected.compression];
  return {
    bytes: Math.round(total * ratio),
    freeBytes,
    // Half a second for connecting and reading the catalogs.
    durationMs: Math.round(500 + (total / bytesPerSecond) * 1000),
    basis: l10n.t(
      'From the size of the tables ({0}) and the usual speed; no earlier backup to go by.',
      formatBytes(total),
    ),
  };
}

/** Low free space is a warning: the estimate may be wrong either way. */
export function spaceWarning({ bytes, freeBytes }: Estimate): Warning[] {
  if (bytes === null || freeBytes === null || bytes < freeBytes) return [];
  return [
    {
      code: 'space.low',
      text: l10n.t('The backup may take {0} bytes, and {1} are free.', bytes, freeBytes),
    },
  ];
}
