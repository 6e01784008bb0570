import type { ErrorFacts } from '../../errors';
import type { BackupSet } from '../sets';

/** A moment a recovery ends at; the manual's "Recovery Target" settings. */
export type RecoveryTarget =
  /** All WAL there is. */
  | { kind: 'latest' }
  /** The end of the backup, as soon as it is consistent. */
  | { kind: 'immediate' }
  /** ISO 8601 with zone. */
  | { kind: 'time'; time: string }
  | { kind: 'lsn'; lsn: string }
  /** A transaction id, as pg_current_xact_id() prints it. */
  | { kind: 'xid'; xid: string }
  /** Of pg_create_restore_point(). */
  | { kind: 'name'; name: string };

/** One end of what can be reached. */
export interface RecoveryEnd {
  lsn: string;
  /** ISO 8601; by the clocks of the server and of the archive. */
  time: string;
}

/** What a backup and the WAL behind it lead to, without a gap. */
export interface RecoveryWindow {
  set: BackupSet;
  /** The timeline that is followed to its end. */
  timeline: number;
  /** The end of the backup: nothing before it can be reached from it. */
  from: RecoveryEnd;
  to: RecoveryEnd;
  /** Name of the segment that is missing, where others follow behind it. */
  stopsAt: string | null;
}

export interface TargetChoice {
  target: RecoveryTarget;
  /** Stop before it. */
  exclusive?: boolean;
  /** Absent: the newest timeline that leads to it. */
  timeline?: number;
  /** Path of the backup to begin with. Absent: the newest that fits. */
  from?: string;
}

/** The windows whose end lies before a target and whose begin lies after it, with that place or time; null where there is none. */
export interface Nearest {
  before: { window: RecoveryWindow; at: string } | null;
  after: { window: RecoveryWindow; at: string } | null;
}

/** Where a target is reached from, or why it is not. */
export type Reach = { window: RecoveryWindow } | ({ window: null; error: ErrorFacts } & Nearest);
