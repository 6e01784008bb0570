/** PostgreSQL client programs the engine drives. */
export type ToolName =
  | 'pg_dump'
  | 'pg_dumpall'
  | 'pg_restore'
  | 'psql'
  | 'pg_basebackup'
  | 'pg_combinebackup'
  | 'pg_verifybackup'
  | 'pg_receivewal'
  | 'pg_waldump'
  | 'pg_ctl';

export interface Version {
  /** As in `server_version_num`: 150018, 170011. */
  num: number;
  major: number;
  minor: number;
  /** As printed: `17.11 (Debian 17.11-0+deb13u1)`. */
  text: string;
}

export type Compression = 'none' | 'gzip' | 'lz4' | 'zstd';

/** One folder of client programs of one version. Plain data: a plan carries the chosen one. */
export interface ClientBuild {
  /** The folder of the programs; with a prefix, the folder over there, or empty for its PATH. */
  folder: string;
  version: Version;
  tools: ToolName[];
  /** What `pg_dump` of this build really can write, asked of it, not guessed. */
  compression: Compression[];
  /** Where it was found. */
  origin: 'setting' | 'path' | 'system' | 'homebrew' | 'postgresapp' | 'installer' | 'scoop' | 'prefix';
  /** Words before the program: `['docker', 'exec', '-i', 'db']`, `['ssh', 'host']`. */
  prefix?: string[];
}

/** Why a build was chosen, or what is missing; `reasons` are whole sentences for a person. */
export interface Choice {
  build: ClientBuild;
  reasons: string[];
  /** Builds passed over, each with the reason. */
  passedOver: { build: ClientBuild; reason: string }[];
}

export interface RestoreChoice extends Choice {
  /** The best build of each other major that can do it too, the next best first. */
  others: ClientBuild[];
}

/** What is told to every search for builds, here or through a prefix. */
export interface SearchOptions {
  /** Folders from the setting; each may also be an installation's root, with its programs in `bin`. */
  folders?: string[];
  signal?: AbortSignal;
  /** Folders of the setting, and programs found anywhere, that cannot be used, with the reason. */
  onProblem?(folder: string, reason: string): void;
}
