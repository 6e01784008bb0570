import * as l10n from '@vscode/l10n';
import { lsnText } from './lsn';
import type { SegmentName } from './names';
import { isSegmentSize } from './segments';
import type { WalFault } from './types';

/** Bytes of the header of a segment's first page: XLogLongPageHeaderData in xlog_internal.h of PostgreSQL. */
export const LONG_HEADER = 40;
/** Of every other page: XLogPageHeaderData, aligned. */
export const SHORT_HEADER = 24;

/** Flags of pages (`xlp_info`). */
export const pageFlags = {
  /** It begins with the rest of a record. */
  continued: 1,
  long: 2,
  /** Such a rest is missing: the server was stopped while writing the record, and went on behind it. */
  overwritten: 8,
  all: 15,
} as const;

/** XLOG_PAGE_MAGIC of each major version: it changes whenever the format does. */
const magics: readonly [magic: number, major: number][] = [
  [0xd097, 10],
  [0xd098, 11],
  [0xd101, 12],
  [0xd106, 13],
  [0xd10d, 14],
  [0xd110, 15],
  [0xd113, 16],
  [0xd116, 17],
  [0xd118, 18],
];

/** The first page of a segment. */
export interface SegmentHeader {
  magic: number;
  /** Null for a version that is not known (newer than 18, or in development). */
  major: number | null;
  info: number;
  /** Of the first page: a segment that a promotion copied begins with pages of the timeline before. */
  timeline: number;
  /** Where the segment begins, in halves. */
  high: number;
  low: number;
  /** Decimal. */
  systemIdentifier: string;
  segmentBytes: number;
  /** Bytes of a page. */
  blockBytes: number;
}

/**
 * Reads the first bytes (LONG_HEADER) of a decoded segment. Null when they are none: another magic, sizes that cannot be.
 * Versions after 18 are taken as long as everything else is as it was since 9.3. Written by a machine of the other byte
 * order, a segment is not read.
 */
export function parseHeader(head: Buffer): SegmentHeader | null {
  if (head.length < LONG_HEADER) return null;
  const magic = head.readUInt16LE(0);
  const header: SegmentHeader = {
    magic,
    major: magics.find(([known]) => known === magic)?.[1] ?? null,
    info: head.readUInt16LE(2),
    timeline: head.readUInt32LE(4),
    low: head.readUInt32LE(8),
    high: head.readUInt32LE(12),
    systemIdentifier: head.readBigUInt64LE(24).toString(),
    segmentBytes: head.readUInt32LE(32),
    blockBytes: head.readUInt32LE(36),
  };
  const isKnown = header.major !== null || (magic & 0xff00) === 0xd100;
  return isKnown &&
    (header.info & pageFlags.long) !== 0 &&
    isSegmentSize(header.segmentBytes) &&
    isBlockSize(header.blockBytes)
    ? header
    : null;
}

function isBlockSize(bytes: number): boolean {
  return bytes >= 1024 && bytes <= 65536 && (bytes & (bytes - 1)) === 0;
}

/** What a segment must be. */
export interface Expected {
  systemIdentifier?: string | null;
  segmentBytes?: number | null;
}

/** What does not fit between a segment's name, its first page and the archive it lies in; null when all does. */
export function headerFault(
  file: string,
  name: SegmentName,
  header: SegmentHeader,
  { systemIdentifier, segmentBytes }: Expected = {},
): WalFault | null {
  const fault = (kind: WalFault['kind'], what: string): WalFault => ({
    file,
    kind,
    offset: 0,
    lsn: lsnText(header.high, header.low),
    what,
  });
  if (systemIdentifier && header.systemIdentifier !== systemIdentifier)
    return fault(
      'foreign',
      l10n.t(
        'It is of another cluster: its system identifier is {0}, not {1}.',
        header.systemIdentifier,
        systemIdentifier,
      ),
    );
  if (segmentBytes && header.segmentBytes !== segmentBytes)
    return fault(
      'size',
      l10n.t('It is of a cluster with segments of {0} bytes, not {1}.', header.segmentBytes, segmentBytes),
    );
  const begins = name.segment * header.segmentBytes;
  if (header.high !== name.log || header.low !== begins)
    return fault(
      'name',
      l10n.t(
        'By its name it begins at {0}, by its content at {1}.',
        lsnText(name.log, begins),
        lsnText(header.high, header.low),
      ),
    );
  // Pages before a promotion, copied into the new timeline's first segment, keep the old one's number.
  if (header.timeline === 0 || header.timeline > name.timeline)
    return fault(
      'name',
      l10n.t('By its name it is of timeline {0}, by its content of {1}.', name.timeline, header.timeline),
    );
  return null;
}
