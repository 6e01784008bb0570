/** Where the work tree stood when a restore point was made. */
export interface GitState {
  branch: string | null;
  /** Full hash. */
  commit: string;
}

/**
 * A state of a database that can be gone back to: a database kept beside it (a clone, or what a replace put
 * aside), or a dump. Kept databases say so themselves, in their comment on the server, so that nothing is lost
 * with this machine's state; dumps say it in their manifest.
 */
export interface RestorePoint {
  /** What `undo` and `restore-point back` take: the kept database's name, or the dump's path. */
  id: string;
  /** The database it is a state of. */
  of: string;
  kind: 'database' | 'dump';
  /** `manual`: asked for. `restore`: before a restore. `back`: before an undo or a way back. */
  reason: 'manual' | 'restore' | 'back';
  /** ISO 8601. */
  createdAt: string;
  /** On disk; null where it cannot be asked. */
  bytes: number | null;
  note: string;
  git: GitState | null;
  /** What an interrupted job left: nobody can go back to it, it can only be removed. */
  unfinished?: true;
}
