import { randomUUID } from 'node:crypto';
import { PassThrough, type Readable, type Writable } from 'node:stream';
import { toConninfo, type Access } from '../connections';
import { processStartTicks, startProcess, type Ended } from '../process';
import { endsWithUs } from '../endsWithUs';
import { cleanEnvironment } from './environment';
import { passwordLine, seenFrom, shellWords, throughPrefix, withoutPlace } from './prefix';
import { programPath } from './probe';
import { defaultDatabase } from './render';
import { endSessions } from './sessions';
import type { ClientBuild, ToolName } from './types';
import { asOneTransaction } from './wholeScript';

/** How long the server may take to end the sessions of a program that was interrupted. */
const patienceMs = 5_000;

export interface RunOptions {
  build: ClientBuild;
  tool: ToolName;
  /** Arguments other than the connection's; no secrets. */
  args: string[];
  access?: Access;
  /** Default: the connection's own. */
  database?: string;
  stdin?: Readable;
  /** Absent: standard output goes to `onLine`. */
  stdout?: Writable;
  /** Interrupts the program, and after a grace kills its process tree and ends its server sessions. */
  signal?: AbortSignal;
  onLine?(stream: 'stdout' | 'stderr', line: string): void;
  onStart?(process: { pid: number; startedAtTicks: string | null }): void;
  /** Additions to the environment; no secrets. */
  extraEnv?: Record<string, string>;
  /** How the program's sessions are named on the server; at most 63 bytes. Default: one of its own for this run. */
  applicationName?: string;
  /** Between the interrupt and the kill, in milliseconds. */
  graceMs?: number;
}

/**
 * Runs one PostgreSQL program to its end, whatever its exit code. The password goes through the
 * environment, or through standard input where a prefix leads elsewhere; see docs/decisions.md.
 * @throws RestorePointError `tool.notStarted`; the error of a given stream
 */
export async function runTool(options: RunOptions): Promise<Ended> {
  const { build, tool, access, signal, extraEnv = {}, stdout, onLine, graceMs } = options;
  const database = options.database ?? access?.connection.settings.database ?? 'postgres';
  const applicationName = options.applicationName ?? `restore-point ${randomUUID()}`;
  const whole = asOneTransaction(tool, options.args, options.stdin);
  const args = [
    ...(access ? connectionArguments(options, access, database, applicationName) : []),
    ...whole.args,
  ];
  const { command, stdin } = build.prefix
    ? elsewhere(build, tool, args, { ...options, stdin: whole.stdin })
    : { command: [programPath(build.folder, tool, process.platform), ...args], stdin: whole.stdin };
  const [program = '', ...words] = endsWithUs(command);
  const password = build.prefix ? undefined : access?.password;
  const started = await startProcess(program, words, {
    env: cleanEnvironment({ ...extraEnv, ...(password === undefined ? {} : { PGPASSWORD: password }) }),
    stdin: stdin ?? 'ignore',
    stdout: stdout ?? 'lines',
    onLine,
    graceMs,
  });
  const { pid, done, kill } = started;
  if (pid !== undefined) options.onStart?.({ pid, startedAtTicks: processStartTicks(pid) });
  let ending: Promise<void> | undefined;
  /** A server that cannot be asked has to notice by itself; ending the program must not wait for it. */
  const endServerSide = async (): Promise<void> => {
    if (access) await endSessions(access, [applicationName], patienceMs).catch(() => 0);
  };
  const end = async (): Promise<void> => {
    // Over there an input that is cut looks like its end, and psql would commit half a script:
    // where the program cannot be signalled its sessions go first.
    if (build.prefix && options.stdin) await endServerSide();
    await kill();
    await endServerSide();
  };
  const onAbort = (): void => void (ending ??= end());
  if (signal?.aborted) onAbort();
  else signal?.addEventListener('abort', onAbort, { once: true });
  try {
    return await done;
  } finally {
    signal?.removeEventListener('abort', onAbort);
    await ending;
  }
}

function connectionArguments(
  { tool, build }: RunOptions,
  access: Access,
  database: string,
  applicationName: string,
): string[] {
  const conninfo = toConninfo(seenFrom(build.prefix, access), database, {
    application_name: applicationName,
  });
  return [
    `--dbname=${withoutPlace(conninfo, build.prefix)}`,
    ...defaultDatabase(tool, database),
    '--no-password',
  ];
}

/** The command through the prefix, and the standard input that carries the password before anything else. */
function elsewhere(
  build: ClientBuild,
  tool: ToolName,
  args: string[],
  { stdin, access, extraEnv = {} }: RunOptions,
): { command: string[]; stdin: Readable } {
  const words = shellWords(programPath(build.folder, tool, 'linux'), args, {
    readsInput: stdin !== undefined,
    env: { LC_ALL: 'C', ...extraEnv },
  });
  const input = new PassThrough();
  input.write(passwordLine(access?.password));
  if (stdin) {
    stdin.once('error', (error) => input.destroy(error));
    stdin.once('close', () => stdin.readableEnded || input.destroy(new Error('The input ended too early.')));
    input.once('close', () => stdin.destroy());
    stdin.pipe(input);
  }
  return { command: throughPrefix(build.prefix ?? [], words), stdin: input };
}
