import * as l10n from '@vscode/l10n';
import { RestorePointError } from '../../errors';
import { walNames } from './archive';
import { parseLsn } from './lsn';
import { segmentNumber, segmentOf } from './segments';
import type { WalArchive, WalFile, WalSource } from './types';

/** The oldest WAL that a kept backup needs: where it began. */
export interface Needed {
  timeline: number;
  lsn: string;
}

/** A file that no kept backup needs. */
export interface Removable {
  file: WalFile;
  /**
   * `older`: before the beginning of every kept backup. `branch`: on a timeline that no kept backup leads to, though not
   * older than all of them; a standby may still follow it.
   */
  reason: 'older' | 'branch';
}

export interface WalCleanup {
  needed: Needed[];
  /** In the order in which they are removed: what is left is never without a beginning. */
  remove: Removable[];
  bytes: number;
  /** Files of the reason `branch` that stay, because they were not asked for. */
  branches: { files: number; bytes: number };
  kept: { files: number; bytes: number };
}

/** A segment's place: what a rule says of it. */
interface Place {
  timeline: number;
  segment: number;
}

/**
 * What may go from an archive, when these are the backups that stay. Unlike pg_archivecleanup it knows that timelines branch: what
 * a kept backup leads to stays, whichever timeline it is on. Histories of timelines always stay: they are small, and a server
 * that is promoted chooses a new number by them.
 *
 * @throws `wal.nothingNeeded` without a backup: everything would go
 */
export function planWalCleanup(
  archive: WalArchive,
  files: WalFile[],
  needed: Needed[],
  { branches = false }: { branches?: boolean } = {},
): WalCleanup {
  if (!needed.length)
    throw new RestorePointError({
      code: 'wal.nothingNeeded',
      what: l10n.t('It is not known which WAL is still needed.'),
      why: l10n.t('Without a backup that is kept, all of it could go.'),
      next: l10n.t('Name where the oldest backup that is kept began.'),
    });
  const { segmentBytes } = archive;
  const from = needed.map(({ timeline, lsn }) => ({
    timeline,
    lsn: parseLsn(lsn),
    segment: segmentOf(parseLsn(lsn), segmentBytes),
  }));
  const oldest = Math.min(...from.map(({ segment }) => segment));
  const lines = new Map(archive.timelines.map(({ timeline, history }) => [timeline, history]));
  const isNeeded = ({ timeline, segment }: Place): boolean =>
    from.some((backup) => segment >= backup.segment && leadsTo(backup, { timeline, segment }));
  const leadsTo = (backup: Place & { lsn: bigint }, { timeline, segment }: Place): boolean => {
    if (timeline === backup.timeline) return true;
    const [own, its] = [lines.get(timeline) ?? null, lines.get(backup.timeline) ?? null];
    const left = own?.find((entry) => entry.timeline === backup.timeline);
    if (left) return parseLsn(left.lsn) >= backup.lsn;
    const came = its?.find((entry) => entry.timeline === timeline);
    if (came) return segment <= segmentOf(parseLsn(came.lsn), segmentBytes);
    // Where a history is missing, it could be.
    return own === null || its === null;
  };

  const remove: (Removable & Place)[] = [];
  const plan: WalCleanup = {
    needed,
    remove,
    bytes: 0,
    branches: { files: 0, bytes: 0 },
    kept: { files: 0, bytes: 0 },
  };
  const count = (sum: { files: number; bytes: number }, { bytes }: WalFile): void => {
    sum.files++;
    sum.bytes += bytes;
  };
  for (const { file, name } of walNames(files)) {
    const segment = name.kind === 'history' ? null : segmentNumber(name, segmentBytes);
    if (segment === null || isNeeded({ timeline: name.timeline, segment })) {
      count(plan.kept, file);
      continue;
    }
    const reason = segment < oldest ? 'older' : 'branch';
    if (reason === 'branch' && !branches) {
      count(plan.branches, file);
      count(plan.kept, file);
      continue;
    }
    remove.push({ file, reason, timeline: name.timeline, segment });
    plan.bytes += file.bytes;
  }
  remove.sort((a, b) => a.segment - b.segment || a.timeline - b.timeline);
  return { ...plan, remove: remove.map(({ file, reason }) => ({ file, reason })) };
}

/**
 * Removes what a plan says, the oldest first: stopped in the middle, what is left has no gap that was not there.
 *
 * @returns files removed
 */
export async function cleanWal(
  source: WalSource,
  { remove }: Pick<WalCleanup, 'remove'>,
  {
    signal,
    onProgress,
  }: { signal?: AbortSignal; onProgress?(done: { files: number; ofFiles: number }): void } = {},
): Promise<number> {
  if (!source.remove)
    throw new RestorePointError({
      code: 'wal.readOnly',
      what: l10n.t('Nothing can be removed from "{0}".', source.name),
      why: l10n.t('The archive is kept by another program.'),
      next: l10n.t('Use that program’s own command for it.'),
    });
  let files = 0;
  for (const { file } of remove) {
    signal?.throwIfAborted();
    await source.remove(file);
    onProgress?.({ files: ++files, ofFiles: remove.length });
  }
  return files;
}
