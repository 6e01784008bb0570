import type { Access } from '../connections/types';
import type { BackupLevel, Format, Method } from '../artifacts/types';
import type { Plan } from '../plan';
import type { Answers } from '../tools';
import type { ClientBuild, ToolName } from '../tools/types';

export type { Answers } from '../tools';

/** How far a finished backup is read back before it is called one. */
export type VerifyLevel = 'checksum' | 'contents';

export type DumpFormat = Extract<Format, 'custom' | 'directory' | 'tar' | 'plain'>;
export type DumpallScope = 'all' | 'globals' | 'roles' | 'tablespaces' | 'schema' | 'data';
export type CopyFormat = Extract<Format, 'csv' | 'tsv' | 'binary'>;

export interface TableName {
  schema: string;
  name: string;
}

interface RequestBase {
  /** The tool's own options (pg_dump's or pg_dumpall's). */
  options?: Answers;
  /** Further arguments, given on as they are; those that fight with ours are refused. */
  extra?: string[];
  /** Free text kept in the manifest. */
  notes?: string;
  /** Absent: `contents` for small databases, else `checksum`. */
  verify?: VerifyLevel;
  /** Absolute final path; absent: a dated name in the context's folder. */
  path?: string;
  /** Go on although rights are missing (they become warnings; the tool will have the last word). */
  ignoreMissingRights?: boolean;
}

/** One database, or a part of it, by pg_dump. */
export interface DumpRequest extends RequestBase {
  method: 'dump';
  database: string;
  /** Default `custom`. */
  format?: DumpFormat;
  /** Exact names of schemas, as ticked in a tree; patterns go into `options.schema`. */
  schemas?: string[];
  /** Exact names of tables; partitions come with their table. Patterns go into `options.table`. */
  tables?: TableName[];
  /** Also keep roles and tablespaces, in a script beside the dump. */
  withGlobals?: boolean;
}

/** A whole server as one script by pg_dumpall. */
export interface DumpallRequest extends RequestBase {
  method: 'dumpall';
  scope: DumpallScope;
}

/** Every database as an archive of its own, plus globals, in one folder. */
export interface SetRequest extends RequestBase {
  method: 'set';
  /** Patterns as pg_dump reads them; without `include` every database that allows connections. */
  databases?: { include?: string[]; exclude?: string[] };
  /** Default `custom`. */
  format?: Extract<DumpFormat, 'custom' | 'directory'>;
}

/** How COPY writes or reads rows. What is absent takes COPY's default of the format. */
export interface CopyShape {
  format: CopyFormat;
  /** A first line with the columns' names; not in binary. */
  header?: boolean;
  /** One byte; not in binary. */
  delimiter?: string;
  /** What stands for NULL; not in binary. */
  null?: string;
  /** PostgreSQL's name of the file's encoding. */
  encoding?: string;
}

/** Rows of one table, or of a query, by COPY. */
export interface CopyRequest extends RequestBase, CopyShape {
  method: 'copy';
  database: string;
  table?: TableName;
  /** Instead of a table: a query whose rows are written. */
  query?: string;
  columns?: string[];
}

/** A file of rows into an existing table, by COPY, in one transaction. */
export interface CopyInRequest extends CopyShape {
  database: string;
  table: TableName;
  /** Absolute path of the file. */
  file: string;
  /** Absent: from the header line where there is one, else the table's own order. */
  columns?: string[];
}

/** A whole cluster as its files, by pg_basebackup. */
export interface BaseBackupRequest extends Omit<RequestBase, 'verify'> {
  method: 'basebackup';
  /** Default `basebackup-tar`. */
  format?: Extract<Format, 'basebackup-plain' | 'basebackup-tar'>;
  /** Default `full`. */
  level?: BackupLevel;
  /**
   * Path of the backup it is taken against. Absent: of an incremental one the newest backup of the same cluster in the
   * context's folder, of a differential one the newest full backup there.
   */
  parent?: string;
  /** `none` reads nothing back; default `checksum`. */
  verify?: VerifyLevel | 'none';
}

/** The files of a cluster of this machine that is shut down; no server is asked. */
export interface OfflineRequest extends Omit<RequestBase, 'verify' | 'options' | 'extra'> {
  method: 'offline';
  /** The data directory. */
  directory: string;
  /** A server that runs there is stopped before, and started again afterwards. */
  stop?: boolean;
  /** `none` reads nothing back; default `checksum`. */
  verify?: VerifyLevel | 'none';
}

/** The files of a running server, copied between `pg_backup_start` and `pg_backup_stop`. */
export interface LowLevelRequest extends Omit<RequestBase, 'verify' | 'extra' | 'options'> {
  method: 'low-level';
  /** `label`, and `checkpoint` (`fast`, `spread`), as of pg_basebackup. */
  options?: Answers;
  /** For the shell; `%source` and `%target` stand for folders. Absent: our own copy. */
  copyCommand?: string;
  /** The data directory, as who copies finds it. Absent: as the server calls it. */
  directory?: string;
  /** Folder the server's WAL is archived in. Absent: the server is asked whether it has archived. */
  walFrom?: string;
  /** Longest that WAL is waited for; default 600. */
  walSeconds?: number;
  /** Default `checksum` of our own copy; `none` of another program's, whose sums are taken from the copy itself. */
  verify?: VerifyLevel | 'none';
}

export type BackupRequest =
  | DumpRequest
  | DumpallRequest
  | SetRequest
  | CopyRequest
  | BaseBackupRequest
  | OfflineRequest
  | LowLevelRequest;

/** What planning without a server may look at. */
export interface FolderContext {
  builds: ClientBuild[];
  /** Where the backup goes. */
  folder: string;
  now: Date;
  signal?: AbortSignal;
  /** By how much rows of a table may fall, 0 … 1, before the backup looks wrong. Absent: by half. */
  rowsMayFall?: number;
}

/** What planning may look at. Planning reads from the server and changes nothing. */
export interface PlanContext extends FolderContext {
  access: Access;
}

/** One way of making a backup: options in, plan out. One file each, one line in `methods`. */
export interface BackupMethod<
  R extends BackupRequest = BackupRequest,
  C extends FolderContext = PlanContext,
> {
  method: Method;
  /** For lists and quick picks; a function, because languages are set after modules are loaded. */
  label(): string;
  summary(): string;
  formats: Format[];
  /** Whose option table the request's `options` answer; null where there is no tool. */
  tool: Extract<ToolName, 'pg_dump' | 'pg_dumpall' | 'pg_basebackup'> | null;
  plan(request: R, context: C): Promise<Plan>;
}
