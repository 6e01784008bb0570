/** A stretch of the write-ahead log on one timeline. */
export interface WalRange {
  timeline: number;
  /** `0/2000028`. */
  start: string;
  end: string;
}

/** How a base backup lies on the disk: a data directory, or the tar files pg_basebackup makes of it. */
export type Layout = 'plain' | 'tar';

/** Compression of tar files; `none` for a data directory. */
export type Wrapping = 'none' | 'gzip' | 'lz4' | 'zstd';

/** A base backup as its own files tell it, with or without a manifest of ours. */
export interface BaseFacts {
  layout: Layout;
  compression: Wrapping;
  label: string;
  /** As the server wrote it, in its own zone. */
  startedAt: string;
  startLsn: string;
  /** Where its recovery has to end at least; null where the backup has no manifest. */
  stopLsn: string | null;
  timeline: number;
  /** Null where only the control file inside of a tar file knows (before 17). */
  systemIdentifier: string | null;
  /** Major release of the server; null where only a tar file's end knows. */
  major: number | null;
  from: 'primary' | 'standby';
  /** Of an incremental backup: the start of the one it was taken against. */
  incrementalFrom: { lsn: string; timeline: number } | null;
  tablespaces: { oid: number; location: string }[];
  /** WAL that a recovery from it needs at least; empty where it has no manifest. */
  walRanges: WalRange[];
  /** It has a `backup_manifest`. */
  hasManifest: boolean;
}

/** What is wrong with a base backup; `entry` is the file it is about. */
export interface BaseFault {
  what: string;
  entry: string | null;
  offset: number | null;
}
