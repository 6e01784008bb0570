import { createReadStream } from 'node:fs';
import { open, readdir, readlink, rename, rm, symlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import * as zlib from 'node:zlib';
import {
  checkBaseBackup,
  readBaseControl,
  readBaseFacts,
  tablespacesBeside,
  tarsOf,
  type BaseFacts,
} from '../pgdata';
import { partialPath } from './naming';
import { syncFile, syncFolder } from '../sync';
import { bytesBelow } from './tree';
import type { ArtifactDraft, BaseBackupDraft, BaseBackupRecord, Evidence, Manifest } from './types';

interface Options {
  /** As the server said; null where it may not be asked. */
  systemIdentifier: string | null;
  verify: 'none' | 'checksum' | 'contents';
  signal?: AbortSignal;
  onProgress: (fraction: number) => void;
}

/** What a base backup's manifest of ours gets from the backup itself. */
export interface FinishedBase {
  base: BaseBackupRecord;
  source: Partial<Manifest['source']>;
  evidence: Evidence[];
  bytes: number;
  /** Its own `backup_manifest` has the checksum of this file. */
  covered(path: string): boolean;
}

/** `SYSTEM-IDENTIFIER/TIMELINE/START-LSN`; no two backups of a primary begin at the same place. */
export function baseBackupId(
  facts: Pick<BaseFacts, 'timeline' | 'startLsn'>,
  systemIdentifier: string | null,
): string {
  return `${systemIdentifier ?? '?'}/${facts.timeline}/${facts.startLsn}`;
}

/**
 * Looks at the files of a base backup that was just written: what they say of it, and (as far as asked for) whether they
 * are what the server sent. Throws `pgdata.unreadable`.
 */
export async function finishBaseBackup(
  draft: ArtifactDraft,
  known: BaseBackupDraft,
  { verify, systemIdentifier: told, signal, onProgress }: Options,
): Promise<FinishedBase> {
  const folder = partialPath(draft.path);
  const facts = await readBaseFacts(folder, { signal });
  await compressWal(folder, facts, signal);
  const evidence: Evidence[] = [];
  if (verify !== 'none' && facts.hasManifest) {
    const began = performance.now();
    const { faults } = await checkBaseBackup(folder, { wal: known.walMethod !== 'none', signal, onProgress });
    evidence.push({
      // Of the others a part lies in their parents.
      level: verify === 'contents' && known.level === 'full' ? 'contents' : 'checksum',
      ok: faults.length === 0,
      at: new Date().toISOString(),
      durationMs: Math.round(performance.now() - began),
      ...(faults.length > 0 ? { faults } : {}),
    });
  }
  const systemIdentifier =
    // The last is dear in tar files: it stands at their end.
    facts.systemIdentifier ?? told ?? (await readBaseControl(folder, { signal })).systemIdentifier;
  let bytes = 0;
  for (const path of [folder, partialPath(tablespacesBeside(draft.path))])
    bytes += await bytesBelow(path).catch(() => 0);
  return {
    base: {
      ...known,
      id: baseBackupId(facts, systemIdentifier),
      label: facts.label,
      timeline: facts.timeline,
      startLsn: facts.startLsn,
      stopLsn: facts.stopLsn,
      walRanges: facts.walRanges,
    },
    source: { systemIdentifier, lsn: facts.startLsn },
    evidence,
    bytes,
    covered: (path) =>
      facts.hasManifest &&
      isCovered(path.slice(folder.length + 1), path.startsWith(`${folder}/`), facts, known),
  };
}

/** WAL has no checksums in the manifest: where it lies alone, or in a tar file with others, that is kept by ours. */
function isCovered(path: string, inside: boolean, facts: BaseFacts, { walMethod }: BaseBackupDraft): boolean {
  if (!inside) return true;
  if (path === 'backup_manifest') return false;
  if (facts.layout === 'plain') return !path.startsWith('pg_wal/');
  const [tar] = tarsOf([path]);
  return tar !== undefined && tar.holds !== 'wal' && !(tar.holds === 'base' && walMethod === 'fetch');
}

/**
 * pg_basebackup compresses streamed WAL by gzip only: with other methods `pg_wal.tar` would be 16 MB of mostly
 * nothing, often the largest file of the backup.
 */
async function compressWal(
  folder: string,
  { layout, compression }: BaseFacts,
  signal?: AbortSignal,
): Promise<void> {
  const from = join(folder, 'pg_wal.tar');
  if (layout !== 'tar' || compression === 'none' || !(await readdir(folder)).includes('pg_wal.tar')) return;
  const isZstd = compression === 'zstd' && typeof zlib.createZstdCompress === 'function';
  const to = `${from}${isZstd ? '.zst' : '.gz'}`;
  const file = await open(to, 'wx', 0o600);
  const compressor = isZstd
    ? zlib.createZstdCompress({
        params: { [zlib.constants.ZSTD_c_compressionLevel]: 3, [zlib.constants.ZSTD_c_checksumFlag]: 1 },
      })
    : zlib.createGzip({ level: 1 });
  await pipeline(
    createReadStream(from, { highWaterMark: 1024 * 1024 }),
    compressor,
    file.createWriteStream(),
    { signal },
  );
  await syncFile(to);
  await rm(from);
  await syncFolder(folder);
}

/** Links to tablespaces beside a plain backup lead to where those are going to be. */
export async function followLinks(draft: ArtifactDraft, { tablespaces }: BaseBackupDraft): Promise<void> {
  const beside = tablespacesBeside(draft.path);
  for (const { oid } of tablespaces) {
    const link = join(partialPath(draft.path), 'pg_tblspc', String(oid));
    const target = await readlink(link).catch(() => null);
    if (target === null || dirname(target) !== partialPath(beside)) continue;
    await symlink(join(beside, basename(target)), `${link}.new`);
    await rename(`${link}.new`, link);
    await syncFolder(dirname(link));
  }
}
