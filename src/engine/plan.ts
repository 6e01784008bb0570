import type { Renames } from './archive/types';
import type { CompareOptions, Side } from './compare/types';
import type { Connection, ResolvedConnection } from './connections/types';
import type { ArtifactDraft } from './artifacts/types';
import type { RestoreRequest } from './restore/types';
import type { ClientBuild, ToolName } from './tools/types';

/**
 * What will run, as plain data without secrets: it can be shown, tested, logged, put in a cron line,
 * and is what the runner reads from the job's folder.
 */
export interface Plan {
  version: 1;
  /** `restoreFiles`: a base backup into a folder; there is no server yet. */
  kind:
    | 'backup'
    | 'restore'
    | 'restoreFiles'
    | 'rehearsal'
    | 'restorePoint'
    | 'compare'
    | 'copyOut'
    | 'copyIn'
    | 'receiveWal';
  /** One line for trees and logs: `Back up shop_dev`, `Restore shop_dev.dump into shop_copy`. */
  title: string;
  /** It runs until it is cancelled: it takes no slot from jobs that end. */
  unending?: true;
  /** Connections the steps name by key (`source`, `target`). */
  connections: Record<string, ResolvedConnection>;
  /** Run in order; the first that fails ends the job. */
  steps: Step[];
  /** Run, all of them, when a step fails or the job is cancelled: what takes half-made things away. */
  onFailure: Step[];
  locks: LockTarget[];
  /** The backup this makes. */
  artifact?: ArtifactDraft;
  /** The backup this restores: its path. */
  restores?: string;
  /** What a restore was asked for: the same, with a fix, is asked for again. */
  request?: RestoreRequest;
  /** What is lost when it runs, in sentences; empty for a plan that destroys nothing. */
  destroys: string[];
  /** What is true when it fails or is cancelled, a sentence: `shop is as it was.` */
  ifItFails?: string;
  /** How to take it back, in a sentence; null where nothing needs taking back. */
  wayBack: string | null;
  warnings: Warning[];
  /** What was looked at beforehand and is fine, in sentences: the room on the disk, the roles, the encoding. */
  checked?: Warning[];
  estimate: Estimate;
  /** Facts the final report repeats as they are (method, format, strategy, database, …). */
  facts: Record<string, string | number | boolean | null>;
}

export interface Warning {
  code: string;
  text: string;
  /** The job would fail because of it: it is not started before one of the `fixes` was chosen. */
  blocks?: boolean;
  /** What a person can press, each a change of the request the plan was made from. */
  fixes?: Fix[];
}

/** One remedy of a warning. The caller merges `set` into its request (objects by key) and plans again. */
export interface Fix {
  /** Stable: `createRoles`, `noOwner`, `endSessions`, … */
  id: string;
  /** The button: `Create Roles`. */
  label: string;
  /** Part of the request. */
  set: Record<string, unknown>;
  /**
   * What it is for when what was restored is kept, so that only what failed is restored, with it. Absent: it changes
   * a restore as a whole, which is then made again. `only`: it does not change one.
   */
  mends?: 'too' | 'only';
}

export interface Estimate {
  /** Bytes the artifact or database will take, null when unknown. */
  bytes: number | null;
  /** Bytes free where it goes, null when it cannot be asked. */
  freeBytes: number | null;
  durationMs: number | null;
  /** How it was estimated, a sentence. */
  basis: string;
}

/** One database at a time: `server` is a stable key of host, port; `database` is `*` for the whole server. */
export interface LockTarget {
  server: string;
  database: string;
}

interface StepBase {
  /** What a person reads while it runs: `Dump shop_dev`. */
  title: string;
  /** Share of the job's whole, in any unit (bytes of relations, say); progress is weighted by it. */
  weight: number;
}

/** A relation whose rows move in a step, for honest progress. */
export interface Relation {
  schema: string;
  name: string;
  /** Bytes on disk or in the archive. */
  bytes: number;
  /** Estimated rows, null when never analysed. */
  rows: number | null;
}

/** Runs one PostgreSQL client program. Connection arguments are added at run time (a tunnel's port is not known before). */
export interface ToolStep extends StepBase {
  do: 'tool';
  tool: ToolName;
  build: ClientBuild;
  /** Why it is this build, in sentences. */
  reasons?: string[];
  /** Builds that can do it too. */
  others?: ClientBuild[];
  /** Arguments other than the connection's. */
  args: string[];
  /** Key into `Plan.connections`. Absent: the program needs no server. */
  connection?: string;
  /** Which database the connection arguments name. */
  database?: string;
  /** File fed to standard input; recognised wrappers (gzip, zstd, lz4, UTF-16) are taken off on the way. */
  stdin?: string;
  /** Fed to standard input instead of `stdin`: parts of a dump as a script, made while it runs. */
  emit?: Emission;
  /** Ids of the only entries pg_restore restores (`--use-list`). */
  list?: number[];
  /** File standard output goes to, hashed on the way. Absent: the program writes its file itself. */
  stdout?: string;
  /** File or folder the program writes by itself; watched for its size, removed on failure. */
  writes?: string;
  /** How its messages are read for progress and verdicts. */
  dialect: 'pg_dump' | 'pg_dumpall' | 'pg_restore' | 'psql' | 'pg_basebackup' | 'pg_combinebackup';
  /** Further folders it writes by itself, removed on failure as `writes` is. */
  alsoWrites?: string[];
  relations?: Relation[];
  /** pg_restore and psql report errors and go on; `tolerant` leaves the verdict to the failure doctor. */
  tolerant?: boolean;
  /** With `tolerant`: messages with the verdict `failed` do not end the job either; a person asked for what can be had. */
  keepGoing?: boolean;
  /**
   * Lines of `stdin` (counted from 1, after the wrapper is off) fed as empty lines: settings the target
   * does not know. Line numbers in the tool's messages stay true.
   */
  omitLines?: number[];
  /** The script is run as it was written: nothing of it can be left out by a choice. */
  asWritten?: true;
}

/** Parts of a dump as psql gets them; see `emitScript` of the archives. */
export interface Emission {
  /** Path of the dump. */
  path: string;
  entries: number[];
  renames?: Renames;
  before: string[];
  after: string[];
  owners: boolean;
  tablespaces: boolean;
  /** Settings that functions are made without. */
  withoutSettings?: string[];
  /** Settings of the script's head that the server does not know. */
  unknown: string[];
}

/** Statements run one by one by our own client, each outside a transaction block. */
export interface SqlStep extends StepBase {
  do: 'sql';
  connection: string;
  database: string;
  statements: string[];
  /** Failures are logged, not fatal (used in `onFailure`). */
  tolerant?: boolean;
  /**
   * In `onFailure`: skipped unless `Plan.steps[onlyAfter]` was done. What undoes a step must not run when
   * that step itself was refused: a database somebody else made meanwhile is not ours to drop.
   */
  onlyAfter?: number;
}

/** `COPY (query or table) TO STDOUT` streamed into a file. */
export interface CopyOutStep extends StepBase {
  do: 'copyOut';
  connection: string;
  database: string;
  /** The whole COPY statement, ending in `TO STDOUT …`. */
  statement: string;
  path: string;
  relations?: Relation[];
}

/** A file streamed into `COPY table FROM STDIN`, in one transaction. */
export interface CopyInStep extends StepBase {
  do: 'copyIn';
  connection: string;
  database: string;
  statement: string;
  path: string;
}

/** Checksums, sync, rename to the final names, manifest last. */
export interface FinishArtifactStep extends StepBase {
  do: 'finishArtifact';
  /** How far the finished artifact is read back before it is called a backup; `none` is for base backups. */
  verify: 'none' | 'checksum' | 'contents';
  /** By how much rows of a table may fall, 0 … 1, before the backup looks wrong. Absent: by half. */
  rowsMayFall?: number;
}

/** Counts what a restore brought (relations and rows by entry) against what the archive holds. */
export interface CountRestoredStep extends StepBase {
  do: 'countRestored';
  connection: string;
  database: string;
  /** The file whose rows are compared with; a set has several. Absent: `Plan.restores`. */
  archive?: string;
  /** Absent: all tables of the file. */
  tables?: RestoredTable[];
}

/** A table of a backup, and where its rows went. */
export interface RestoredTable {
  schema: string;
  name: string;
  /** Absent: the same. */
  as?: { schema: string; name: string };
}

/** A database that is told by its own comment. */
interface PointFacts {
  of: string;
  reason: 'manual' | 'restore' | 'back';
  note: string;
  git: { branch: string | null; commit: string } | null;
}

/**
 * Gives `name` to another database, in one transaction; the one that has it now is put aside and says of itself
 * whose state it is. The job's result gets `undo`, the name under which it is kept.
 */
export interface SwapStep extends StepBase {
  do: 'swap';
  connection: string;
  /** Where the statements run: neither of the two. */
  database: string;
  name: string;
  /** The database that takes the name. */
  next: string;
  point: PointFacts;
  /** `next` was restored from a dump: it gets owner, settings, privileges, … of the one that had the name. */
  carry: boolean;
  /** Sessions on either may be ended; else a session there is a failure. */
  endSessions: boolean;
}

/** Copies a database on the server (`CREATE DATABASE … TEMPLATE`), with what belongs to the database itself. */
export interface CloneStep extends StepBase {
  do: 'clone';
  connection: string;
  /** Where the statements run. */
  database: string;
  source: string;
  /** The new database; absent: a name with the time is chosen when it runs, and the job's result gets it as `undo`. */
  as?: string;
  point: PointFacts;
  /** A restore or a way back goes on with it; it is no restore point by itself. */
  halfMade?: boolean;
  endSessions: boolean;
}

/** Drops a database, but only one that says of itself that it is ours. */
export interface DropPointStep extends StepBase {
  do: 'dropPoint';
  connection: string;
  /** Where the statement runs. */
  database: string;
  name: string;
  /** Sessions on it are ended. */
  endSessions: boolean;
  /** One without any comment too: a person named it, and its name is one that we give. */
  unmarked?: boolean;
  /** As in `SqlStep`. */
  onlyAfter?: number;
}

/** A query of the user's own: fine when it gives no rows, or a single true. */
export interface UserCheck {
  name: string;
  sql: string;
  /** Of a whole cluster: the database it is made in. Absent: each of the users' own. */
  database?: string;
}

/** Checks a restored database as a rehearsal does, and keeps the result as the backup's evidence. */
export interface CheckRestoredStep extends StepBase {
  do: 'checkRestored';
  connection: string;
  database: string;
  /** Path of the backup. */
  artifact: string;
  /** Entries that were to be restored. */
  entries: number;
  checks: UserCheck[];
}

/** Makes a cluster of its own in a new folder and starts it: reached by a socket in that folder only. */
export interface StartClusterStep extends StepBase {
  do: 'startCluster';
  /** Named as what is half-made is, so that it is taken away whatever happens. */
  folder: string;
  /** Has initdb and postgres. */
  build: ClientBuild;
  /** Key into `Plan.connections`: the way into it. */
  connection: string;
}

/** Ends a cluster that `startCluster` started, and removes it. */
export interface StopClusterStep extends StepBase {
  do: 'stopCluster';
  folder: string;
}

/**
 * A data directory that was restored only to be tried recovers with nobody let in (`postgres --single`), and gets a superuser for
 * what comes after. It is shut down cleanly then.
 */
export interface RecoverCopyStep extends StepBase {
  do: 'recoverCopy';
  /** For its socket, and what it writes beside the data. Named as what is half-made is. */
  folder: string;
  /** The data directory. */
  data: string;
  build: ClientBuild;
  /** The superuser. */
  role: string;
  /** Path of the backup: what is wrong is kept as its evidence. */
  artifact: string;
}

/** Compares every page of a data directory that was shut down with its checksum, where pages have one. */
export interface CheckPagesStep extends StepBase {
  do: 'checkPages';
  folder: string;
  data: string;
  build: ClientBuild;
}

/** Starts what `recoverCopy` recovered, reached by a socket in its folder only. It ends with `stopCluster`. */
export interface StartCopyStep extends StepBase {
  do: 'startCopy';
  folder: string;
  data: string;
  build: ClientBuild;
  /** Key into `Plan.connections`: the way into it. */
  connection: string;
  artifact: string;
}

/** Checks every database of a whole cluster as a rehearsal does, and keeps the result as the backup's evidence. */
export interface CheckClusterStep extends StepBase {
  do: 'checkCluster';
  connection: string;
  /** Of the first look: the others are found there. */
  database: string;
  artifact: string;
  checks: UserCheck[];
  /** Indexes are compared with their tables row by row, too. */
  heapAllIndexed: boolean;
}

/** A tablespace of a cluster that is put together: its folder while that is done, and in the end. */
export interface PlacedTablespace {
  oid: number;
  folder: string;
  final: string;
}

/** Copies or unpacks a base backup into a new folder, as a data directory whose tablespaces are linked. */
export interface PlaceBackupStep extends StepBase {
  do: 'placeBackup';
  /** Path of the backup. */
  from: string;
  folder: string;
  tablespaces: PlacedTablespace[];
}

/** Compares every file of a base backup, or of what was made of one, with its `backup_manifest`. */
export interface CheckBackupStep extends StepBase {
  do: 'checkBackup';
  folder: string;
  /** The WAL that it needs has to be in it. */
  wal: boolean;
  /** Path of the backup, where damage is kept as its evidence: of a rehearsal. */
  artifact?: string;
}

/** Makes a data directory that was put together ready to be started, and gives it its final name. */
export interface SettleBackupStep extends StepBase {
  do: 'settleBackup';
  folder: string;
  final: string;
  tablespaces: PlacedTablespace[];
  as: 'primary' | 'standby';
  /** Settings for `postgresql.auto.conf`: `primary_conninfo`, `restore_command`. */
  settings: Record<string, string>;
  /** Recovery takes WAL from an archive. */
  recovers: boolean;
  /** Further small files in it, by their names. */
  files?: Record<string, string>;
}

/** Takes away what was needed in between; only what says so by its name (`….partial`). */
export interface DiscardStep extends StepBase {
  do: 'discard';
  folder: string;
}

/** Starts a cluster by pg_ctl; it goes on when the job has ended. */
export interface StartDirectoryStep extends StepBase {
  do: 'startDirectory';
  build: ClientBuild;
  folder: string;
  port: number;
  /** Where its socket is; it listens nowhere else. */
  socketFolder: string;
  /** Whoever can open the socket is let in, and only the owner of the cluster can. */
  onlyOwner?: true;
}

/** Opens a recovered cluster for writing, or stops it; or stops it, deletes its folder and tablespaces, and forgets its connections. */
export interface ControlClusterStep extends StepBase {
  do: 'controlCluster';
  build: ClientBuild;
  folder: string;
  action: 'promote' | 'remove' | 'stop';
}

/** Gives a recovered cluster that is stopped another target: settings that take the place of those of the same kind. */
export interface SetTargetStep extends StepBase {
  do: 'setTarget';
  folder: string;
  settings: Record<string, string>;
  files: Record<string, string>;
}

/** Waits until a cluster that replays WAL stands at its target. */
export interface ReachTargetStep extends StepBase {
  do: 'reachTarget';
  connection: string;
  database: string;
  /** The data directory. */
  folder: string;
  /** Where the replay begins and about where it ends, for progress. */
  from: string;
  to: string;
  /** It stops at the target and waits; else it is opened when all WAL was replayed. */
  pauses: boolean;
  /** Kept among the connections when it stands there. */
  keepAs?: Connection;
}

/**
 * Copies a data directory whose cluster is shut down into the backup that the plan makes, with its tablespaces and the WAL it
 * needs, and lists all with checksums.
 */
export interface CopyClusterStep extends StepBase {
  do: 'copyCluster';
  directory: string;
}

/**
 * Between `pg_backup_start` and `pg_backup_stop` of one session: the data directory of a running server is copied into the
 * backup that the plan makes, by a command or by ourselves; then the WAL that it needs is waited for.
 */
export interface CopyOnlineStep extends StepBase {
  do: 'copyOnline';
  connection: string;
  database: string;
  /** The data directory, as who copies finds it. */
  directory: string;
  /** Where the copy is made, as what is half-made is named. */
  folder: string;
  tablespaces: { oid: number; location: string; folder: string }[];
  /** For the shell; `%source` and `%target` stand for folders. Null: our own copy. */
  command: string | null;
  label: string;
  /** The checkpoint is not spread. */
  fast: boolean;
  /** Folder that WAL is archived in; null: the server is asked whether it has archived. */
  walFrom: string | null;
  /** Longest that WAL is waited for. */
  walSeconds: number;
}

/** Receives WAL into a folder by pg_receivewal, again after each loss of the connection, until the job is cancelled. */
export interface ReceiveWalStep extends StepBase {
  do: 'receiveWal';
  connection: string;
  database: string;
  build: ClientBuild;
  /** The archive. */
  folder: string;
  slot: string;
  /** It is made where it is not there; what was made goes again when nothing at all could be received. */
  createSlot: boolean;
  /** Of the server; null where it may not be asked. */
  systemIdentifier: string | null;
  /** Arguments other than the connection's. */
  args: string[];
  /** Bytes a slot may hold back before it is warned of. */
  mostHeld: number;
}

/** Stops a cluster's server, to be started again as it was; nothing where none runs. */
export interface StopServerStep extends StepBase {
  do: 'stopServer';
  build: ClientBuild;
  directory: string;
}

/** Starts a server that `stopServer` stopped; nothing where it did not, or where it runs again. */
export interface StartServerStep extends StepBase {
  do: 'startServer';
  build: ClientBuild;
  directory: string;
}

/** Deletes a backup with its manifest and companions, as the tree does. */
export interface DeleteArtifactStep extends StepBase {
  do: 'deleteArtifact';
  path: string;
}

/** Compares two sides; the differences go into a file. */
export interface CompareStep extends StepBase {
  do: 'compare';
  left: Side;
  right: Side;
  options: CompareOptions;
  /** The comparison's file; a folder for it is made. */
  path: string;
  /** Clients that can read the live sides' definitions. */
  builds: ClientBuild[];
  /** Shown for databases, by the connection's key. */
  titles: Record<string, string>;
  /** The command that does it again. */
  command: string | null;
}

export type Step =
  | PlaceBackupStep
  | CheckBackupStep
  | DiscardStep
  | SettleBackupStep
  | StartDirectoryStep
  | SetTargetStep
  | ReachTargetStep
  | ControlClusterStep
  | CopyClusterStep
  | CopyOnlineStep
  | ReceiveWalStep
  | StopServerStep
  | StartServerStep
  | CompareStep
  | SwapStep
  | CloneStep
  | DropPointStep
  | DeleteArtifactStep
  | CheckRestoredStep
  | StartClusterStep
  | StopClusterStep
  | RecoverCopyStep
  | CheckPagesStep
  | StartCopyStep
  | CheckClusterStep
  | ToolStep
  | SqlStep
  | CopyOutStep
  | CopyInStep
  | FinishArtifactStep
  | CountRestoredStep;

/** Whether a connection leads to a server that the plan itself starts: before that nobody can go there. */
export function isOwnServer({ steps }: Plan, key: string): boolean {
  return steps.some(
    (step) =>
      (step.do === 'startCluster' || step.do === 'startCopy' || step.do === 'reachTarget') &&
      step.connection === key,
  );
}
