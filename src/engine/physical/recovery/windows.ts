import { chainOf, type BackupSet } from '../sets';
import {
  formatLsn,
  parseLsn,
  segmentBefore,
  segmentName,
  segmentOf,
  segmentStart,
  type Lsn,
  type WalArchive,
  type WalBand,
  type WalTimeline,
} from '../wal';
import type { RecoveryWindow } from './types';

/**
 * What can be reached from each backup whose chain is whole, on every timeline that it leads to: newest backup first. Backups of
 * other clusters than the archive's have none. `ownWal`: whether a backup brings the WAL up to its own end.
 */
export function recoveryWindows(
  sets: readonly BackupSet[],
  archive: WalArchive | null,
  ownWal: (set: BackupSet) => boolean,
): RecoveryWindow[] {
  return sets
    .filter((set) => set.stopLsn !== null && chainOf(set, sets).missing === null)
    .sort((a, b) => (parseLsn(b.startLsn) > parseLsn(a.startLsn) ? 1 : -1))
    .flatMap((set) => windowsOf(set, archive, ownWal(set)));
}

function windowsOf(set: BackupSet, archive: WalArchive | null, brings: boolean): RecoveryWindow[] {
  const from = { lsn: set.stopLsn!, time: endOfBackup(set, archive) };
  const own: RecoveryWindow = { set, timeline: set.timeline, from, to: from, stopsAt: null };
  const isSame =
    archive !== null &&
    (set.systemIdentifier === null ||
      archive.systemIdentifier === null ||
      set.systemIdentifier === archive.systemIdentifier);
  if (!isSame) return brings ? [own] : [];
  const found = archive.timelines
    .filter((line) => leadsTo(set, line))
    .flatMap((line) => followed(set, line, archive, brings ? parseLsn(from.lsn) : null, from) ?? []);
  return found.length > 0 ? found.sort((a, b) => b.timeline - a.timeline) : brings ? [own] : [];
}

/** When the backup was ended: when the server archived the file that says so, else when it began and as long as it took. */
export function endOfBackup(
  { startLsn, timeline, stoppedAt, startedAt }: BackupSet,
  archive: WalArchive | null,
): string {
  const told = archive?.backups.find((one) => one.timeline === timeline && one.lsn === startLsn);
  const [own] = [stoppedAt ?? startedAt];
  return told && (stoppedAt === null || told.modified < own) ? told.modified : own;
}

/** Whether a timeline goes on with the backup's, and not from before its end. */
function leadsTo(set: BackupSet, { timeline, history }: WalTimeline): boolean {
  if (timeline === set.timeline) return true;
  const left = history?.find((entry) => entry.timeline === set.timeline);
  return left !== undefined && parseLsn(left.lsn) >= parseLsn(set.stopLsn!);
}

/** Goes through the WAL from the backup's start to the end of a timeline, or to the first segment that is missing. */
function followed(
  set: BackupSet,
  line: WalTimeline,
  archive: WalArchive,
  brought: Lsn | null,
  from: RecoveryWindow['from'],
): RecoveryWindow | null {
  const { segmentBytes } = archive;
  const path = [...(line.history ?? []), { timeline: line.timeline, lsn: null }];
  // WAL that came with the backup need not be in the archive.
  let at = segmentStart(segmentOf(brought ?? parseLsn(set.startLsn), segmentBytes), segmentBytes);
  let last: { lsn: Lsn; band: WalBand | null } = { lsn: brought ?? 0n, band: null };
  let stopsAt: string | null = null;
  for (const { timeline, lsn } of path.slice(path.findIndex((one) => one.timeline === set.timeline))) {
    // The segment in which a timeline branches off is there under the new number, with what came before in it.
    const end = lsn === null ? null : segmentStart(segmentOf(parseLsn(lsn), segmentBytes), segmentBytes);
    const bands = archive.timelines.find((one) => one.timeline === timeline)?.bands ?? [];
    while (end === null || at < end) {
      const band = bands.find((one) => parseLsn(one.from) <= at && at < parseLsn(one.to));
      if (!band) break;
      at = parseLsn(band.to);
      last = { lsn: at, band };
    }
    if (end === null || at >= end) {
      at = end ?? at;
      continue;
    }
    break;
  }
  const beyond = archive.timelines.some(
    ({ timeline, bands }) =>
      path.some((one) => one.timeline === timeline) && bands.some((band) => parseLsn(band.from) > at),
  );
  if (beyond) {
    const on = path.find((one) => one.lsn === null || parseLsn(one.lsn) > at)!.timeline;
    stopsAt = segmentName(on, segmentOf(at, segmentBytes), segmentBytes);
  }
  const reached = last.lsn;
  if (reached < parseLsn(set.stopLsn!)) return null;
  const time = last.band && last.band.lastModified > from.time ? last.band.lastModified : from.time;
  return { set, timeline: line.timeline, from, to: { lsn: formatLsn(reached), time }, stopsAt };
}

/** The segment that holds the end of what can be reached. */
export function lastSegment({ timeline, to }: RecoveryWindow, segmentBytes: number): string {
  return segmentName(timeline, segmentBefore(parseLsn(to.lsn), segmentBytes), segmentBytes);
}
