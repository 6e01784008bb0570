import { stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import * as l10n from '@vscode/l10n';
import { CancelledError, RestorePointError } from '../errors';
import { countArtifact, type DumpPart } from './count';
import { recordEvidence } from './evidence';
import { hashFile } from './hash';
import { readManifest } from './manifest';
import type { ArtifactFile, Evidence, Manifest, TableRows } from './types';

type Faults = NonNullable<Evidence['faults']>;

export interface VerifyOptions {
  signal?: AbortSignal;
  /** 0 … 1. */
  onProgress?: (fraction: number) => void;
}

/** What a verification found; `tables` have rows where the contents were decoded. */
export interface Verified extends Evidence {
  tables: TableRows[];
}

/**
 * Checks an artifact and keeps the result as its evidence: in its manifest, or (for dumps of others) in the
 * state folder until the file changes. `checksum` compares every
 * file with the manifest (needs one: throws `artifact.noManifest`); `contents` does that where there is a
 * manifest, then decodes everything to the last byte and counts rows. Damage is in the result, not thrown.
 */
export async function verify(
  path: string,
  level: 'checksum' | 'contents',
  { signal, onProgress }: VerifyOptions = {},
): Promise<Verified> {
  const start = performance.now();
  const manifest = await readManifest(path);
  if (level === 'checksum' && !manifest) throw noManifest(path);
  const share = level === 'contents' ? 0.4 : 1;
  const faults: Faults = [];
  if (manifest)
    faults.push(
      ...(await compareFiles(path, manifest, signal, (fraction) => onProgress?.(fraction * share))),
    );
  let tables = manifest?.tables ?? [];
  let rows: number | undefined;
  if (level === 'contents' && manifest?.method !== 'copy') {
    const counted = await countArtifact(await dumpsOf(path, manifest, faults), {
      signal,
      onProgress: (fraction) => onProgress?.(share + fraction * (1 - share)),
    });
    tables = counted.tables;
    rows = counted.evidence.rows;
    faults.push(...(counted.evidence.faults ?? []));
  }
  if (signal?.aborted) throw new CancelledError();
  const evidence: Evidence = {
    level,
    ok: faults.length === 0,
    at: new Date().toISOString(),
    durationMs: Math.round(performance.now() - start),
    ...(rows === undefined ? {} : { rows }),
    ...(faults.length ? { faults: faults.slice(0, 100) } : {}),
  };
  await recordEvidence(path, evidence, tables);
  onProgress?.(1);
  return { ...evidence, tables };
}

/** Every file of a manifest against its size and checksum there: what is wrong. */
export async function compareFiles(
  path: string,
  manifest: Manifest,
  signal: AbortSignal | undefined,
  onProgress: (fraction: number) => void,
): Promise<Faults> {
  const root = dirname(path);
  const total = manifest.files.reduce((sum, { bytes }) => sum + bytes, 0) || 1;
  let done = 0;
  const faults: Faults = [];
  for (const file of manifest.files) {
    const what = await difference(join(root, file.path), file, signal, (count) =>
      onProgress(Math.min(1, (done += count) / total)),
    );
    if (what) faults.push({ what: `${file.path}: ${what}`, entry: null, offset: null });
  }
  return faults;
}

async function difference(
  path: string,
  file: ArtifactFile,
  signal: AbortSignal | undefined,
  onBytes: (count: number) => void,
): Promise<string | null> {
  try {
    const { sha256, bytes } = await hashFile(path, { signal, onBytes });
    if (bytes !== file.bytes) return l10n.t('it has {0} bytes instead of {1}', bytes, file.bytes);
    return sha256 === file.sha256 ? null : l10n.t('its checksum is not the one of the manifest');
  } catch (error) {
    if (error instanceof CancelledError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? l10n.t('it is missing') : l10n.t('it cannot be read: {0}', message);
  }
}

/** The dumps an artifact consists of: its files, those of a directory dump as their folder. */
async function dumpsOf(path: string, manifest: Manifest | null, faults: Faults): Promise<DumpPart[]> {
  if (!manifest) return [{ path }];
  const files = manifest.files.map((file) => ({ ...file, path: join(dirname(path), file.path) }));
  const folders = new Set(
    files.filter(({ path }) => basename(path) === 'toc.dat').map(({ path }) => dirname(path)),
  );
  const dumps = new Map<string, DumpPart>();
  for (const { path: file, holds } of files) {
    const dump = folders.has(dirname(file)) ? dirname(file) : file;
    dumps.set(dump, { path: dump, ...(manifest.method === 'set' && holds ? { database: holds } : {}) });
  }
  const present: DumpPart[] = [];
  for (const dump of dumps.values()) if (await stat(dump.path).catch(() => null)) present.push(dump);
  // Which file is missing was found when the files were compared.
  if (present.length === 0 && faults.length === 0)
    faults.push({ what: l10n.t('the manifest names no files'), entry: null, offset: null });
  return present;
}

function noManifest(path: string): RestorePointError {
  return new RestorePointError({
    code: 'artifact.noManifest',
    what: l10n.t('"{0}" has no manifest, so there is no checksum to compare with.', path),
    why: l10n.t('It was not made by Restore Point, or its manifest was removed.'),
    next: l10n.t('Verify its contents instead: that needs no manifest.'),
  });
}
