import type { Compression } from '../../tools/types';

/** What all names of files in a WAL archive have in common. */
interface Named {
  timeline: number;
  /** As the server calls the file: without suffixes that an archive adds. */
  base: string;
  /** By the suffix; content may say otherwise (Barman adds none). */
  compression: Compression;
}

/** A segment; two of its numbers are in the name, where it lies depends on the size of segments (`segments.ts`). */
export interface SegmentName extends Named {
  kind: 'segment';
  /** The high 32 bits of its addresses. */
  log: number;
  /** Which one of those that have these high bits. */
  segment: number;
  /** Not filled to its end: of a timeline that was left, or still being received. */
  partial: boolean;
}

/** Where a base backup began: the server archives a small text of that name at its end. */
export interface BackupHistoryName extends Named {
  kind: 'backup';
  log: number;
  segment: number;
  /** Byte within the segment. */
  offset: number;
}

/** Which timelines a timeline came from. */
export interface TimelineHistoryName extends Named {
  kind: 'history';
}

export type WalName = SegmentName | BackupHistoryName | TimelineHistoryName;

/** Suffixes of compressed files; the first of each is the one that is written. */
const suffixes: readonly [suffix: string, compression: Compression][] = [
  ['.zst', 'zstd'],
  ['.gz', 'gzip'],
  ['.lz4', 'lz4'],
];

/** What an archive adds to the name of a file that is compressed so; nothing for none. */
export function suffixOf(compression: Compression): string {
  return suffixes.find(([, known]) => known === compression)?.[0] ?? '';
}

/** All the names a file of the server may be stored under, the plain one first. */
export function storedNames(base: string): string[] {
  return ['', ...suffixes.map(([suffix]) => suffix)].map((suffix) => base + suffix);
}

/**
 * What a file name says (`XLogFromFileName` and its neighbours in xlog_internal.h of PostgreSQL); null for names that are
 * not of WAL. Understood besides: suffixes of compressions, before or behind `.partial` (pg_receivewal writes
 * `.gz.partial`), and the checksum pgBackRest puts behind a segment's name.
 */
export function parseWalName(name: string): WalName | null {
  const parts =
    /^([0-9A-F]{8})(?:\.history|([0-9A-F]{8})([0-9A-F]{8})(?:\.([0-9A-F]{8})\.backup|(?:-[0-9a-f]{40})?(\.partial)?))(\.(?:gz|zst|lz4))?(\.partial)?$/.exec(
      name,
    );
  if (!parts) return null;
  const [, timelineText, logText, segmentText, offsetText, partial, suffix, partialAfter] = parts;
  const timeline = hex(timelineText!);
  if (timeline === 0) return null;
  const compression = suffixes.find(([known]) => known === suffix)?.[1] ?? 'none';
  if (logText === undefined || segmentText === undefined) {
    if (partialAfter) return null;
    return { kind: 'history', timeline, base: `${timelineText}.history`, compression };
  }
  const numbers = { timeline, compression, log: hex(logText), segment: hex(segmentText) };
  const base = `${timelineText}${logText}${segmentText}`;
  if (offsetText !== undefined) {
    if (partialAfter) return null;
    return { kind: 'backup', ...numbers, base: `${base}.${offsetText}.backup`, offset: hex(offsetText) };
  }
  if (partial && partialAfter) return null;
  const isPartial = (partial ?? partialAfter) !== undefined;
  return { kind: 'segment', ...numbers, base: isPartial ? `${base}.partial` : base, partial: isPartial };
}

function hex(text: string): number {
  return Number.parseInt(text, 16);
}

/** Eight digits as in names of segments. */
export function hex8(number: number): string {
  return number.toString(16).toUpperCase().padStart(8, '0');
}

/** `00000002.history`. */
export function historyName(timeline: number): string {
  return `${hex8(timeline)}.history`;
}
