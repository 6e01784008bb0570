import { isCancelled, RestorePointError } from '../../errors';
import { bandsOf, numbered, type Numbered } from './bands';
import { decodedHead } from './decoded';
import { gapsOf } from './gaps';
import { LONG_HEADER, parseHeader, type SegmentHeader } from './header';
import { MOST_HISTORY_BYTES, parseHistory, type HistoryEntry } from './history';
import { formatLsn } from './lsn';
import { parseWalName, type SegmentName, type WalName } from './names';
import { DEFAULT_SEGMENT_BYTES, isSegmentSize, segmentStart } from './segments';
import type { WalArchive, WalFault, WalFile, WalSource, WalTimeline } from './types';

/** A file whose name is of WAL. */
export interface NamedFile {
  file: WalFile;
  name: WalName;
}

/** Files by their names; those that are no WAL are left out. */
export function walNames(files: WalFile[]): NamedFile[] {
  return files.flatMap((file) => {
    const name = parseWalName(file.name);
    return name ? [{ file, name }] : [];
  });
}

/** Segments that are opened for their header before a timeline is given up on. */
const TRIES = 3;

/**
 * Reads an archive by its listing, its histories, and the beginning of one segment of each timeline. What is inside of all
 * the others, `checkWal` tells.
 */
export async function readWalArchive(
  source: WalSource,
  { signal, files: given }: { signal?: AbortSignal | undefined; files?: WalFile[] } = {},
): Promise<WalArchive> {
  const options = signal ? { signal } : {};
  const files = given ?? (await source.list(options));
  const named = walNames(files);
  const faults: WalFault[] = [];
  const byTimeline = new Map<number, { file: WalFile; name: SegmentName }[]>();
  const histories = new Map<number, HistoryEntry[]>();
  for (const { file, name } of named)
    if (name.kind === 'segment') {
      const list = byTimeline.get(name.timeline);
      if (list) list.push({ file, name });
      else byTimeline.set(name.timeline, [{ file, name }]);
    } else if (name.kind === 'history') {
      const history = await readHistory(source, file, name.timeline, faults, options);
      if (history) histories.set(name.timeline, history);
    }
  const samples = await sample(source, byTimeline, options);
  const own = majority(samples, byTimeline);
  const segmentBytes = own?.segmentBytes ?? bySizes(byTimeline) ?? DEFAULT_SEGMENT_BYTES;
  const segments = new Map<number, Numbered>();
  const timelines: WalTimeline[] = [];
  const all = [...new Set([...byTimeline.keys(), ...histories.keys()])].sort((a, b) => a - b);
  for (const timeline of all) {
    const list = byTimeline.get(timeline) ?? [];
    const whole = numbered(
      list.filter(({ name }) => !name.partial),
      segmentBytes,
    );
    segments.set(timeline, whole);
    const history = histories.get(timeline) ?? null;
    const last = history?.at(-1);
    timelines.push({
      timeline,
      parent: last ? { timeline: last.timeline, lsn: last.lsn } : null,
      history: timeline === 1 ? [] : history,
      bands: bandsOf(timeline, whole, segmentBytes),
      partials: list.filter(({ name }) => name.partial).map(({ file }) => file.path),
      segments: whole.size,
      bytes: list.reduce((sum, { file }) => sum + file.bytes, 0),
    });
  }
  return {
    name: source.name,
    systemIdentifier: own?.systemIdentifier ?? null,
    major: own?.major ?? null,
    segmentBytes,
    segmentBytesKnown: own !== null,
    segments: timelines.reduce((sum, timeline) => sum + timeline.segments, 0),
    bytes: named.reduce((sum, { file }) => sum + file.bytes, 0),
    timelines,
    gaps: gapsOf(timelines, segments, segmentBytes),
    backups: named.flatMap(({ file, name }) =>
      name.kind === 'backup'
        ? [
            {
              file: file.path,
              timeline: name.timeline,
              lsn: startOf(name, segmentBytes),
              modified: file.modified,
            },
          ]
        : [],
    ),
    duplicates: duplicatesOf(named),
    foreign: [...samples].flatMap(([timeline, { file, header }]) =>
      own && header.systemIdentifier !== own.systemIdentifier
        ? [{ timeline, file: file.path, systemIdentifier: header.systemIdentifier }]
        : [],
    ),
    days: daysOf(named),
    others: files.filter(({ name }) => parseWalName(name) === null).map(({ path }) => path),
    faults,
  };
}

async function readHistory(
  source: WalSource,
  file: WalFile,
  timeline: number,
  faults: WalFault[],
  options: { signal?: AbortSignal },
): Promise<HistoryEntry[] | null> {
  try {
    const { head } = await decodedHead(source, file, MOST_HISTORY_BYTES, options);
    return parseHistory(timeline, head.toString('utf8'));
  } catch (error) {
    if (isCancelled(error)) throw error;
    const what = error instanceof RestorePointError ? error.why : (error as Error).message;
    faults.push({ file: file.path, kind: 'history', offset: null, lsn: null, what });
    return null;
  }
}

interface Sample {
  file: WalFile;
  header: SegmentHeader;
}

/** The header of the newest segment of each timeline that has one to read. */
async function sample(
  source: WalSource,
  byTimeline: Map<number, { file: WalFile; name: SegmentName }[]>,
  options: { signal?: AbortSignal },
): Promise<Map<number, Sample>> {
  const samples = new Map<number, Sample>();
  for (const [timeline, list] of byTimeline) {
    const newest = list.toSorted(
      ({ name: a }, { name: b }) =>
        Number(a.partial) - Number(b.partial) || b.log - a.log || b.segment - a.segment,
    );
    for (const { file } of newest.slice(0, TRIES)) {
      const header = await headerOf(source, file, options);
      if (!header) continue;
      samples.set(timeline, { file, header });
      break;
    }
  }
  return samples;
}

/** Null for what cannot be read: a check says why. */
export async function headerOf(
  source: WalSource,
  file: WalFile,
  options: { signal?: AbortSignal } = {},
): Promise<SegmentHeader | null> {
  try {
    return parseHeader((await decodedHead(source, file, LONG_HEADER, options)).head);
  } catch (error) {
    if (isCancelled(error)) throw error;
    return null;
  }
}

/** The cluster that most segments are of; of two with as many, the one of the newer timeline. */
function majority(
  samples: Map<number, Sample>,
  byTimeline: Map<number, { file: WalFile; name: SegmentName }[]>,
): SegmentHeader | null {
  const counts = new Map<string, number>();
  let best: SegmentHeader | null = null;
  for (const [timeline, { header }] of [...samples].sort(([a], [b]) => a - b)) {
    const { systemIdentifier } = header;
    const count = (counts.get(systemIdentifier) ?? 0) + (byTimeline.get(timeline)?.length ?? 0);
    counts.set(systemIdentifier, count);
    if (!best || count >= (counts.get(best.systemIdentifier) ?? 0)) best = header;
  }
  return best;
}

/** The size that most files have, of those that segments can have. */
function bySizes(byTimeline: Map<number, { file: WalFile; name: SegmentName }[]>): number | null {
  const counts = new Map<number, number>();
  for (const list of byTimeline.values())
    for (const { file } of list)
      if (isSegmentSize(file.bytes)) counts.set(file.bytes, (counts.get(file.bytes) ?? 0) + 1);
  const [most] = [...counts].sort(([, a], [, b]) => b - a);
  return most?.[0] ?? null;
}

function startOf(
  { log, segment, offset }: { log: number; segment: number; offset: number },
  segmentBytes: number,
): string {
  return formatLsn((BigInt(log) << 32n) + segmentStart(segment, segmentBytes) + BigInt(offset));
}

function duplicatesOf(named: NamedFile[]): WalArchive['duplicates'] {
  const files = new Map<string, string[]>();
  for (const { file, name } of named) {
    if (name.kind !== 'segment') continue;
    // A segment that was filled later than its partial was kept says everything that one does.
    const segment = name.base.slice(0, 24);
    const same = files.get(segment);
    if (same) same.push(file.path);
    else files.set(segment, [file.path]);
  }
  return [...files]
    .filter(([, paths]) => paths.length > 1)
    .map(([segment, paths]) => ({ segment, files: paths.sort() }))
    .sort((a, b) => (a.segment < b.segment ? -1 : 1));
}

function daysOf(named: NamedFile[]): WalArchive['days'] {
  const days = new Map<string, { day: string; segments: number; bytes: number }>();
  for (const { file, name } of named) {
    const day = file.modified.slice(0, 10);
    const sum = days.get(day) ?? { day, segments: 0, bytes: 0 };
    sum.segments += name.kind === 'segment' ? 1 : 0;
    sum.bytes += file.bytes;
    days.set(day, sum);
  }
  return [...days.values()].sort((a, b) => (a.day < b.day ? -1 : 1));
}
