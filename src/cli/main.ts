import { exitCodes } from './io';
import { run } from './run';

/** For what is being closed when the work is done: sockets, pipes. */
const graceMs = 3000;

const cancel = new AbortController();
// The first Ctrl-C asks the job to end cleanly, the second ends it at once. Not `once`: a listener that is
// gone when execa's own looks makes execa end the process (signal-exit takes it for the default).
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(name, () => {
    if (cancel.signal.aborted) process.exit(exitCodes.cancelled);
    cancel.abort();
  });
// `restore-point list | head`: a reader that has seen enough is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

void run(process.argv.slice(2), {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  signal: cancel.signal,
}).then((code) => {
  process.exitCode = code;
  // Nothing is left to do: the process ends by itself. `process.exit` would wait for V8's compiling threads, and
  // these at times for it, for ever (https://github.com/nodejs/node/issues/54918).
  process.stdin.destroy();
  // Only where something was forgotten that keeps it alive. Pipes are asynchronous: both have taken what was written.
  setTimeout(
    () => process.stdout.write('', () => process.stderr.write('', () => process.exit())),
    graceMs,
  ).unref();
});
