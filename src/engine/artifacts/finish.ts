import { chmod, lstat, readdir, rename } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import * as l10n from '@vscode/l10n';
import { CancelledError, RestorePointError } from '../errors';
import { finishBaseBackup, followLinks } from './baseBackup';
import { countArtifact } from './count';
import { hashFile } from './hash';
import { readManifest, writeManifest } from './manifest';
import { artifactOfManifest, isManifest, manifestPath, memberPartialPath, partialPath } from './naming';
import { suspicionsOf } from './suspicions';
import { syncFile, syncFolder } from '../sync';
import { filesBelow, foldersBelow } from './tree';
import type { ArtifactDraft, ArtifactFile, Evidence, Manifest, TableRows } from './types';

/** What the job learned while it ran. */
export interface FinishFacts {
  source: Omit<Manifest['source'], 'connection' | 'database'>;
  tool: Manifest['tool'];
  /** ISO 8601. */
  startedAt: string;
  /** Of the whole job until now, monotonic. */
  durationMs: number;
  /** Hashes taken while the runner wrote a file, by its final path; other files are read back. */
  hashes?: Record<string, { sha256: string; bytes: number }>;
  /** Rows counted on the way (COPY); a decode of the contents replaces them. */
  tables?: TableRows[];
  /** Name and version of this program. */
  madeBy: string;
}

export interface FinishOptions {
  /** `none`: only of base backups, whose files have checksums of the server's own. */
  verify: 'none' | 'checksum' | 'contents';
  /** By how much rows of a table may fall, 0 … 1, before it looks wrong. Default a half. */
  rowsMayFall?: number;
  signal?: AbortSignal;
  /** 0 … 1. */
  onProgress?: (fraction: number) => void;
}

/**
 * Turns the `.partial` files of a draft into an artifact: checksums, sync, (with `contents`) a full
 * decode, renames, and the manifest last. Until the renames nothing has its final name; between the
 * renames and the manifest there are only complete files. Throws `artifact.missing`, `artifact.changed`,
 * `artifact.exists`, `artifact.damaged`.
 */
export async function finishArtifact(
  draft: ArtifactDraft,
  facts: FinishFacts,
  { verify, rowsMayFall, signal, onProgress }: FinishOptions,
): Promise<Manifest> {
  const moves = renames(draft);
  await refuseOverwriting(draft, moves);
  const share = verify === 'contents' || draft.base ? 0.5 : 1;
  const physical = draft.base
    ? await finishBaseBackup(draft, draft.base, {
        systemIdentifier: facts.source.systemIdentifier,
        verify,
        signal,
        onProgress: (part) => onProgress?.(part * share),
      })
    : null;
  const from = physical ? share : 0;
  const files = await hashAll(
    draft,
    facts,
    moves,
    signal,
    (fraction) => onProgress?.(from + fraction * (1 - from) * share),
    physical?.covered,
  );
  const evidence: Evidence[] = physical?.evidence ?? [
    { level: 'checksum', ok: true, at: new Date().toISOString() },
  ];
  let tables = facts.tables ?? [];
  for (const { ok, faults } of evidence) if (!ok) throw damaged(draft, faults);
  if (verify === 'contents' && draft.method !== 'copy' && !physical) {
    const counted = await countArtifact(
      draft.members.map(({ path, holds }) => ({
        path: memberPartialPath(draft, path),
        ...(draft.method === 'set' ? { database: holds } : {}),
      })),
      { signal, onProgress: (fraction) => onProgress?.(share + fraction * (1 - share)) },
    );
    if (!counted.evidence.ok) throw damaged(draft, counted.evidence.faults);
    evidence.push(counted.evidence);
    tables = counted.tables;
  }
  if (signal?.aborted) throw new CancelledError();
  // pg_basebackup has synced its files and given them the permissions a server wants.
  if (!physical) for (const { from } of moves) await makeDurable(from);
  if (draft.base) await followLinks(draft, draft.base);
  // The artifact itself comes last: what appears beside it before is its companions.
  for (const { from, to } of moves) await rename(from, to);
  for (const folder of new Set(moves.map(({ to }) => dirname(to)))) await syncFolder(folder);
  const made: Manifest = {
    manifestVersion: 1,
    method: draft.method,
    format: draft.format,
    compression: draft.compression,
    artifact: basename(draft.path),
    source: {
      ...facts.source,
      ...physical?.source,
      connection: draft.connectionName,
      database: draft.database,
    },
    tool: facts.tool,
    options: draft.options,
    files,
    bytes: physical?.bytes ?? files.reduce((sum, { bytes }) => sum + bytes, 0),
    tables,
    startedAt: facts.startedAt,
    durationMs: Math.round(facts.durationMs),
    evidence,
    notes: draft.notes,
    ...(physical ? { base: physical.base } : {}),
    ...(draft.restorePoint ? { restorePoint: draft.restorePoint } : {}),
    madeBy: facts.madeBy,
  };
  // An incremental backup is as large as what changed.
  const suspicions =
    draft.base && draft.base.level !== 'full'
      ? []
      : suspicionsOf(
          made,
          await manifestsBeside(draft.path),
          rowsMayFall === undefined ? {} : { share: rowsMayFall },
        );
  const manifest = suspicions.length > 0 ? { ...made, suspicions } : made;
  await writeManifest(manifestPath(draft.path), manifest);
  onProgress?.(1);
  return manifest;
}

/** Of the backups in the same folder, the newest first. */
async function manifestsBeside(path: string): Promise<Manifest[]> {
  const folder = dirname(path);
  const names = (await readdir(folder).catch(() => [])).filter((name) => isManifest(name)).sort();
  const found: Manifest[] = [];
  // Names hold the time; of very many backups the last ones tell enough.
  for (const name of names.slice(-MOST_BESIDE)) {
    const manifest = await readManifest(join(folder, artifactOfManifest(name)));
    if (manifest) found.push(manifest);
  }
  return found.sort((a, b) => b.startedAt.localeCompare(a.startedAt));
}

const MOST_BESIDE = 50;

interface Move {
  from: string;
  to: string;
}

/** What has to be renamed, the artifact itself last. */
function renames(draft: ArtifactDraft): Move[] {
  const own: Move = { from: partialPath(draft.path), to: draft.path };
  const beside = draft.members
    .filter(({ path }) => path !== draft.path && memberPartialPath(draft, path) === partialPath(path))
    .map(({ path }) => ({ from: partialPath(path), to: path }));
  return [...beside, own];
}

async function refuseOverwriting(draft: ArtifactDraft, moves: Move[]): Promise<void> {
  for (const path of [...moves.map(({ to }) => to), manifestPath(draft.path)])
    if (await lstat(path).catch(() => null))
      throw new RestorePointError({
        code: 'artifact.exists',
        what: l10n.t('"{0}" is there already.', path),
        why: l10n.t('A backup never replaces another file.'),
        next: l10n.t('Run the backup again: it takes a new name.'),
        remedies: [{ do: 'retry' }],
      });
}

async function hashAll(
  draft: ArtifactDraft,
  facts: FinishFacts,
  moves: Move[],
  signal: AbortSignal | undefined,
  onProgress: (fraction: number) => void,
  /** Files whose checksums are kept elsewhere, by their path now. */
  covered: (path: string) => boolean = () => false,
): Promise<ArtifactFile[]> {
  const root = dirname(resolve(draft.path));
  const found: { partial: string; final: string; bytes: number }[] = [];
  for (const { from, to } of moves) {
    const files = await filesBelow(from).catch(() => []);
    if (files.length === 0) throw missing(to);
    for (const { path, bytes } of files.filter((file) => !covered(file.path)))
      found.push({ partial: path, final: to + path.slice(from.length), bytes });
  }
  const total = found.reduce((sum, { bytes }) => sum + bytes, 0) || 1;
  let done = 0;
  const files: ArtifactFile[] = [];
  for (const { partial, final, bytes } of found) {
    const streamed = facts.hashes?.[final];
    const onBytes = (count: number): void => onProgress((done += count) / total);
    const { sha256, bytes: hashed } = streamed ?? (await hashFile(partial, { signal, onBytes }));
    if (streamed) onBytes(bytes);
    if (hashed !== bytes) throw changed(final, hashed, bytes);
    const holds = holdsOf(draft, final);
    files.push({
      path: relative(root, resolve(final)).split(sep).join('/'),
      bytes,
      sha256,
      ...(holds === undefined ? {} : { holds }),
    });
  }
  return files;
}

function holdsOf(draft: ArtifactDraft, final: string): string | undefined {
  return draft.members.find(({ path }) => final === path || final.startsWith(path + sep))?.holds;
}

/** Owner-only permissions and everything on the disk. */
async function makeDurable(path: string): Promise<void> {
  for (const file of await filesBelow(path)) {
    await chmod(file.path, 0o600);
    await syncFile(file.path);
  }
  for (const folder of (await foldersBelow(path)).reverse()) {
    await chmod(folder, 0o700);
    await syncFolder(folder);
  }
}

function missing(path: string): RestorePointError {
  return new RestorePointError({
    code: 'artifact.missing',
    what: l10n.t('The backup was not written.'),
    why: l10n.t('"{0}" is missing.', partialPath(path)),
    next: l10n.t('Read the log of the job for the reason.'),
    remedies: [{ do: 'showLog' }, { do: 'retry' }],
  });
}

function changed(path: string, written: number, found: number): RestorePointError {
  return new RestorePointError({
    code: 'artifact.changed',
    what: l10n.t('The backup changed while it was made.'),
    why: l10n.t('{0} bytes of "{1}" were written, {2} are there.', written, path, found),
    next: l10n.t('See that nothing else writes into the backup folder, and run the backup again.'),
    remedies: [{ do: 'retry' }],
  });
}

function damaged(draft: ArtifactDraft, faults: Evidence['faults'] = []): RestorePointError {
  const first = faults[0];
  return new RestorePointError({
    code: 'artifact.damaged',
    what: l10n.t('The backup that was just made cannot be read to its end.'),
    why: first ? (first.entry ? `${first.entry}: ${first.what}` : first.what) : draft.path,
    next: l10n.t('Check the disk, and run the backup again.'),
    remedies: [{ do: 'showLog' }, { do: 'retry' }],
  });
}
