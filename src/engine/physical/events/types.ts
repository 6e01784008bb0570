/** A database as the WAL names it; the name where it could be found out. */
export interface EventDatabase {
  oid: number;
  name: string | null;
}

/** What a transaction did to a relation, or to a database, that one may want back. */
export interface EventEffect {
  /** `drop` and `truncate` give files away; `delete` marks many rows; `dropDatabase` is of all its relations. */
  kind: 'drop' | 'truncate' | 'delete' | 'dropDatabase';
  /** The relation's OID where it is known, else the file that was lost or written; of `dropDatabase` the database's. */
  oid: number | null;
  /** Null of what has no file of its own: views, partitioned tables, databases. */
  fileNode: number | null;
  schema: string | null;
  name: string | null;
  /** Of `delete`: those that were seen in the WAL that was read. */
  rows: number | null;
}

/** A committed transaction, or a place that was named, in the order of the WAL. */
export type WalEvent =
  | {
      kind: 'commit';
      xid: string;
      /** Where its commit record begins: recovering to just before this place leaves it out. */
      lsn: string;
      /**
       * Where to stop, just before it, so that what it took can be read from a cluster that is paused there: before its first
       * exclusive lock, which a paused cluster keeps; before files of a database were deleted. Else the same as `lsn`.
       */
      before: string;
      /** Of the commit, ISO 8601 with microseconds. */
      time: string;
      timeline: number;
      database: EventDatabase | null;
      /** Empty: nothing that is lost by it. */
      effects: EventEffect[];
      /** Effects that are left out of a very long list. */
      more?: number;
    }
  | { kind: 'restorePoint'; name: string; lsn: string; time: string; timeline: number };

/** A place in the WAL, or a time with zone (ISO 8601). */
export type ScanPlace = { lsn: string } | { time: string };

/** What to look for, and where. */
export interface ScanRequest {
  /** Its path is followed through those it came from. Default: the newest. */
  timeline?: number;
  /** Default: all there is. */
  from?: ScanPlace;
  to?: ScanPlace;
  /** Only what takes something away, and restore points. */
  losses?: boolean;
  /** Deletions of fewer rows are no effect. Default 1. */
  leastRows?: number;
}

/** How far a scan has come. */
export interface ScanProgress {
  lsn: string;
  /** 0 to 1. */
  share: number;
  events: number;
}

/** Names by other means than the WAL and a backup: a live server. */
export interface LiveNames {
  database(oid: number): Promise<string | null>;
  /** A relation that still exists, by its OID or its file; null for one that does not. */
  relation(
    database: EventDatabase,
    by: { oid: number } | { fileNode: number },
  ): Promise<{ oid: number; schema: string; name: string } | null>;
}

/** What a scan read. */
export interface Scanned {
  timeline: number;
  /** First byte that was read, and the first after what was. */
  from: string;
  to: string;
  segments: number;
  records: number;
  /** Decompressed. */
  bytes: number;
  events: number;
  /** Path of the backup that names were taken from. */
  namesFrom: string | null;
  /** Segments that are missing between those that were read. */
  missing: { first: string; last: string }[];
  /** Where a segment could not be read to its end; events behind that place in it are not known. */
  unread: { file: string; lsn: string | null; what: string }[];
  /** Where the clock of the server went back: a time from `to` to `from` is there twice. At most 100. */
  clockBack: { lsn: string; from: string; to: string }[];
}
