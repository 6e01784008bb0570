import * as l10n from '@vscode/l10n';
import { segmentName, segmentsOf, isSegmentSize } from './lsn';
import type { BaseFault, WalRange } from './types';

/** The beginning of a WAL segment: enough for the long header of its first page. */
export const segmentHeadBytes = 40;

/** A WAL segment that lies with a backup. */
export interface FoundSegment {
  name: string;
  bytes: number;
  /** Its first `segmentHeadBytes`. */
  head: Buffer;
}

export function isSegmentName(name: string): boolean {
  return /^[0-9A-F]{24}$/.test(name);
}

/** The size of segments, by the header of one that lies there; 16 MB where none does. */
export function segmentBytesOf(segments: Iterable<FoundSegment>): number {
  for (const { head } of segments) {
    const bytes = head.length >= segmentHeadBytes ? head.readUInt32LE(32) : 0;
    if (isSegmentSize(bytes)) return bytes;
  }
  return 16 * 1024 * 1024;
}

/**
 * What a recovery needs and is not there: each segment of the ranges has to be there with its whole size and the header
 * of its own place and cluster (access/xlog_internal.h, XLogLongPageHeaderData; little-endian).
 */
export function checkWal(
  ranges: WalRange[],
  segments: Map<string, FoundSegment>,
  systemIdentifier: string | null,
): { needed: string[]; faults: BaseFault[] } {
  const segmentBytes = segmentBytesOf(segments.values());
  const faults: BaseFault[] = [];
  const needed: string[] = [];
  const fault = (entry: string, what: string): void => void faults.push({ entry, what, offset: null });
  for (const range of ranges) {
    const names = segmentsOf(range, segmentBytes);
    if (!names)
      fault('backup_manifest', l10n.t('its WAL range {0} to {1} cannot be', range.start, range.end));
    for (const name of names ?? []) {
      needed.push(name);
      const found = segments.get(name);
      const entry = `pg_wal/${name}`;
      if (!found) fault(entry, l10n.t('it is missing, and a recovery needs it'));
      else if (found.bytes !== segmentBytes)
        fault(entry, l10n.t('it has {0} bytes instead of {1}', found.bytes, segmentBytes));
      else if (!isHeaderOf(found, segmentBytes, systemIdentifier))
        fault(entry, l10n.t('it does not begin as that segment does'));
    }
  }
  return { needed, faults };
}

function isHeaderOf(
  { name, head }: FoundSegment,
  segmentBytes: number,
  systemIdentifier: string | null,
): boolean {
  if (head.length < segmentHeadBytes) return false;
  const address = head.readBigUInt64LE(8);
  // xlp_info: the long form (2) stands on the first page of each segment.
  const isLong = (head.readUInt16LE(2) & 2) !== 0;
  return (
    isLong &&
    segmentName(Number.parseInt(name.slice(0, 8), 16), address, segmentBytes) === name &&
    address % BigInt(segmentBytes) === 0n &&
    (systemIdentifier === null || head.readBigUInt64LE(24).toString() === systemIdentifier)
  );
}
