import { segmentName as nameOf } from '../../pgdata/restoring';
import type { Lsn } from './lsn';

export { isSegmentSize } from '../../pgdata/restoring';

/** Bytes of a segment unless initdb was told otherwise. */
export const DEFAULT_SEGMENT_BYTES = 16 * 1024 * 1024;

/** How many segments have the same high 32 bits of addresses. */
export function segmentsPerLog(segmentBytes: number): number {
  return 0x1_0000_0000 / segmentBytes;
}

/** Where a segment lies among all of its timeline, from 0; null for a name that segments of this size cannot have. */
export function segmentNumber(
  { log, segment }: { log: number; segment: number },
  segmentBytes: number,
): number | null {
  return segment < segmentsPerLog(segmentBytes) ? log * segmentsPerLog(segmentBytes) + segment : null;
}

/** The name of a segment by its number. */
export function segmentName(timeline: number, number: number, segmentBytes: number): string {
  return nameOf(timeline, segmentStart(number, segmentBytes), segmentBytes);
}

/** The first byte of a segment. */
export function segmentStart(number: number, segmentBytes: number): Lsn {
  return BigInt(number) * BigInt(segmentBytes);
}

/** The segment that holds a byte. */
export function segmentOf(lsn: Lsn, segmentBytes: number): number {
  return Number(lsn / BigInt(segmentBytes));
}

/** The segment that holds the byte before: where WAL that ends at `lsn` ends (`XLByteToPrevSeg`). */
export function segmentBefore(lsn: Lsn, segmentBytes: number): number {
  return lsn === 0n ? 0 : segmentOf(lsn - 1n, segmentBytes);
}

/** The names of segments that hold the WAL from a byte up to, but not with, another; in order. */
export function* segmentsBetween(
  timeline: number,
  from: Lsn,
  to: Lsn,
  segmentBytes: number,
): Generator<string> {
  if (to <= from) return;
  const last = segmentBefore(to, segmentBytes);
  for (let number = segmentOf(from, segmentBytes); number <= last; number++)
    yield segmentName(timeline, number, segmentBytes);
}
