import { exitCodes, type ExitCode, type Io } from './io';

/** For what is being closed when the work is done: sockets, pipes. */
const graceMs = 3000;

/** Runs this process as one command line, and ends it with the exit code that comes of it. */
export function program(run: (argv: string[], io: Omit<Io, 'json'>) => Promise<ExitCode>): void {
  const cancel = new AbortController();
  // The first Ctrl-C asks the job to end cleanly, the second ends it at once. Not `once`: a listener that is
  // gone when execa's own looks makes execa end the process (signal-exit takes it for the default).
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(name, () => {
      if (cancel.signal.aborted) process.exit(exitCodes.cancelled);
      cancel.abort();
    });
  let reads = false;
  // A stream is opened when it is first used: a server that archives starts us for every segment, and nothing is said.
  const io: Omit<Io, 'json'> = {
    get stdin() {
      reads = true;
      return process.stdin;
    },
    get stdout() {
      return quietWhenClosed(process.stdout);
    },
    get stderr() {
      return process.stderr;
    },
    env: process.env,
    signal: cancel.signal,
  };
  void run(process.argv.slice(2), io).then((code) => {
    process.exitCode = code;
    // Nothing is left to do: the process ends by itself. `process.exit` would wait for V8's compiling threads, and
    // these at times for it, for ever (https://github.com/nodejs/node/issues/54918).
    if (reads) process.stdin.destroy();
    // Only where something was forgotten that keeps it alive. Pipes are asynchronous: both have taken what was written.
    setTimeout(
      () => process.stdout.write('', () => process.stderr.write('', () => process.exit())),
      graceMs,
    ).unref();
  });
}

/** `restore-point list | head`: a reader that has seen enough is no failure. */
function quietWhenClosed(stdout: NodeJS.WriteStream): NodeJS.WriteStream {
  return stdout.listeners('error').includes(ended) ? stdout : stdout.on('error', ended);
}

function ended(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
}
