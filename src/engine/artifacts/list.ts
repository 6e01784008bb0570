import { lstat, readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { identify, tocName, type Identity } from '../archive';
import { identifyBaseBackup, layoutOf, readBaseFacts, startTime, tablespacesBeside } from '../pgdata';
import { CancelledError, isCancelled } from '../errors';
import { receiptsOf, strongest } from './evidence';
import { mapLimited } from './limit';
import { readManifest } from './manifest';
import { artifactOfManifest, isManifest, isPartial, manifestPath } from './naming';
import { baseBackupOf, byManifest } from './recognise';
import { bytesBelow } from './tree';
import type { Artifact, Manifest, Recognised } from './types';

const DEEPEST = 12;
const AT_ONCE = 16;
const TEMPORARY = /\.manifest\.json\.[0-9a-f]+\.tmp$/;

interface Candidate {
  path: string;
  directory: boolean;
  manifest: Manifest | null;
}

/**
 * The backups below folders, newest first: those with a manifest, dumps of others found by their content,
 * and leftover `.partial` files (flagged). What belongs to an artifact (files of a directory dump, of a
 * set, companions) is not listed by itself. Reads at most 64 KiB of each file, and that only once while it
 * does not change. Folders that are missing or not readable give nothing. Links are followed, loops are not.
 */
export async function listArtifacts(
  folders: string[],
  { signal }: { signal?: AbortSignal } = {},
): Promise<Artifact[]> {
  const seen = new Set<string>();
  const candidates: Candidate[] = [];
  for (const folder of folders) await collect(resolve(folder), seen, candidates, 0, signal);
  const found = await mapLimited(candidates, AT_ONCE, async (candidate) => {
    if (signal?.aborted) throw new CancelledError();
    try {
      return await describe(candidate);
    } catch (error) {
      // Gone or locked meanwhile.
      if (isCancelled(error)) throw error;
      return null;
    }
  });
  return found
    .filter((artifact) => artifact !== null && artifact.recognised.kind !== 'unknown')
    .sort((a, b) => b!.createdAt.localeCompare(a!.createdAt) || a!.path.localeCompare(b!.path)) as Artifact[];
}

/** One path as an artifact, whatever it is (`recognised` says it). Throws the file system's errors. */
export async function inspectArtifact(path: string): Promise<Artifact> {
  const full = resolve(path);
  const directory = (await stat(full)).isDirectory();
  return await describe({ path: full, directory, manifest: await readManifest(full) });
}

async function collect(
  folder: string,
  seen: Set<string>,
  candidates: Candidate[],
  depth: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (signal?.aborted) throw new CancelledError();
  let entries;
  try {
    const { dev, ino } = await stat(folder, { bigint: true });
    const identity = `${dev}:${ino}`;
    if (seen.has(identity)) return;
    seen.add(identity);
    entries = await readdir(folder, { withFileTypes: true });
  } catch {
    return;
  }
  const names = entries.map(({ name }) => name);
  if (tocName(names) || layoutOf(names)) {
    candidates.push({ path: folder, directory: true, manifest: await readManifest(folder) });
    return;
  }
  const manifests = new Map<string, Manifest>();
  const claimed = new Set<string>();
  const present = new Set(names);
  await mapLimited(names.filter(isManifest), AT_ONCE, async (name) => {
    const artifact = artifactOfManifest(name);
    const manifest = present.has(artifact) ? await readManifest(join(folder, name)) : null;
    if (!manifest) return;
    manifests.set(artifact, manifest);
    for (const { path } of manifest.files) claimed.add(join(folder, path));
    if (manifest.base) claimed.add(tablespacesBeside(join(folder, artifact)));
  });
  for (const entry of entries) {
    const path = join(folder, entry.name);
    const manifest = manifests.get(entry.name) ?? null;
    if (isManifest(entry.name) || TEMPORARY.test(entry.name)) continue;
    const directory = await isDirectory(entry, path);
    if (directory === null || (!manifest && claimed.has(path))) continue;
    if (directory && !manifest && !isPartial(entry.name)) {
      if (depth < DEEPEST) await collect(path, seen, candidates, depth + 1, signal);
    } else candidates.push({ path, directory, manifest });
  }
}

/** Null for what is neither file nor folder, for dangling links too. */
async function isDirectory(
  entry: { isDirectory(): boolean; isFile(): boolean; isSymbolicLink(): boolean },
  path: string,
): Promise<boolean | null> {
  if (entry.isDirectory()) return true;
  if (entry.isFile()) return false;
  if (!entry.isSymbolicLink()) return null;
  const facts = await stat(path).catch(() => null);
  return facts?.isDirectory() ? true : facts?.isFile() ? false : null;
}

async function describe({ path, directory, manifest }: Candidate): Promise<Artifact> {
  const facts = await stat(path);
  const partial = isPartial(path);
  const changed = directory && !partial ? await tocTime(path, facts.mtimeMs) : facts.mtimeMs;
  const layout = directory && !partial && !manifest ? await identifyBaseBackup(path) : null;
  const base = baseBackupOf(layout);
  const identity: Identity =
    partial || base
      ? { kind: 'broken', format: null, wrapper: null }
      : await identifyCached(path, `${facts.size}:${changed}:${facts.ino}`, manifest);
  const { kind, format, wrapper, reason, header } = identity;
  const recognised: Recognised = byManifest(manifest) ??
    base ?? {
      kind,
      format,
      wrapper,
      ...(reason ? { reason } : {}),
    };
  // Header times are wall-clock times of another machine; this one's zone is the best guess.
  const headerTime = header?.createdAt
    ? new Date(header.createdAt)
    : base && startTime((await readBaseFacts(path).catch(() => null))?.startedAt ?? '');
  return {
    path,
    recognised,
    bytes: manifest?.bytes || (directory ? await bytesBelow(path) : facts.size),
    createdAt: manifest?.startedAt || (headerTime ?? new Date(changed)).toISOString(),
    source: {
      connection: manifest?.source.connection || null,
      server: manifest?.source.server || null,
      database: manifest?.source.database || header?.database || null,
    },
    evidence: strongest(manifest ? manifest.evidence : partial ? [] : (await receiptsOf(path)).evidence),
    manifest,
    manifestPath: manifest ? manifestPath(path) : null,
    partial,
  };
}

/** A folder's own time does not change when its files do. */
async function tocTime(path: string, otherwise: number): Promise<number> {
  const toc = await lstat(join(path, 'toc.dat')).catch(() => null);
  return toc?.mtimeMs ?? otherwise;
}

const cache = new Map<string, { key: string; identity: Identity }>();
const CACHED = 20_000;

/** A file is read again only when its size, time or inode changed. */
async function identifyCached(path: string, key: string, manifest: Manifest | null): Promise<Identity> {
  if (byManifest(manifest)) return { kind: 'unknown', format: null, wrapper: null };
  const known = cache.get(path);
  if (known?.key === key) return known.identity;
  const identity = await identify(path);
  if (cache.size >= CACHED) cache.delete(cache.keys().next().value!);
  cache.delete(path);
  cache.set(path, { key, identity });
  return identity;
}
