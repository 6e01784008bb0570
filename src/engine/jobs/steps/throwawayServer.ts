import * as l10n from '@vscode/l10n';
import { join } from 'node:path';
import { CancelledError, RestorePointError } from '../../errors';
import { processStartTicks, startProcess, type StartedProcess, type StartOptions } from '../../process';
import type { ClientBuild } from '../../tools/types';
import { until } from '../wait';
import { serverUser } from './serverUser';
import type { StepContext } from './types';

/** Programs of a throwaway cluster run in its folder, as the user that servers run as, with a small environment. */
export async function throwawayOptions(
  folder: string,
): Promise<Pick<StartOptions, 'env' | 'cwd' | 'user'> & { user?: { uid: number; gid: number } }> {
  const user = await serverUser();
  const env = { PATH: process.env.PATH, LC_ALL: 'C', HOME: folder, TZ: process.env.TZ };
  return { env, cwd: folder, ...(user ? { user } : {}) };
}

/** As the server takes them on its command line. */
export function settingArguments(settings: Record<string, string>): string[] {
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/** A program of the cluster that the next job has to end should this one be killed. */
export function noteProcess({ event }: StepContext, name: string, { pid }: StartedProcess): void {
  if (pid !== undefined) event({ type: 'process', pid, startedAtTicks: processStartTicks(pid), name });
}

interface Server {
  folder: string;
  build: ClientBuild;
  /** Key into the plan's connections: the way into it. */
  connection: string;
  /** Until it takes connections. */
  patienceMs: number;
}

/**
 * Runs the server of a throwaway cluster and waits until it takes connections. It ends with `stopCluster`, or with this
 * process. Throws `cluster.notStarted`.
 */
export async function runServer(
  { folder, build, connection, patienceMs }: Server,
  args: string[],
  context: StepContext,
): Promise<void> {
  const said: string[] = [];
  const server = await startProcess(join(build.folder, 'postgres'), args, {
    ...(await throwawayOptions(folder)),
    onLine: (_stream, line) => {
      said.push(line);
      context.log('info', line, 'postgres');
    },
  });
  context.notes.servers.set(folder, server);
  noteProcess(context, 'postgres', server);
  let ended = false;
  void server.done.then(
    () => (ended = true),
    () => (ended = true),
  );
  const began = performance.now();
  for (;;) {
    if (context.signal.aborted) throw new CancelledError();
    try {
      await context.access(connection);
      return;
    } catch (error) {
      if (context.signal.aborted) throw new CancelledError();
      if (ended || performance.now() - began > patienceMs)
        throw notStarted([...said, (error as Error).message]);
    }
    await until(100, context.signal);
  }
}

/** @param said what it said before it ended */
export function notStarted(said: string[]): RestorePointError {
  return new RestorePointError({
    code: 'cluster.notStarted',
    what: l10n.t('The throwaway cluster could not be started.'),
    why: said.slice(-5).join('\n'),
    next: l10n.t('Read the log, or rehearse on a server.'),
    remedies: [{ do: 'showLog' }],
  });
}
