import type { Access } from '../../connections/types';
import type { Evidence, Manifest, TableRows } from '../../artifacts/types';
import type { Step } from '../../plan';
import type { StartedProcess } from '../../process';
import type { CountedTable } from '../../restore';
import type { JobEventBody, JobMessage, JobResult } from '../events';
import type { Job } from '../folder';
import type { SideGuard } from './sideGuard';
import type { ServerRun } from './stoppedServer';

/** What is known of a file we wrote ourselves. */
export interface Sum {
  /** Lower-case hex SHA-256. */
  sha256: string;
  bytes: number;
}

/** What a rehearsal of a base backup found and measured before its databases are looked at. */
export interface Rehearsed {
  /** Milliseconds, as in `RehearsalTimes`. */
  times: { copyMs: number; recoveryMs: number; startMs: number };
  faults: NonNullable<Evidence['faults']>;
  checks: { name: string; ok: boolean }[];
}

/** What steps leave for later steps and for the report. */
export interface Notes {
  /** Checksums taken while writing, by the path written to. */
  sums: Map<string, Sum>;
  /** What pg_restore and psql said, judged. */
  judged: JobMessage[];
  /** What a restore brought; null while nothing was counted. */
  counted: CountedTable[] | null;
  /** Servers that were started, by their folders. */
  servers: Map<string, StartedProcess>;
  /** Clusters whose servers were stopped to be started again, by their data directories. */
  stopped: Map<string, ServerRun & { release: () => Promise<void> }>;
  /** Of a rehearsal of a base backup. */
  rehearsed: Rehearsed;
  /** What stops clusters that are on their way to a target, by their data directories. */
  guards: Map<string, SideGuard>;
  /** Rows a COPY moved, by table. */
  tables: TableRows[];
  /** The server at the start, for the manifest of a backup. */
  source?: Omit<Manifest['source'], 'connection' | 'database'>;
  /** Wall clock of the job's start, for the manifest. */
  startedAt: string;
}

/** What an executor may use. */
export interface StepContext {
  job: Job;
  /** Aborted when the job is cancelled. */
  signal: AbortSignal;
  /** What every session of this job calls itself on the server. */
  applicationName: string;
  notes: Notes;
  /** Opens a connection of the plan, once. */
  access(key: string): Promise<Access>;
  /** Opens it anew: a way that was lost (a tunnel that ended) does not come back by itself. */
  reopen(key: string): Promise<Access>;
  event(body: JobEventBody): void;
  log(level: 'info' | 'warning' | 'error', text: string, source?: string): void;
  /** Of this step: 0 … 1, null while it cannot be told. */
  progress(fraction: number | null, what: string, bytes?: number | null): void;
  /**
   * Something outside has been changed: from now on a failure runs the plan's `onFailure`. Before it
   * there is nothing to take back, and what looks like ours (a database of that name) is another's.
   */
  touched(): void;
  /** Milliseconds since the job began to run. */
  elapsed(): number;
}

/** Runs one kind of step; what it returns joins the job's result. */
export type Executor<S extends Step> = (step: S, context: StepContext) => Promise<JobResult | void>;
