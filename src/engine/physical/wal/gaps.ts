import { gapBetween, type Numbered } from './bands';
import { parseLsn } from './lsn';
import { segmentOf } from './segments';
import type { WalGap, WalTimeline } from './types';

/** Missing segments of a timeline, by their numbers. */
interface Hole {
  timeline: number;
  first: number;
  last: number;
}

/** A timeline's part of the way to another; the segment a promotion happens in is the new timeline's, as it is copied. */
interface Part {
  timeline: number;
  /** The number of the first segment that is not its own any more. */
  end: number;
}

/**
 * What is missing between segments that are there: within each timeline, and along the way by which it came from others.
 * What lies before everything that is there is no gap: an archive begins somewhere.
 */
export function gapsOf(
  timelines: WalTimeline[],
  segments: Map<number, Numbered>,
  segmentBytes: number,
): WalGap[] {
  const found: Hole[] = [];
  for (const { timeline, history } of timelines) {
    const before = (history ?? []).map((entry) => ({
      timeline: entry.timeline,
      end: segmentOf(parseLsn(entry.lsn), segmentBytes),
    }));
    found.push(...holesOf([...before, { timeline, end: Infinity }], segments));
  }
  return found
    .filter((hole, index) => !found.some((other, at) => at !== index && holds(other, hole, at < index)))
    .sort((a, b) => a.timeline - b.timeline || a.first - b.first)
    .map(({ timeline, first, last }) => gapBetween(timeline, first, last, segmentBytes));
}

function holesOf(parts: Part[], segments: Map<number, Numbered>): Hole[] {
  const holes: Hole[] = [];
  /** Missing at the end of parts: a gap once a later segment is met. */
  let open: Hole[] = [];
  let next: number | null = null;
  let begin = 0;
  for (const { timeline, end } of parts) {
    const numbers = [...(segments.get(timeline)?.keys() ?? [])]
      .filter((number) => number >= begin && number < end)
      .sort((a, b) => a - b);
    for (const number of numbers) {
      if (next !== null && number > next) open.push({ timeline, first: next, last: number - 1 });
      holes.push(...open);
      open = [];
      next = number + 1;
    }
    if (next !== null && next < end && end !== Infinity) {
      open.push({ timeline, first: next, last: end - 1 });
      next = end;
    }
    begin = Math.max(begin, end);
  }
  return holes;
}

/** Whether a hole is a part of another, or the same as one before it. */
function holds(a: Hole, b: Hole, isBefore: boolean): boolean {
  if (a.timeline !== b.timeline || a.first > b.first || a.last < b.last) return false;
  return a.first !== b.first || a.last !== b.last || isBefore;
}
