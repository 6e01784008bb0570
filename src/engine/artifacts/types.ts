import type { Compression } from '../tools/types';

/** How a backup was made; one backup method each. */
export type Method = 'dump' | 'dumpall' | 'set' | 'copy';

export type Format = 'custom' | 'directory' | 'tar' | 'plain' | 'csv' | 'tsv' | 'binary' | 'set';

/** What a file or folder is, found from its content. */
export interface Recognised {
  /**
   * `archive`: pg_restore reads it. `script`: one database's SQL, psql runs it. `clusterScript`: pg_dumpall's.
   * `set`: our folder of several dumps. `rows`: COPY data we wrote (known by its manifest only).
   * `unknown`: text or bytes that are no dump; `broken`: a dump's beginning that cannot be used.
   */
  kind: 'archive' | 'script' | 'clusterScript' | 'set' | 'rows' | 'unknown' | 'broken';
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
  /** Of a rehearsal: what the restored database takes on disk. */
  databaseBytes?: number;
  /** Of a rehearsal: the server it was made on. */
  serverVersion?: string;
  /** Of a rehearsal: what was checked beside the rows. */
  checks?: { name: string; ok: boolean }[];
  /** Of a rehearsal: entries by what happened to them. */
  messages?: { restored: number; harmless: number; degraded: number; failed: number };
}

export interface TableRows {
  /** In backups of several databases: whose table it is. */
  database?: string;
  schema: string;
  name: string;
  /** Exact, counted by decoding; null when not counted. */
  rows: number | null;
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
  madeBy: string;
  /** It is a restore point: a state of its database that can be gone back to. */
  restorePoint?: ArtifactPoint;
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
