import type { HistoryEntry } from './history';

/** A file in a WAL archive, as a listing has it. */
export interface WalFile {
  /** How the source finds it: its path below a folder, its key in a bucket. */
  path: string;
  /** Its last part, by which it is recognised. */
  name: string;
  /** As stored. */
  bytes: number;
  /** ISO time. */
  modified: string;
}

/**
 * Where WAL is kept: a folder (`folder.ts`), or what an adapter of another archive makes of it. Listing must cost no more
 * than names and sizes.
 */
export interface WalSource {
  /** How people call it: the path of a folder, a stanza. */
  readonly name: string;
  /** All files, also those that are no WAL. Throws `wal.noArchive` when there is no such place. */
  list(options?: { signal?: AbortSignal }): Promise<WalFile[]>;
  /** The bytes as stored. Throws what the file system throws. */
  open(file: WalFile, options?: { signal?: AbortSignal }): AsyncIterable<Buffer>;
  /** Takes a file away; absent where that is not ours to do. */
  remove?(file: WalFile): Promise<void>;
}

/** What is wrong with a file of an archive. */
export interface WalFault {
  /** Path as in the listing. */
  file: string;
  kind: WalFaultKind;
  /** Byte within the decoded segment; null when it is of the whole file. */
  offset: number | null;
  /** The same as a place in the WAL. */
  lsn: string | null;
  /** One sentence. */
  what: string;
  /** The server reads over it: nothing is lost for a recovery. */
  harmless?: boolean;
}

export type WalFaultKind =
  /** The file cannot be read, or not be decompressed to its end. */
  | 'unreadable'
  /** It has no bytes. */
  | 'empty'
  /** It begins with zeros: nothing was ever written to it. */
  | 'zeros'
  /** It is shorter or longer than a segment. */
  | 'size'
  /** It does not begin as a segment does. */
  | 'notWal'
  /** Its first page says that it belongs under another name. */
  | 'name'
  /** It is of another cluster. */
  | 'foreign'
  /** The header of a page. */
  | 'page'
  /** A record: its length, its link to the one before, or its checksum. */
  | 'record'
  /** Its records end before its end, and another segment follows. */
  | 'endsEarly'
  /** Something stands behind the end of the WAL. */
  | 'afterEnd'
  /** A timeline history that cannot be read. */
  | 'history';

/** Segments that follow each other without a gap, of one timeline. */
export interface WalBand {
  timeline: number;
  /** First byte. */
  from: string;
  /** First byte after it. */
  to: string;
  /** Names of its first and last segment. */
  first: string;
  last: string;
  segments: number;
  /** As stored. */
  bytes: number;
  /** ISO times at which its first and last segment were written to the archive. */
  firstModified: string;
  lastModified: string;
}

/** Segments that are missing between others. */
export interface WalGap {
  timeline: number;
  /** Names of the first and last that is missing. */
  first: string;
  last: string;
  segments: number;
  from: string;
  to: string;
}

export interface WalTimeline {
  timeline: number;
  /** What it branched from, and where; null for the first one, and where no history says it. */
  parent: { timeline: number; lsn: string } | null;
  /** All it came from, the oldest first; null when its history is not in the archive. */
  history: HistoryEntry[] | null;
  bands: WalBand[];
  /** Files of segments that were not filled. */
  partials: string[];
  segments: number;
  bytes: number;
}

/** A WAL archive as its listing and a few headers show it: plain data. */
export interface WalArchive {
  name: string;
  /** Of the cluster most of its segments are of; decimal, as `pg_control_system()` prints it. */
  systemIdentifier: string | null;
  /** PostgreSQL's major version of the newest segment that was looked at; null when it is not known. */
  major: number | null;
  segmentBytes: number;
  /** Whether a header said so; else it is told by the sizes of files. */
  segmentBytesKnown: boolean;
  segments: number;
  /** Of all files, as stored. */
  bytes: number;
  timelines: WalTimeline[];
  gaps: WalGap[];
  /** Where base backups began, by the small texts the server archives after them. */
  backups: { file: string; timeline: number; lsn: string; modified: string }[];
  /** The same segment in several files, for example compressed and plain. */
  duplicates: { segment: string; files: string[] }[];
  /** Timelines of other clusters, with the file that shows it. */
  foreign: { timeline: number; file: string; systemIdentifier: string }[];
  /** By the day (UTC) on which files were written to the archive. */
  days: { day: string; segments: number; bytes: number }[];
  /** Files that are no WAL. */
  others: string[];
  /** What was seen to be wrong in the few files that were opened. */
  faults: WalFault[];
}
