import {
  parseLsn,
  segmentName,
  segmentNumber,
  segmentOf,
  walNames,
  type SegmentName,
  type WalArchive,
  type WalFile,
} from '../wal';

/** A segment on the way to a timeline. */
export interface PathSegment {
  number: number;
  file: WalFile;
  name: SegmentName;
}

/**
 * The segments that lead to a timeline, in order: of those it came from up to where it left them. The segment it branched off in is
 * its own, as it has what came before. Of a segment that is there twice, one; a partial one where there is no other.
 */
export function pathOf(archive: WalArchive, files: WalFile[], timeline: number): PathSegment[] {
  const { segmentBytes } = archive;
  const line = archive.timelines.find((one) => one.timeline === timeline);
  const parts = [
    ...(line?.history ?? []).map((entry) => ({
      timeline: entry.timeline,
      end: segmentOf(parseLsn(entry.lsn), segmentBytes),
    })),
    { timeline, end: Infinity },
  ];
  const found = new Map<number, PathSegment>();
  const begins = new Map<number, number>();
  let begin = 0;
  const ends = new Map<number, number>();
  for (const part of parts) {
    begins.set(part.timeline, begin);
    ends.set(part.timeline, part.end);
    begin = Math.max(begin, part.end);
  }
  for (const { file, name } of walNames(files)) {
    if (name.kind !== 'segment') continue;
    const number = segmentNumber(name, segmentBytes);
    const end = ends.get(name.timeline);
    if (number === null || end === undefined || number >= end || number < begins.get(name.timeline)!)
      continue;
    const other = found.get(number);
    if (!other || (other.name.partial && !name.partial)) found.set(number, { number, file, name });
  }
  return [...found.values()].sort((a, b) => a.number - b.number);
}

/** What is missing between segments. */
export function missingOf(
  segments: readonly PathSegment[],
  segmentBytes: number,
): { first: string; last: string }[] {
  return segments.flatMap(({ number, name }, i) => {
    const before = segments[i - 1];
    if (!before || before.number + 1 === number) return [];
    return [
      {
        first: segmentName(before.name.timeline, before.number + 1, segmentBytes),
        last: segmentName(name.timeline, number - 1, segmentBytes),
      },
    ];
  });
}
