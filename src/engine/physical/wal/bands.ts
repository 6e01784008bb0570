import { formatLsn } from './lsn';
import type { SegmentName } from './names';
import { segmentName, segmentNumber, segmentStart } from './segments';
import type { WalBand, WalFile, WalGap } from './types';

/** Segments of one timeline, by their numbers. */
export type Numbered = Map<number, { file: WalFile; name: SegmentName }[]>;

/** What lies between two segments that do not follow each other. */
export function gapBetween(timeline: number, first: number, last: number, segmentBytes: number): WalGap {
  return {
    timeline,
    first: segmentName(timeline, first, segmentBytes),
    last: segmentName(timeline, last, segmentBytes),
    segments: last - first + 1,
    from: formatLsn(segmentStart(first, segmentBytes)),
    to: formatLsn(segmentStart(last + 1, segmentBytes)),
  };
}

/** Segments by their numbers; those whose names segments of this size cannot have are left out. */
export function numbered(segments: { file: WalFile; name: SegmentName }[], segmentBytes: number): Numbered {
  const found: Numbered = new Map();
  for (const segment of segments) {
    const number = segmentNumber(segment.name, segmentBytes);
    if (number === null) continue;
    const same = found.get(number);
    if (same) same.push(segment);
    else found.set(number, [segment]);
  }
  return found;
}

/** Runs of segments without a gap, in order. */
export function bandsOf(timeline: number, segments: Numbered, segmentBytes: number): WalBand[] {
  const bands: WalBand[] = [];
  let band: WalBand | undefined;
  let previous = -2;
  for (const number of [...segments.keys()].sort((a, b) => a - b)) {
    // Of several files of a segment the smallest counts: the others could be taken away.
    const { file } = segments.get(number)!.reduce((a, b) => (b.file.bytes < a.file.bytes ? b : a));
    const name = segmentName(timeline, number, segmentBytes);
    const to = formatLsn(segmentStart(number + 1, segmentBytes));
    if (band && number === previous + 1) {
      band.to = to;
      band.last = name;
      band.lastModified = file.modified;
      band.segments++;
      band.bytes += file.bytes;
    } else {
      band = {
        timeline,
        from: formatLsn(segmentStart(number, segmentBytes)),
        to,
        first: name,
        last: name,
        segments: 1,
        bytes: file.bytes,
        firstModified: file.modified,
        lastModified: file.modified,
      };
      bands.push(band);
    }
    previous = number;
  }
  return bands;
}
