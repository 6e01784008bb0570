import type { WalRange } from '../pgdata/types';
import type { Compression } from '../tools/types';

/** How a backup was made; one backup method each. */
export type Method = 'dump' | 'dumpall' | 'set' | 'copy' | 'basebackup' | 'offline' | 'low-level';

export type Format =
  | 'custom'
  | 'directory'
  | 'tar'
  | 'plain'
  | 'csv'
  | 'tsv'
  | 'binary'
  | 'set'
  | 'basebackup-plain'
  | 'basebackup-tar';

/** What a file or folder is, found from its content. */
export interface Recognised {
  /**
   * `archive`: pg_restore reads it. `script`: one database's SQL, psql runs it. `clusterScript`: pg_dumpall's.
   * `set`: our folder of several dumps. `rows`: COPY data we wrote (known by its manifest only).
   * `basebackup`: files of a cluster as pg_basebackup writes them.
   * `unknown`: text or bytes that are no dump; `broken`: a dump's beginning that cannot be used.
   */
  kind: 'archive' | 'script' | 'clusterScript' | 'set' | 'rows' | 'basebackup' | 'unknown' | 'broken';
  format: Format | null;
  /** Wrapper around the whole file: a gzipped script or archive. */
  wrapper: Compression | 'utf16' | null;
  /** Why it is `unknown` or `broken`, a sentence. */
  reason?: string;
}

/** Evidence is what makes a backup good: what was checked, when, with which result. */
export interface Evidence {
  level: 'checksum' | 'contents' | 'rehearsal';
  ok: boolean;
  /** ISO 8601 with zone. */
  at: string;
  /** Rows decoded, for `contents` and `rehearsal`. */
  rows?: number;
  durationMs?: number;
  faults?: { what: string; entry: string | null; offset: number | null }[];
  /** Of a rehearsal: until the database could be used, its rows counted. The measured recovery time (RTO). */
  restoreMs?: number;
  /** Of a rehearsal of a base backup: what that time and the checks consist of, in milliseconds. */
  times?: RehearsalTimes;
  /** Of a rehearsal: what the restored database takes on disk. */
  databaseBytes?: number;
  /** Of a rehearsal: the server it was made on. */
  serverVersion?: string;
  /** Of a rehearsal: what was checked beside the rows. */
  checks?: { name: string; ok: boolean }[];
  /** Of a rehearsal: entries by what happened to them. */
  messages?: { restored: number; harmless: number; degraded: number; failed: number };
}

/** Milliseconds of a rehearsal of a base backup, part by part; the first three are the recovery time. */
export interface RehearsalTimes {
  /** Files brought over, combined, checked against their manifests. */
  copyMs: number;
  /** WAL replayed. */
  recoveryMs: number;
  /** Until it took connections. */
  startMs: number;
  checksMs: number;
}

export interface TableRows {
  /** In backups of several databases: whose table it is. */
  database?: string;
  schema: string;
  name: string;
  /** Exact, counted by decoding; null when not counted. */
  rows: number | null;
}

/** Something about a backup that looks wrong against those before it. */
export interface Suspicion {
  rule: 'tableGone' | 'rowsFell' | 'sizeCollapsed' | 'unchanged';
  /** The table it is about: `app.orders`. */
  table?: string;
  /** A sentence. */
  text: string;
  /** Worth knowing, and probably nothing. */
  mild?: true;
}

export interface ArtifactFile {
  /** Relative to the artifact's parent folder, `/` between parts. */
  path: string;
  bytes: number;
  /** Lower-case hex SHA-256. */
  sha256: string;
  /** What it holds, for sets and companions: a database's name, or `globals`. */
  holds?: string;
}

/** Written last, beside the artifact, as `NAME.manifest.json`; documented in docs/manifest.md. */
export interface Manifest {
  manifestVersion: 1;
  method: Method;
  format: Format;
  compression: string;
  /** Final name of the file or folder, relative to the manifest. */
  artifact: string;
  source: {
    /** Connection's name at the time. */
    connection: string;
    /** `host:port`. */
    server: string;
    /** `*` for a whole server. */
    database: string;
    serverVersion: string;
    /** `pg_control_system().system_identifier`, text; null when not permitted. */
    systemIdentifier: string | null;
    /** WAL position at the start, null on servers that refuse to say. */
    lsn: string | null;
  };
  tool: { name: string; version: string };
  /** Options as given, for making the same again. */
  options: Record<string, unknown>;
  files: ArtifactFile[];
  bytes: number;
  tables: TableRows[];
  startedAt: string;
  durationMs: number;
  evidence: Evidence[];
  notes: string;
  /** What looked wrong when it was made; absent where there was nothing to compare with. */
  suspicions?: Suspicion[];
  madeBy: string;
  /** Of a base backup. */
  base?: BaseBackupRecord;
  /** It is a restore point: a state of its database that can be gone back to. */
  restorePoint?: ArtifactPoint;
}

/**
 * Incremental: what changed since another backup, the parent. Differential: the same, and the parent is a full one.
 * Both need the parents to be restored.
 */
export type BackupLevel = 'full' | 'incremental' | 'differential';

/** What of a base backup is known before it is made. */
export interface BaseBackupDraft {
  level: BackupLevel;
  /** Id of the backup it was taken against; null for a full one. */
  parent: string | null;
  walMethod: 'stream' | 'fetch' | 'none';
  tablespaces: { oid: number; name: string; location: string }[];
  /** Databases of the server by their OIDs: the names of the folders in `base`. */
  databases: { oid: number; name: string }[];
  /** Ids of the backups that a synthetic full one was combined from. */
  combinedFrom?: string[];
}

/** What a base backup's manifest keeps, beside the system identifier and the version in `source`. */
export interface BaseBackupRecord extends BaseBackupDraft {
  /** `SYSTEM-IDENTIFIER/TIMELINE/START-LSN`: the same for whoever reads the backup, by its own files. */
  id: string;
  label: string;
  timeline: number;
  startLsn: string;
  stopLsn: string | null;
  walRanges: WalRange[];
}

/** Why a dump was kept as a restore point, and where the work tree stood. */
export interface ArtifactPoint {
  reason: 'manual' | 'restore' | 'back';
  git: { branch: string | null; commit: string } | null;
}

/** The artifact a plan makes, before it exists: everything the manifest needs that is known beforehand. */
export interface ArtifactDraft {
  method: Method;
  format: Format;
  compression: string;
  /** Absolute final path of the file or folder. */
  path: string;
  /** Files written under `X.partial` and renamed to `X` together: absolute final paths, with what they hold. */
  members: { path: string; holds?: string }[];
  options: Record<string, unknown>;
  notes: string;
  connectionName: string;
  database: string;
  base?: BaseBackupDraft;
  /** Of what is made from backups and not from a server: the server those are of. */
  source?: Omit<Manifest['source'], 'connection' | 'database'>;
  restorePoint?: ArtifactPoint;
}

/** A backup at rest as lists and trees show it. */
export interface Artifact {
  path: string;
  recognised: Recognised;
  bytes: number;
  /** From the manifest, else from the archive's header, else the file's own time; ISO 8601. */
  createdAt: string;
  source: { connection: string | null; server: string | null; database: string | null };
  evidence: Evidence | null;
  manifest: Manifest | null;
  manifestPath: string | null;
  /** A leftover `.partial` of a job that is gone; never listed as a backup. */
  partial: boolean;
}
