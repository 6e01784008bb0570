import type { ChildProcess } from 'node:child_process';
import { basename } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import { StringDecoder } from 'node:string_decoder';
import * as l10n from '@vscode/l10n';
import { execa } from 'execa';
import { RestorePointError } from './errors';
import { askSync } from './askSync';
import { endTree } from './process-tree';

/** Bytes of standard error kept for the error message of a failed program. */
const stderrTailBytes = 16_384;
/** A line longer than this is handed on in pieces: output is not ours to bound otherwise. */
const longestLine = 65_536;
/** How long a pipe that nobody reads from may stay silent after the program ended, before it is let go. */
const lingeringPipeMs = 2_000;
const defaultGraceMs = 5_000;

export interface StartOptions {
  /** The whole environment; nothing is inherited. Absent: our own. */
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  /** Another user to run as, where we are root. */
  user?: { uid: number; gid: number };
  /** Fed to standard input, with backpressure. A program that ends before it read all is not an error. */
  stdin?: Readable | 'ignore';
  /** Where standard output goes: a stream (with backpressure, ended at the end), `onLine`, or nowhere. */
  stdout?: Writable | 'lines' | 'ignore';
  /** Abort interrupts the program as `kill` does; `done` then resolves with how it ended. */
  signal?: AbortSignal;
  onLine?(stream: 'stdout' | 'stderr', line: string): void;
  /** Between the interrupt and the kill of the whole process tree; default 5,000. */
  graceMs?: number;
}

export interface Ended {
  /** 128 + signal number is not made up: -1 when a signal ended it. */
  exitCode: number;
  /** Name of the signal that ended it, else null. */
  signal: string | null;
  /** The last of standard error, at most 16 kB, for messages. */
  stderrTail: string;
}

export interface StartedProcess {
  /** Undefined when it could not be started. */
  pid: number | undefined;
  /**
   * Resolves on any exit code once its pipes are drained. Rejects with `tool.notStarted`, with the
   * error of the given stdin or stdout stream (the program is ended first), never hangs.
   */
  done: Promise<Ended>;
  /** Interrupts it (SIGINT to its process group), after the grace kills its process tree; resolves when it is gone. */
  kill(): Promise<void>;
}

/**
 * Starts a program in a process group of its own. The only place that starts one.
 * Sources: https://nodejs.org/api/child_process.html, https://github.com/sindresorhus/execa
 */
export function startProcess(command: string, args: string[], options: StartOptions = {}): StartedProcess {
  const { stdin = 'ignore', stdout = 'ignore', onLine, graceMs = defaultGraceMs } = options;
  const subprocess = execa(command, args, {
    env: options.env ?? process.env,
    extendEnv: false,
    cwd: options.cwd,
    ...options.user,
    stdin: stdin === 'ignore' ? 'ignore' : 'pipe',
    stdout: stdout === 'ignore' ? 'ignore' : 'pipe',
    stderr: 'pipe',
    encoding: 'buffer',
    buffer: false,
    reject: false,
    // Its own group, so that an interrupt reaches grandchildren (pg_dumpall's pg_dump) as Ctrl+C would.
    killDescendants: true,
    // Interrupting, waiting and killing is done below.
    forceKillAfterDelay: false,
  });
  const child = subprocess.nodeChildProcess as ChildProcess;
  const result = Promise.resolve(subprocess);
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    // Also when it never started: then there is no exit event.
    void result.then(
      () => resolve(),
      () => resolve(),
    );
  });
  const pid = subprocess.pid;

  let killing: Promise<void> | undefined;
  let over = false;
  // Once all is over the pid may be another's.
  const kill = async (): Promise<void> => {
    if (!over) await (killing ??= endTree({ pid, exited }, graceMs, askSync));
  };

  let broken: { error: unknown } | undefined;
  const breakOff = (error: unknown): void => {
    broken ??= { error };
    void kill();
  };

  const pipes: Promise<void>[] = [];
  const tail = new Tail();
  if (pid !== undefined) {
    if (stdin !== 'ignore' && subprocess.stdin)
      feed(stdin, subprocess.stdin, () => killing !== undefined, breakOff);
    if (subprocess.stderr)
      pipes.push(
        readLines(subprocess.stderr, exited, (line) => {
          tail.add(line);
          onLine?.('stderr', line);
        }),
      );
    if (subprocess.stdout && stdout === 'lines')
      pipes.push(readLines(subprocess.stdout, exited, (line) => onLine?.('stdout', line)));
    else if (subprocess.stdout && stdout !== 'ignore' && stdout !== 'lines') {
      letGoWhenSilent(subprocess.stdout, exited, () => stdout.writableNeedDrain);
      pipes.push(pipeline(subprocess.stdout, stdout).catch((error) => breakOff(error)));
    }
  }

  const onAbort = (): void => void kill();
  if (options.signal?.aborted) onAbort();
  else options.signal?.addEventListener('abort', onAbort, { once: true });

  const finish = async (): Promise<Ended> => {
    try {
      const ended = await result;
      if (pid === undefined || (ended.exitCode === undefined && ended.signal === undefined)) {
        if (stdin !== 'ignore') stdin.destroy();
        if (stdout !== 'ignore' && stdout !== 'lines') stdout.destroy();
        throw notStarted(command, ended.cause ?? ended);
      }
      await Promise.all(pipes);
      await killing;
      if (stdin !== 'ignore') stdin.destroy();
      if (broken) throw broken.error;
      return { exitCode: ended.exitCode ?? -1, signal: ended.signal ?? null, stderrTail: tail.text() };
    } finally {
      over = true;
      options.signal?.removeEventListener('abort', onAbort);
    }
  };
  const done = finish();
  // Whoever only kills and never looks at `done` must not bring the extension host down.
  done.catch(() => {});
  return { pid, done, kill };
}

/** Starts a program that outlives us, with `input` on its standard input and nothing to read from it. */
export async function startDetached(
  command: string,
  args: string[],
  options: { env?: NodeJS.ProcessEnv; cwd?: string; input?: string } = {},
): Promise<{ pid: number }> {
  const subprocess = execa(command, args, {
    env: options.env ?? process.env,
    extendEnv: false,
    cwd: options.cwd,
    stdin: 'pipe',
    stdout: 'ignore',
    stderr: 'ignore',
    buffer: false,
    reject: false,
    detached: true,
    cleanup: false,
  });
  const { pid } = subprocess;
  if (pid === undefined) {
    const ended = await subprocess;
    throw notStarted(command, ended.cause ?? ended);
  }
  // A runner that dies before it has read its input shows in its own state, not here.
  subprocess.stdin.on('error', () => {});
  const written = finished(subprocess.stdin).catch(() => {});
  subprocess.stdin.end(options.input ?? '');
  await written;
  subprocess.nodeChildProcess.unref();
  return { pid };
}

/**
 * Standard input with backpressure. Only the source's own end ends it: were it closed when the source
 * fails or the program is being interrupted, half a script would look whole, and psql would commit it.
 * EPIPE is the program's way to say that it has read enough.
 */
function feed(
  source: Readable,
  sink: Writable,
  isEnding: () => boolean,
  breakOff: (error: unknown) => void,
): void {
  sink.on('error', () => source.destroy());
  const fail = (error: unknown): void => {
    if (!sink.destroyed) breakOff(error);
  };
  source.on('error', fail);
  source.once('close', () => {
    if (!source.readableEnded && !source.errored) fail(new Error('The input ended too early.'));
  });
  if (source.destroyed) fail(source.errored ?? new Error('The input was closed before it was read.'));
  source.pipe(sink, { end: false });
  source.once('end', () => {
    if (!isEnding()) sink.end();
  });
}

/** Reads a pipe to its end as lines (a lone CR counts too: progress lines use it). */
async function readLines(
  pipe: Readable,
  exited: Promise<void>,
  onLine: (line: string) => void,
): Promise<void> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  letGoWhenSilent(pipe, exited, () => false);
  const tell = (line: string): void => {
    for (let at = 0; at === 0 || at < line.length; at += longestLine)
      onLine(line.slice(at, at + longestLine));
  };
  const take = (text: string): void => {
    rest += text;
    const lines = rest.split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? '';
    for (const line of lines) tell(line);
    if (rest.length > longestLine) {
      tell(rest);
      rest = '';
    }
  };
  pipe.on('data', (chunk: Buffer) => take(decoder.write(chunk)));
  await finished(pipe, { writable: false }).catch(() => {});
  take(decoder.end());
  if (rest) tell(rest.replace(/\r$/, ''));
}

/**
 * A grandchild that went into the background (ssh's control master) may hold a pipe open for ever:
 * after the program's exit a pipe that stays silent is read as ended.
 */
function letGoWhenSilent(pipe: Readable, exited: Promise<void>, isHeldUp: () => boolean): void {
  void exited.then(() => {
    if (pipe.closed) return;
    let timer: NodeJS.Timeout;
    const look = (): void => {
      if (isHeldUp() || pipe.readableLength > 0) return again();
      pipe.once('end', () => pipe.destroy());
      pipe.push(null);
    };
    const again = (): void => {
      clearTimeout(timer);
      timer = setTimeout(look, lingeringPipeMs);
    };
    pipe.on('data', again);
    pipe.once('close', () => clearTimeout(timer));
    again();
  });
}

/** The last lines of a text, bounded. */
class Tail {
  #lines: string[] = [];
  #length = 0;

  add(line: string): void {
    this.#lines.push(line);
    this.#length += line.length + 1;
    while (this.#length > stderrTailBytes && this.#lines.length > 1)
      this.#length -= (this.#lines.shift()?.length ?? 0) + 1;
  }

  text(): string {
    return this.#lines.join('\n').slice(-stderrTailBytes);
  }
}

function notStarted(command: string, cause: unknown): RestorePointError {
  const code = (cause as NodeJS.ErrnoException | undefined)?.code;
  const name = basename(command);
  const why =
    code === 'ENOENT'
      ? l10n.t('There is no such program: {0}.', command)
      : code === 'EACCES'
        ? l10n.t('The system does not allow to run {0}.', command)
        : cause instanceof Error
          ? cause.message
          : String(cause);
  return new RestorePointError(
    {
      code: 'tool.notStarted',
      what: l10n.t('{0} could not be started.', name),
      why,
      next: l10n.t('Check that it is installed and may be run.'),
      remedies: [{ do: 'installTools' }, { do: 'addToolFolder' }],
    },
    { cause },
  );
}
