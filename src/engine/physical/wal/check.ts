import * as l10n from '@vscode/l10n';
import { isCancelled, RestorePointError } from '../../errors';
import { readWalArchive, walNames, type NamedFile } from './archive';
import { decodedHead, openDecoded } from './decoded';
import { LONG_HEADER } from './header';
import { MOST_HISTORY_BYTES, parseHistory } from './history';
import { SegmentInspector, type Inspected } from './inspect';
import type { SegmentName } from './names';
import { segmentName, segmentNumber } from './segments';
import type { WalArchive, WalFault, WalFile, WalSource } from './types';

export interface CheckOptions {
  /** Every page and record of every segment, not only how each begins. */
  deep?: boolean;
  signal?: AbortSignal;
  /** Called before each file; bytes are as stored. */
  onProgress?(done: { files: number; ofFiles: number; bytes: number; ofBytes: number }): void;
}

/** What a check of an archive found. */
export interface WalChecked {
  archive: WalArchive;
  deep: boolean;
  /** No fault that a recovery would meet, and no gap. */
  ok: boolean;
  /** Segments that were looked at. */
  segments: number;
  /** Records whose checksum was checked; 0 unless deep. */
  records: number;
  /** Where the last segment of each timeline ends before its end: that is no fault. */
  ends: { timeline: number; segment: string; lsn: string }[];
  faults: WalFault[];
}

/**
 * Checks all files of an archive: gaps, names against content, lengths, other clusters, histories; deep: everything in the
 * segments. Memory does not grow with them.
 */
export async function checkWal(source: WalSource, options: CheckOptions = {}): Promise<WalChecked> {
  const { deep = false, signal, onProgress } = options;
  const files = await source.list({ signal });
  const archive = await readWalArchive(source, { signal, files });
  const named = walNames(files);
  const { systemIdentifier, segmentBytes, segmentBytesKnown } = archive;
  const inspector = new SegmentInspector({
    pages: deep,
    systemIdentifier,
    segmentBytes: segmentBytesKnown ? segmentBytes : null,
  });
  const checked: WalChecked = { archive, deep, ok: true, segments: 0, records: 0, ends: [], faults: [] };
  const segments = inOrder(named.filter(isSegment));
  const present = new Set(segments.map(({ name }) => name.base));
  const progress = { files: 0, ofFiles: segments.length, bytes: 0, ofBytes: 0 };
  for (const { file } of segments) progress.ofBytes += file.bytes;
  for (const { file, name } of segments) {
    signal?.throwIfAborted();
    onProgress?.({ ...progress });
    const found = await inspect(source, file, name, { inspector, deep, signal });
    checked.segments++;
    checked.records += found.records;
    checked.faults.push(...(name.partial ? found.faults.filter(isOfPartial) : found.faults));
    if (found.end === 'early' && found.endLsn !== null && !name.partial) {
      if (isFollowed(name, present, segmentBytes)) checked.faults.push(endsEarly(file.path, found.endLsn));
      else checked.ends.push({ timeline: name.timeline, segment: name.base, lsn: found.endLsn });
    }
    progress.files++;
    progress.bytes += file.bytes;
  }
  onProgress?.({ ...progress });
  for (const { file, name } of named)
    if (name.kind === 'history') checked.faults.push(...(await historyFaults(source, file, name.timeline)));
  checked.ok = archive.gaps.length === 0 && checked.faults.every(({ harmless }) => harmless === true);
  return checked;
}

/** A file that is still received ends anywhere, compressed in the middle of what its compression needs. */
function isOfPartial({ kind }: WalFault): boolean {
  return kind !== 'size' && kind !== 'unreadable' && kind !== 'empty' && kind !== 'zeros';
}

function isSegment(file: NamedFile): file is NamedFile & { name: SegmentName } {
  return file.name.kind === 'segment';
}

function inOrder<T extends { name: SegmentName }>(segments: T[]): T[] {
  return segments.sort(
    ({ name: a }, { name: b }) =>
      a.timeline - b.timeline ||
      a.log - b.log ||
      a.segment - b.segment ||
      Number(a.partial) - Number(b.partial),
  );
}

/** Whether the archive has the segment that comes next on the same timeline. */
function isFollowed(name: SegmentName, present: Set<string>, segmentBytes: number): boolean {
  const number = segmentNumber(name, segmentBytes);
  return number !== null && present.has(segmentName(name.timeline, number + 1, segmentBytes));
}

/** What is said of a segment whose records end too early. */
export function endsEarly(file: string, lsn: string): WalFault {
  return {
    file,
    kind: 'endsEarly',
    offset: null,
    lsn,
    what: l10n.t('Its records end at {0}, before its end, and another segment follows.', lsn),
  };
}

async function inspect(
  source: WalSource,
  file: WalFile,
  name: SegmentName,
  options: { inspector: SegmentInspector; deep: boolean; signal?: AbortSignal | undefined },
): Promise<Inspected> {
  const { inspector, deep } = options;
  const signal = options.signal ? { signal: options.signal } : {};
  inspector.begin(file.path, name);
  try {
    if (!deep) {
      const { compression, head } = await decodedHead(source, file, LONG_HEADER, signal);
      inspector.take(head);
      // The length of a file that is not compressed is known without reading it.
      return inspector.finish({ bytes: compression === 'none' ? file.bytes : null });
    }
    const { parts } = await openDecoded(source, file, signal);
    for await (const part of parts) inspector.take(part);
  } catch (error) {
    if (isCancelled(error)) throw error;
    return inspector.finish({ damage: (error as Error).message });
  }
  return inspector.finish();
}

async function historyFaults(source: WalSource, file: WalFile, timeline: number): Promise<WalFault[]> {
  try {
    const { head } = await decodedHead(source, file, MOST_HISTORY_BYTES);
    parseHistory(timeline, head.toString('utf8'));
    return [];
  } catch (error) {
    const what = error instanceof RestorePointError ? error.why : (error as Error).message;
    return [{ file: file.path, kind: 'history', offset: null, lsn: null, what }];
  }
}
