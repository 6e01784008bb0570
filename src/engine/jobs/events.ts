import type { ErrorFacts } from '../errors';
import type { Fix } from '../plan';

/**
 * queued (waiting for a slot or a lock) → running → succeeded | failed | cancelled | interrupted.
 * `interrupted` is never written by a runner: it is what a job is whose runner died without a last word.
 */
export type JobState = 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled' | 'interrupted';

export function isTerminal(state: JobState): boolean {
  return state !== 'queued' && state !== 'running';
}

/** What the failure doctor says of one message of pg_restore or psql. */
export type Verdict = 'harmless' | 'degraded' | 'failed';

/** One message tied to the entry it is about. */
export interface JobMessage {
  severity: 'warning' | 'error';
  verdict: Verdict;
  /** As pg_restore names it: `TABLE public orders app`; null when the message names none. */
  entry: string | null;
  sqlState: string | null;
  text: string;
  /** The verdict's reason in plain words. */
  reason: string;
  /** What can be done about it, in a sentence; absent where nothing need be done. */
  next?: string;
  /** What can be pressed about it, each a change of the plan's request. */
  fixes?: Fix[];
  /** The rule that judged it: `roleExists`, `duplicateKey`, …; absent for a message no rule knows. */
  rule?: string;
  /** Line of the script the message is about (psql). */
  line?: number;
  /** The statement that failed, shortened. */
  statement?: string;
}

/** What a job leaves behind for reports; keys as in the command line's `--json` output. */
export type JobResult = Record<string, unknown>;

type EventBody =
  | { type: 'state'; state: JobState; /** Why it waits or ended, a sentence. */ reason?: string }
  | { type: 'step'; index: number; title: string }
  | {
      type: 'progress';
      /** 0 … 1 of the whole job; null while nothing honest can be said. */
      fraction: number | null;
      /** What is being done now: a table, an index. */
      what: string;
      bytes: number | null;
      remainingMs: number | null;
    }
  | { type: 'log'; level: 'info' | 'warning' | 'error'; text: string; source?: string }
  /** A program was started; kept so that a dead runner's programs can be found and ended. */
  | { type: 'process'; pid: number; startedAtTicks: string | null; name: string }
  | { type: 'message'; message: JobMessage }
  | { type: 'result'; result: JobResult }
  | { type: 'error'; error: ErrorFacts };

/** One line of `events.jsonl`. Masked before it is written. */
export type JobEvent = {
  /** Counts from 0; a gap is a lost line. */
  seq: number;
  /** Wall clock, for people only: ISO 8601. */
  at: string;
  /** Monotonic milliseconds since the runner began: durations come from here, the wall clock may jump. */
  ms: number;
} & EventBody;

export type JobEventBody = EventBody;
