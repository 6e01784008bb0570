import type { BackupLevel, Evidence } from '../../artifacts/types';

/** One base backup, whoever keeps it: a folder of ours, or later a repository of another program. */
export interface BackupSet {
  /** `SYSTEM-IDENTIFIER/TIMELINE/START-LSN`. */
  id: string;
  /** Where it is: a path, or what its keeper calls it. */
  where: string;
  /** Who keeps it: `files`. */
  keeper: string;
  level: BackupLevel;
  /** Id of the backup it was taken against. */
  parent: string | null;
  /** Null where only the end of a tar file tells it. */
  systemIdentifier: string | null;
  timeline: number;
  startLsn: string;
  stopLsn: string | null;
  /** ISO 8601. */
  startedAt: string;
  /** ISO 8601, by the clock of whoever took it; null where nobody wrote it down. */
  stoppedAt: string | null;
  serverVersion: string | null;
  major: number | null;
  label: string;
  bytes: number;
  evidence: Evidence | null;
}

/** What a backup needs to be restored. */
export interface Chain {
  set: BackupSet;
  /** From the full backup to this one; what is missing is left out. */
  members: BackupSet[];
  /** Id of the parent that is not there, null when the chain is whole. */
  missing: string | null;
}

/** How pg_combinebackup brings unchanged files over. */
export type CopyWay = 'copy' | 'clone' | 'copy-file-range';

/** Reads the base backups of one kind of place: one file each, one line in `keepers`. */
export interface SetKeeper {
  name: string;
  /** Those below the places; what cannot be read is left out. */
  read(places: string[], options: { signal?: AbortSignal }): Promise<BackupSet[]>;
}
