import { askSync } from './askSync';
import { signalTree, startTicks } from './process-tree';
import type { StartOptions, StartedProcess } from './startProcess';

export type * from './startProcess';

/** See `startProcess.ts`, which is loaded when the first program is started: who only looks at processes needs none of it. */
export async function startProcess(
  command: string,
  args: string[],
  options: StartOptions = {},
): Promise<StartedProcess> {
  // A stream that fails meanwhile says so when it is looked at; nobody listens yet.
  for (const stream of [options.stdin, options.stdout])
    if (typeof stream === 'object') stream.on('error', () => {});
  return (await import('./startProcess')).startProcess(command, args, options);
}

/** See `startProcess.ts`. */
export const startDetached: typeof import('./startProcess').startDetached = async (...program) =>
  await (await import('./startProcess')).startDetached(...program);

/**
 * When the process started, as a text to compare with `isSameProcess`: pid and this name one process
 * for ever, also across reboots. Null when it does not run.
 */
export function processStartTicks(pid: number): string | null {
  return startTicks(pid, askSync);
}

/** Whether the process noted earlier still runs, and is not another one that got its pid. */
export function isSameProcess(pid: number, ticks: string | null): boolean {
  return ticks !== null && processStartTicks(pid) === ticks;
}

/** Sends a signal to a process and all its descendants. On Windows every signal ends them. */
export function killTree(pid: number, signal: NodeJS.Signals): void {
  signalTree(pid, signal, askSync);
}
