/** A setting that archiving depends on, as `pg_settings` has it. */
export interface ServerSetting {
  name: string;
  /** In force; null where the role may not see it. */
  value: string | null;
  /** What it will be after a restart; absent unless one is waited for, null where that cannot be seen. */
  pending?: string | null;
  /** Changing it needs a restart, not only a reload. */
  needsRestart: boolean;
  /** Where the value comes from: `default`, `configuration file`, `command line`, … */
  source: string;
  /** The file it is set in; null where it is set in none, or the role may not see it. */
  file: string | null;
  /** The role may ALTER SYSTEM SET it. */
  mayAlter: boolean;
}

/** `pg_stat_archiver`; ages are by the server's clock. */
export interface ArchiverFacts {
  archived: number;
  failed: number;
  lastArchived: string | null;
  /** ISO 8601. */
  lastArchivedAt: string | null;
  /** Seconds. */
  lastArchivedAge: number | null;
  lastFailed: string | null;
  lastFailedAt: string | null;
  lastFailedAge: number | null;
  /** Nothing was archived since the last failure. */
  failing: boolean;
  /** ISO 8601: since when is counted. */
  since: string | null;
}

/** A replication slot. */
export interface ReplicationSlot {
  name: string;
  kind: 'physical' | 'logical';
  /** Of a logical slot. */
  database: string | null;
  active: boolean;
  temporary: boolean;
  restartLsn: string | null;
  /** Bytes of WAL from there to the present place; null where it holds none. */
  held: number | null;
  /** `reserved`, `extended`, `unreserved`, `lost`; null where it holds no WAL. */
  walStatus: string | null;
  /** Bytes until it may lose WAL; null without a limit. */
  safe: number | null;
  /** Why the server gave it up; 17 and later. */
  invalidation: string | null;
  /** ISO 8601: since when nobody uses it; 17 and later. */
  inactiveSince: string | null;
}

/** What could not be read because the role lacks a right. */
export interface MissingRight {
  /** What is not known because of it. */
  of: 'waiting' | 'wal' | 'files';
  /** What has to be granted. */
  needs: string;
}

/** How a server archives its WAL, as a role sees it: plain data. */
export interface ArchivingState {
  major: number;
  user: string;
  superuser: boolean;
  systemIdentifier: string | null;
  inRecovery: boolean;
  /** The present place in the WAL. */
  lsn: string | null;
  segmentBytes: number;
  settings: ServerSetting[];
  /** `allow_alter_system`; 17 and later, else true. */
  allowsAlterSystem: boolean;
  archiver: ArchiverFacts;
  /** Bytes written to the WAL behind the last archived segment; null before the first. */
  notArchived: number | null;
  /** Segments that wait to be archived, and the age in seconds of the one that waits longest; null: may not be asked. */
  waiting: { files: number; oldestAge: number | null } | null;
  /** Files of pg_wal; null: may not be asked. */
  wal: { files: number; bytes: number } | null;
  /** Bytes of WAL a day, since its statistics were reset; null where that is not known. */
  walPerDay: number | null;
  maxSlotWalKeepBytes: number | null;
  slots: ReplicationSlot[];
  senders: { used: number; most: number };
  rights: MissingRight[];
}

/** Something a person should know, worst first. */
export interface ArchivingNotice {
  /** `archiving.failing`, `slot.lost`, … */
  code: string;
  level: 'error' | 'warning' | 'info';
  text: string;
  /** What to do; absent where nothing need be done. */
  next?: string;
  /** Which slot it is about. */
  slot?: string;
}

/** In one word. */
export type ArchivingCondition =
  /** `archive_mode` is off. */
  | 'off'
  /** It is a standby that leaves archiving to its primary. */
  | 'standby'
  /** A restart is waited for. */
  | 'restart'
  /** It is on, and nothing says how to archive. */
  | 'noCommand'
  /** The last attempt failed. */
  | 'failing'
  /** Nothing was archived yet. */
  | 'waiting'
  | 'working';

/** A state judged. */
export interface ArchivingReport {
  condition: ArchivingCondition;
  /** The condition in a sentence. */
  text: string;
  notices: ArchivingNotice[];
  state: ArchivingState;
}

/** A setting that has to become another. */
export interface SettingChange {
  name: string;
  now: string | null;
  then: string;
  needs: 'restart' | 'reload';
  /** Why ALTER SYSTEM cannot change it, a sentence; absent where it can. */
  outOfReach?: string;
}

/** What has to change for archiving, and how. */
export interface ArchivingSetup {
  changes: SettingChange[];
  /** In order, without semicolons. Empty where nothing has to change. */
  statements: string[];
  /** A restart is needed to make it work, also for what was set before. */
  restart: boolean;
  /** The command that restarts it, to be run as the server's user; null where its directory may not be asked. */
  restartCommand: string | null;
  notices: ArchivingNotice[];
}
