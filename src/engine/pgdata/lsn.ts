import type { WalRange } from './types';

/** A position in the write-ahead log, `0/16B3748`, as a number; null for what is none. */
export function parseLsn(text: string): bigint | null {
  const [, high, low] = /^([0-9A-Fa-f]{1,8})\/([0-9A-Fa-f]{1,8})$/.exec(text) ?? [];
  return high && low ? (BigInt(`0x${high}`) << 32n) | BigInt(`0x${low}`) : null;
}

export function formatLsn(lsn: bigint): string {
  return `${(lsn >> 32n).toString(16).toUpperCase()}/${(lsn & 0xffffffffn).toString(16).toUpperCase()}`;
}

/** Name of the segment a position lies in: access/xlog_internal.h. */
export function segmentName(timeline: number, lsn: bigint, segmentBytes: number): string {
  const number = lsn / BigInt(segmentBytes);
  const each = 0x100000000n / BigInt(segmentBytes);
  const part = (value: bigint): string => value.toString(16).toUpperCase().padStart(8, '0');
  return part(BigInt(timeline)) + part(number / each) + part(number % each);
}

/** More of them are no range of a backup: 16 TB in segments of 16 MB. */
const mostSegments = 1_000_000;

/** Names of the segments a range needs, in order; the end is exclusive. Null for a range that cannot be. */
export function segmentsOf({ timeline, start, end }: WalRange, segmentBytes: number): string[] | null {
  const from = parseLsn(start);
  const to = parseLsn(end);
  if (from === null || to === null || to < from || !isSegmentSize(segmentBytes)) return null;
  const size = BigInt(segmentBytes);
  const first = from / size;
  // A range that ends where a segment begins does not need that one; an empty one needs its own.
  const last = to > from ? (to - 1n) / size : first;
  if (last - first >= mostSegments) return null;
  const names: string[] = [];
  for (let number = first; number <= last; number++)
    names.push(segmentName(timeline, number * size, segmentBytes));
  return names;
}

/** A power of two from 1 MB to 1 GB: initdb's --wal-segsize. */
export function isSegmentSize(bytes: number): boolean {
  return Number.isInteger(bytes) && bytes >= 1 << 20 && bytes <= 1 << 30 && (bytes & (bytes - 1)) === 0;
}
