import * as l10n from '@vscode/l10n';
import { isCancelled, RestorePointError } from '../../errors';
import type { BackupSet } from '../sets';
import {
  formatLsn,
  openDecoded,
  parseLsn,
  readWalArchive,
  SegmentInspector,
  segmentBefore,
  segmentOf,
  segmentStart,
  type Lsn,
  type WalArchive,
  type WalSource,
} from '../wal';
import { timeFrom, timeText } from './ends';
import { namingBackup, readNames } from './fromBackup';
import { LiveAsker } from './live';
import { Names } from './names';
import { missingOf, pathOf, type PathSegment } from './path';
import { EventReader, type FoundEvent } from './reader';
import { segmentsUpTo } from './times';
import type { LiveNames, Scanned, ScanPlace, ScanProgress, ScanRequest, WalEvent } from './types';

/** Releases whose records are read. */
const MAJORS = [15, 16, 17, 18];
const MOST_CLOCK_BACK = 100;

export interface ScanContext {
  /** Base backups that may tell names. */
  sets?: readonly BackupSet[];
  /** Hears that tar files of a backup are read for names, which may take a while; what is found is kept for the next time. */
  onNames?(where: string): void;
  live?: LiveNames;
  signal?: AbortSignal;
  onProgress?(progress: ScanProgress): void;
}

/**
 * Reads commits, what they took away, and named restore points out of an archive, without any program of a server. Every record's
 * checksum is checked on the way. Memory is that of the transactions that are open at a time, and of the names of relations; events are
 * given on at once.
 *
 * A place by its time is found by the times of commits: where the clock was set back, places are more exact.
 *
 * @throws `events.major`, `events.timeline`, `events.time`, `wal.lsn`, and what reading the archive throws
 */
export async function scanEvents(
  source: WalSource,
  request: ScanRequest,
  onEvent: (event: WalEvent) => void,
  { sets = [], live, signal, onProgress, onNames }: ScanContext = {},
): Promise<Scanned> {
  const options = signal ? { signal } : {};
  const files = await source.list(options);
  const archive = await readWalArchive(source, { ...options, files });
  const major = majorOf(archive);
  const timeline = timelineOf(archive, request.timeline);
  const all = pathOf(archive, files, timeline);
  const from = placeOf(request.from);
  const to = placeOf(request.to);
  const segments = await within(source, all, { from, to, archive, major, signal });
  const names = new Names(major);
  const start = segmentStart(segments[0]?.number ?? 0, archive.segmentBytes);
  const { systemIdentifier } = archive;
  const naming = await namingBackup(sets, { systemIdentifier, from: start });
  const tarBytes = naming?.tarBytes ?? 0;
  const work = tarBytes + segments.length * archive.segmentBytes;
  const shareAt = (done: number): number => Math.min(1, done / work);
  const scanned: Scanned = {
    timeline,
    from: formatLsn(start),
    to: formatLsn(start),
    segments: 0,
    records: 0,
    bytes: 0,
    events: 0,
    namesFrom: null,
    missing: missingOf(segments, archive.segmentBytes),
    unread: [],
    clockBack: [],
  };
  if (naming) {
    const { where } = naming.chain.set;
    if (tarBytes > 0) onNames?.(where);
    let done = 0;
    const onBytes = (count: number): void =>
      onProgress?.({ lsn: scanned.from, share: shareAt(Math.min(tarBytes, (done += count))), events: 0 });
    const areRead = await readNames(names, naming.chain, { ...options, systemIdentifier, onBytes }).catch(
      (error: unknown) => {
        if (isCancelled(error) || signal?.aborted) throw error;
        // A damaged backup: what happened is found all the same.
        return false;
      },
    );
    if (areRead) scanned.namesFrom = where;
  }
  let last = -Infinity;
  let found: FoundEvent[] = [];
  const reader = new EventReader(names, request.leastRows ?? 1, (event, time) => {
    if (time < last && scanned.clockBack.length < MOST_CLOCK_BACK)
      scanned.clockBack.push({ lsn: event.lsn, from: timeText(last), to: timeText(time) });
    last = time;
    const isLoss = event.kind === 'restorePoint' || event.effects.length > 0;
    if ((isLoss || !request.losses) && isWithin(event.lsn, time, from, to)) found.push(event);
  });
  const asker = live && new LiveAsker(live);
  const tell = async (own: number): Promise<void> => {
    for (const event of found) {
      onEvent({ ...(asker ? await asker.named(event) : event), timeline: own });
      scanned.events++;
    }
    found = [];
  };
  const inspector = new SegmentInspector({
    pages: true,
    walk: { records: reader, isPath: true },
    systemIdentifier,
  });
  for (const [index, segment] of segments.entries()) {
    signal?.throwIfAborted();
    const { file, name, number } = segment;
    inspector.begin(file.path, name);
    const begins = segmentStart(number, archive.segmentBytes);
    let taken = 0;
    let damage: string | undefined;
    try {
      const { parts } = await openDecoded(source, file, options);
      for await (const part of parts) {
        inspector.take(part);
        taken += part.length;
        await tell(name.timeline);
        onProgress?.({
          lsn: formatLsn(begins + BigInt(taken)),
          share: shareAt(tarBytes + index * archive.segmentBytes + Math.min(archive.segmentBytes, taken)),
          events: scanned.events,
        });
      }
    } catch (error) {
      if (isCancelled(error)) throw error;
      damage = (error as Error).message;
    }
    const { records, faults, endLsn } = inspector.finish(damage === undefined ? {} : { damage });
    await tell(name.timeline);
    scanned.segments++;
    scanned.records += records;
    scanned.bytes += taken;
    scanned.to = endLsn ?? formatLsn(begins + BigInt(archive.segmentBytes));
    // A file that is still written to ends early, and one fault of it is enough.
    const [fault] = faults.filter(({ harmless }) => !harmless);
    if (fault) scanned.unread.push({ file: file.path, lsn: fault.lsn, what: fault.what });
  }
  return scanned;
}

function majorOf({ major, name }: WalArchive): number {
  if (major !== null && MAJORS.includes(major)) return major;
  throw new RestorePointError({
    code: 'events.major',
    what: l10n.t('Events cannot be read from the WAL in "{0}".', name),
    why:
      major === null
        ? l10n.t('Of which release it is could not be told.')
        : l10n.t('It is of PostgreSQL {0}; records of 15 to 18 are known.', major),
    next: l10n.t('See restore-point wal check.'),
  });
}

function timelineOf({ timelines, name }: WalArchive, wanted: number | undefined): number {
  const newest =
    wanted ?? timelines.findLast(({ segments, partials }) => segments > 0 || partials.length > 0)?.timeline;
  if (newest !== undefined && timelines.some(({ timeline }) => timeline === newest)) return newest;
  throw new RestorePointError({
    code: 'events.timeline',
    what:
      wanted === undefined
        ? l10n.t('There is no WAL in "{0}".', name)
        : l10n.t('There is no timeline {0} in "{1}".', wanted, name),
    why: '',
    next: l10n.t('See restore-point wal list.'),
  });
}

/** A place of a request: an LSN, or microseconds since 2000. */
type Bound = { lsn: Lsn } | { time: number } | null;

function placeOf(place: ScanPlace | undefined): Bound {
  if (!place) return null;
  if ('lsn' in place) return { lsn: parseLsn(place.lsn) };
  const time = timeFrom(place.time);
  if (time !== null) return { time };
  throw new RestorePointError({
    code: 'events.time',
    what: l10n.t('"{0}" is no time.', place.time),
    why: '',
    next: l10n.t('Write it like 2026-11-30T14:05:00Z, or with another zone.'),
  });
}

function isWithin(text: string, time: number, from: Bound, to: Bound): boolean {
  const lsn = parseLsn(text);
  if (from && ('lsn' in from ? lsn < from.lsn : time < from.time)) return false;
  return !(to && ('lsn' in to ? lsn >= to.lsn : time > to.time));
}

async function within(
  source: WalSource,
  segments: PathSegment[],
  {
    from,
    to,
    archive,
    ...options
  }: { from: Bound; to: Bound; archive: WalArchive; major: number; signal: AbortSignal | undefined },
): Promise<PathSegment[]> {
  const { segmentBytes } = archive;
  let begin = 0;
  let end = segments.length;
  if (from && 'lsn' in from) {
    const first = segmentOf(from.lsn, segmentBytes);
    begin = segments.filter(({ number }) => number < first).length;
  } else if (from) begin = Math.max(0, (await segmentsUpTo(source, segments, from.time, options)) - 1);
  if (to && 'lsn' in to) {
    const last = segmentBefore(to.lsn, segmentBytes);
    end = segments.filter(({ number }) => number <= last).length;
  } else if (to) end = await segmentsUpTo(source, segments, to.time, options);
  return segments.slice(begin, Math.max(begin, end));
}
