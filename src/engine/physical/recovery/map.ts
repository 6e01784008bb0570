import { chainOf, type BackupSet } from '../sets';
import { parseLsn, type WalArchive, type WalBand } from '../wal';
import type { MapBand, MapGap, MapMark, MapTimeline, RecoveryMap } from './mapTypes';
import { endOfBackup, recoveryWindows } from './windows';

/**
 * What there is to recover from, one line per cluster: those with backups first, the newest backup first. Backups and archives are
 * plain data, whoever keeps them. A backup that does not say of which cluster it is belongs to the only one there is.
 *
 * @param ownWal whether a backup brings the WAL up to its own end
 */
export function recoveryMaps(
  sets: readonly BackupSet[],
  archives: readonly WalArchive[],
  ownWal: (set: BackupSet) => boolean,
): RecoveryMap[] {
  const known = new Set([...sets, ...archives].flatMap(({ systemIdentifier }) => systemIdentifier ?? []));
  const only = known.size === 1 ? [...known][0]! : null;
  const clusterOf = ({ systemIdentifier }: { systemIdentifier: string | null }): string | null =>
    systemIdentifier ?? only;
  const clusters = new Set([...sets, ...archives].map(clusterOf));
  return [...clusters]
    .map((cluster) =>
      mapOf(
        cluster,
        sets.filter((set) => clusterOf(set) === cluster),
        archives.find((archive) => clusterOf(archive) === cluster) ?? null,
        ownWal,
      ),
    )
    .sort((a, b) => newest(b).localeCompare(newest(a)));
}

const newest = ({ marks }: RecoveryMap): string => marks.at(-1)?.end.time ?? '';

function mapOf(
  systemIdentifier: string | null,
  sets: readonly BackupSet[],
  archive: WalArchive | null,
  ownWal: (set: BackupSet) => boolean,
): RecoveryMap {
  const marks = sets
    .map((set) => markOf(set, sets, archive))
    .sort((a, b) => a.end.time.localeCompare(b.end.time));
  return {
    systemIdentifier,
    archive: archive?.name ?? null,
    major: archive?.major ?? sets.find(({ major }) => major !== null)?.major ?? null,
    marks,
    timelines: timelinesOf(marks, archive),
    gaps: gapsOf(archive),
    windows: recoveryWindows(sets, archive, ownWal),
  };
}

function markOf(set: BackupSet, sets: readonly BackupSet[], archive: WalArchive | null): MapMark {
  const { members, missing } = chainOf(set, sets);
  return {
    set,
    chain: members.map(({ where }) => where),
    missing,
    end: { lsn: set.stopLsn ?? set.startLsn, time: endOfBackup(set, archive) },
  };
}

/** Those of the archive, and those that only backups are on. */
function timelinesOf(marks: readonly MapMark[], archive: WalArchive | null): MapTimeline[] {
  const found = (archive?.timelines ?? []).map(({ timeline, parent, bands }) => ({
    timeline,
    parent: parent && { ...parent, time: timeAt(parent, archive!) },
    bands: bands.map((band) => bandOf(band, marks)),
  }));
  const bare = new Set(marks.map(({ set }) => set.timeline));
  for (const { timeline } of found) bare.delete(timeline);
  return [...found, ...[...bare].map((timeline) => ({ timeline, parent: null, bands: [] }))].sort(
    (a, b) => a.timeline - b.timeline,
  );
}

/** When the first segment was begun nobody notes; a backup that began in it was before it was archived. */
function bandOf(band: WalBand, marks: readonly MapMark[]): MapBand {
  const { timeline, from, to, segments, firstModified, lastModified } = band;
  const inside = marks
    .filter(({ set }) => set.timeline === timeline && isWithin(set.startLsn, band))
    .map(({ set }) => set.startedAt);
  const begin = [firstModified, ...inside].sort()[0]!;
  return { timeline, segments, from: { lsn: from, time: begin }, to: { lsn: to, time: lastModified } };
}

function isWithin(lsn: string, { from, to }: Pick<WalBand, 'from' | 'to'>): boolean {
  const at = parseLsn(lsn);
  return parseLsn(from) <= at && at < parseLsn(to);
}

/** When the segments before and behind it were archived: what is missing was written in between. */
function gapsOf(archive: WalArchive | null): MapGap[] {
  if (!archive) return [];
  const bands = archive.timelines.flatMap((line) => line.bands);
  return archive.gaps.map(({ timeline, first, last, segments, from, to }) => {
    const own = (band: WalBand): number => (band.timeline === timeline ? 0 : 1);
    const before = bands.filter((band) => band.to === from).sort((a, b) => own(a) - own(b))[0];
    const behind = bands.filter((band) => band.from === to).sort((a, b) => own(a) - own(b))[0];
    return {
      ...{ timeline, first, last, segments },
      from: { lsn: from, time: before?.lastModified ?? null },
      to: { lsn: to, time: behind?.firstModified ?? null },
    };
  });
}

/** About when a place was written: between the ends of the band it lies in, as its distance from them. */
function timeAt({ timeline, lsn }: { timeline: number; lsn: string }, archive: WalArchive): string | null {
  const bands = archive.timelines.find((line) => line.timeline === timeline)?.bands ?? [];
  const at = parseLsn(lsn);
  const band = bands.find((one) => isWithin(lsn, one)) ?? bands.findLast((one) => parseLsn(one.to) <= at);
  if (!band) return null;
  const [begin, end] = [Date.parse(band.firstModified), Date.parse(band.lastModified)];
  const [from, to] = [parseLsn(band.from), parseLsn(band.to)];
  const share = Math.min(1, Number(at - from) / Number(to - from));
  return new Date(begin + share * (end - begin)).toISOString();
}
