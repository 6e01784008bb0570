import { spawn } from 'node:child_process';

/** Process groups we started and have not seen ending; all are ended when we end. */
const groups = new Set();

function killGroup(pid, signal) {
  try {
    process.kill(-pid, signal);
  } catch {
    // It is gone already.
  }
}

function killAll(signal) {
  for (const pid of groups) killGroup(pid, signal);
}

process.once('exit', () => killAll('SIGKILL'));

/** What has to be done before we end, also on Ctrl-C; the last added is done first. */
const endings = [];

export function atEnd(ending) {
  endings.unshift(ending);
}

/** Does what `atEnd` was given; errors are of no use any more. */
export async function end() {
  for (const ending of endings.splice(0)) await Promise.resolve(ending()).catch(() => undefined);
}

for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
])
  process.once(signal, () => {
    setTimeout(() => process.exit(code), 15_000);
    killAll('SIGTERM');
    void end().then(() => process.exit(code));
  });

/**
 * Starts a program in a process group of its own, so that it and all it starts can be ended together.
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, stdio?: import('node:child_process').StdioOptions }} [options]
 */
export function start(command, args, options = {}) {
  const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'], ...options, detached: true });
  const { pid } = child;
  if (pid !== undefined) {
    groups.add(pid);
    // What it left behind in its group goes with it.
    child.once('exit', () => {
      killGroup(pid, 'SIGKILL');
      groups.delete(pid);
    });
  }
  return child;
}

/** Ends a program started by `start`, with all it started: politely, then for good. */
export async function stop(child, graceMs = 5000) {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  killGroup(child.pid, 'SIGTERM');
  const timer = setTimeout(() => killGroup(child.pid, 'SIGKILL'), graceMs);
  await gone;
  clearTimeout(timer);
}

/**
 * Runs a program to its end and gives its exit code (null when it was ended) and, with `quiet`, what it
 * printed: `printed` on standard output, `output` on both. `timeoutMs` ends it and all it started.
 */
export async function run(command, args, { quiet = false, timeoutMs, ...options } = {}) {
  const child = start(command, args, {
    ...options,
    stdio: quiet ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
  });
  let [printed, output] = ['', ''];
  child.stdout?.setEncoding('utf8').on('data', (text) => ((printed += text), (output += text)));
  child.stderr?.setEncoding('utf8').on('data', (text) => (output += text));
  let timedOut = false;
  const timer =
    timeoutMs &&
    setTimeout(() => {
      timedOut = true;
      void stop(child);
    }, timeoutMs);
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (timer) clearTimeout(timer);
  return { code, printed, output, timedOut };
}

/** Like `run`, quietly: what was printed on standard output. Throws with all output's end when it fails. */
export async function runOrThrow(command, args, options = {}) {
  const { code, printed, output } = await run(command, args, { quiet: true, ...options });
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}:\n${output.slice(-4000)}`);
  return printed;
}
