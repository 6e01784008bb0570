import type { Readable, Writable } from 'node:stream';

/** What a verb may touch of the outside; tests give their own. */
export interface Io {
  stdin: Readable & { isTTY?: boolean; setRawMode?(on: boolean): unknown };
  stdout: Writable & { isTTY?: boolean; columns?: number };
  stderr: Writable & { isTTY?: boolean; columns?: number };
  env: NodeJS.ProcessEnv;
  /** Aborted by Ctrl-C or a polite kill. */
  signal: AbortSignal;
  /** `--json` was given: exactly one document on standard output. */
  json: boolean;
}

/** The same outside, with or without a document. It inherits: a stream of the process is opened when it is looked at, and a copy would open all. */
export function withJson(outside: Omit<Io, 'json'>, json: boolean): Io {
  return Object.assign(Object.create(outside) as Omit<Io, 'json'>, { json });
}

/** Exit codes of every verb; documented in docs/command-line.md. */
export const exitCodes = {
  done: 0,
  failed: 1,
  usage: 2,
  different: 3,
  cancelled: 130,
  /** `wal fetch`, asked to end: what a shell says of a program that SIGTERM ended. */
  terminated: 143,
  /** `wal fetch`: more than 125 ends a recovery, instead of telling it that the archive ends here. */
  endRecovery: 200,
} as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** A verb as the list of verbs has it. */
export interface VerbLine {
  name: string;
  /** One line for the list of verbs. */
  summary: string;
  /** Not in the list: for the engine's own use. */
  hidden?: boolean;
  load(): Promise<{ verb: Verb }>;
}

/** One verb of the command line: one file, one line in the list of verbs. */
export interface Verb {
  /** The whole help text. */
  usage: string;
  /** `args` are the words after the verb. Throws RestorePointError; UsageError for wrong use. */
  run(args: string[], io: Io): Promise<ExitCode>;
}
