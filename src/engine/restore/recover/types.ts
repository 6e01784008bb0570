import type { CopyWay, TargetChoice } from '../../physical';
import type { ClientBuild } from '../../tools/types';

/** A cluster of its own as it was at a moment: a base backup, and the WAL behind it. */
export interface RecoveryRequest extends TargetChoice {
  /** Folders with base backups, or base backups. */
  backups: string[];
  /** Folder of the WAL archive; absent: only what a backup brings with it. */
  wal?: string;
  /** The data directory: absolute, missing or empty. */
  directory: string;
  port: number;
  /** Default: the data directory. */
  socketFolder?: string;
  tablespaces?: Record<string, string>;
  way?: CopyWay;
  /** A superuser of the original. Default `postgres`. */
  user?: string;
  /** Listed under this name and id among the connections when it stands at its target; `of`: what it is a copy of. Absent: not listed. */
  keepAs?: { id: string; name: string; of: string };
}

export interface RecoveryContext {
  builds: ClientBuild[];
  now: Date;
  /** The `restore_command` that brings WAL from a folder. */
  fetchCommand(folder: string): string;
  signal?: AbortSignal;
}
