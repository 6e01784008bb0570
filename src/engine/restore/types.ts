import type { Contents, Entry } from '../archive';
import type { Evidence, Manifest, Recognised } from '../artifacts/types';
import type { Access } from '../connections/types';
import type { Plan, RestoredTable, Step, UserCheck, Warning } from '../plan';
import type { GitState } from '../points';
import type { Answers } from '../tools';
import type { ClientBuild } from '../tools/types';
import type { Target } from './target';

/**
 * `new`: into a database made for it. `replace`: beside the old database, then the names are swapped and the
 * old one stays as a restore point. `in-place`: into the database that is there.
 */
export type StrategyName = 'new' | 'replace' | 'in-place';

/** Answers to pg_restore's options by long flag without dashes; for scripts only `single-transaction`. */
export type RestoreOptions = Answers;

/** Some of a backup's entries. */
export interface Picked {
  /** By id, or as a person names them (`app.orders`, `VIEW app.*`). What belongs to them comes with them. */
  entries: (number | string)[];
  /** What they need and the target lacks is restored too. Default true. */
  dependencies?: boolean;
  /** Rows and large objects too. Default true. */
  rows?: boolean;
  /**
   * What becomes of objects of the same names in a database that is there. `add` (the default): they stay as they are.
   * `replace`: they are dropped and made again. `beside`: tables come beside them, as `orders_restored`.
   */
  existing?: 'add' | 'replace' | 'beside';
}

/** Other names for what a backup holds, by the old ones. */
export interface Renaming {
  schemas?: Record<string, string>;
  owners?: Record<string, string>;
  tablespaces?: Record<string, string>;
}

/** What is left to do of a restore that went into the same database before. What is there stays; nothing is dropped. */
export interface Resumed {
  /** Ids of the entries that failed and of what needs them. Absent: it broke off, and whatever is missing is restored. */
  failed?: number[];
  /** Ids of entries that are there, but without their owner, privileges or comment: those are set again. */
  mend?: number[];
  /** What failed because something of its name is there replaces that. */
  replace?: boolean;
}

export interface RestoreRequest {
  /** Path of the backup: a file, or the folder of a directory dump or a set. */
  artifact: string;
  /**
   * Where it goes. A set or a cluster script brings its own databases: absent or `*` there, or one of the
   * set's databases to restore only that one.
   */
  database?: string;
  strategy: StrategyName;
  options?: RestoreOptions;
  /** A script's own psql commands may run; they can do what the user can, run programs too. */
  allowMetaCommands?: boolean;
  /** Failures are reported and do not end the restore; what was made is kept. */
  tolerant?: boolean;
  /** With `replace`: what was restored is checked as a rehearsal does before it takes the name; the result is evidence. */
  rehearse?: boolean;
  /** The user's own checks for that. */
  checks?: UserCheck[];
  /** Only these entries. */
  pick?: Picked;
  rename?: Renaming;
  /** Extensions that are left out, with what needs them. */
  withoutExtensions?: string[];
  /** Settings that functions are made without. */
  withoutSettings?: string[];
  /** Lines of a script (counted from 1) that are not run: each a statement of its own that sets a setting. */
  withoutLines?: number[];
  /** The client programs to use where they can do it: `buildKey` of theirs. */
  client?: string;
  /** An earlier restore into this database is gone on with. */
  resume?: Resumed;
  /** Roles that are made first, unable to log in and without passwords. */
  createRoles?: string[];
  /** Path of the globals kept with the backup: the roles are made as they are there, with their passwords. */
  rolesFrom?: string;
  /** The estimate says that there is too little room, and a person knows better. */
  ignoreRoom?: boolean;
  /** Sessions on the target database may be ended where a step has to be alone with it. */
  endSessions?: boolean;
  /** How what is there is kept before it is changed in place. Default `auto`: the cheapest that is possible. */
  safety?: 'auto' | 'clone' | 'dump' | 'none';
}

export interface RestoreContext {
  /** The way into the target server. */
  access: Access;
  builds: ClientBuild[];
  now: Date;
  signal?: AbortSignal;
  /** Where a dump goes that is kept as a restore point; absent: the folder for backups. */
  folder?: string;
  /** By how much rows of a table may fall, 0 … 1, before such a dump looks wrong. Absent: by half. */
  rowsMayFall?: number;
  /** Restores that went well, the newest first. */
  past?: PastRestore[];
  /** Where the work tree stands, for what is kept. */
  git?: GitState | null;
  /** Cores of this machine, for the number of jobs; asked of the system when absent. */
  cores?: number;
}

/** A restore that went well. */
export interface PastRestore {
  /** Path of the backup. */
  artifact: string;
  /** Of the backup. */
  bytes: number;
  durationMs: number;
  /** ISO 8601. */
  at: string;
}

/** A backup looked at. */
export interface Source {
  path: string;
  recognised: Recognised;
  /** Of archives and scripts; null for sets. */
  contents: Contents | null;
  manifest: Manifest | null;
  evidence: Evidence | null;
  /** Path of the script of roles and tablespaces that was kept with it. */
  globals: string | null;
  bytes: number;
}

/** Everything a strategy decides upon. */
export interface Restoring {
  request: RestoreRequest;
  context: RestoreContext;
  source: Source;
  target: Target;
}

/** What a strategy contributes to the plan. */
export interface PlanParts {
  /** `*` when there are several. */
  database: string;
  steps: Step[];
  onFailure: Step[];
  destroys: string[];
  wayBack: string | null;
  warnings: Warning[];
  /** Contents entries that are to be restored; null when they cannot be told beforehand. */
  entries: number | null;
  /** The entries, where they are not all. */
  chosen?: Entry[];
  facts?: Plan['facts'];
  /** As in the plan. */
  ifItFails?: string;
  checked?: Warning[];
  /** The dump that is kept of what is there before it is changed. */
  safety?: Pick<Plan, 'artifact' | 'connections' | 'locks'>;
}

/** One way of restoring: one file, one line in `strategies.ts`. */
export interface RestoreStrategy {
  name: StrategyName;
  plan(restoring: Restoring): Promise<PlanParts>;
}

/** How the content of one backup file gets into one database. */
export interface Filling {
  steps: Step[];
  warnings: Warning[];
  entries: number;
  /** Whether counting rows afterwards says anything: not after `schema-only`, filters, or rows added to rows. */
  countable: boolean;
  /** The entries, where they are not all. */
  chosen?: Entry[];
  /** The tables whose rows were restored, where that are not all. */
  tables?: RestoredTable[];
  /** What is lost by it; absent: what has the names of the backup's objects. */
  destroys?: string[];
  checked?: Warning[];
}

export interface FillRequest {
  restoring: Restoring;
  /** The file; for sets one member of it. */
  source: Source & { contents: Contents };
  database: string;
  /** The database was there before. */
  inPlace: boolean;
}
