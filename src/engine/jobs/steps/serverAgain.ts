import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import * as l10n from '@vscode/l10n';
import { RestorePointError } from '../../errors';
import { readClusterState } from '../../pgdata/restoring';
import type { StartServerStep, StopServerStep } from '../../plan';
import { throwIfCancelled, until } from '../wait';
import { pgCtl } from './pgCtl';
import { guardServer, howItRuns, startArguments } from './stoppedServer';
import type { Executor } from './types';

/** A fast shutdown writes a checkpoint; a start may have to wait for much. */
const patienceSeconds = 600;

/** A fast shutdown: sessions are ended, a checkpoint is written. Remembers how the server ran. */
export const stopServer: Executor<StopServerStep> = async ({ build, directory, title }, context) => {
  const { signal, notes, log, touched, progress } = context;
  const { server } = await readClusterState(directory);
  if (server === null) return;
  progress(null, title);
  const user = await ownerOf(directory);
  const how = await howItRuns(server, directory);
  throwIfCancelled(signal);
  // From here on it is to be started again: pg_ctl may give up, and the server stop all the same.
  const guard = await guardServer(build, directory, how, user);
  notes.stopped.set(directory, { ...how, release: guard });
  touched();
  const said: string[] = [];
  // Not ended by a cancel: the server would go on stopping, and nobody know when it has stopped.
  const { exitCode } = await pgCtl('stop', ['-m', 'fast', '-t', String(patienceSeconds)], {
    ...{ build, folder: directory, user },
    onLine: (line) => {
      said.push(line);
      log('info', line, 'pg_ctl');
    },
  });
  throwIfCancelled(signal);
  if (exitCode === 0) return;
  throw new RestorePointError({
    code: 'cluster.notStopped',
    what: l10n.t('The server of "{0}" did not stop.', directory),
    why: said.slice(-5).join('\n'),
    next: l10n.t('Stop it by hand, or look into its log for what it waits for.'),
    remedies: [{ do: 'showLog' }],
  });
};

/** With its own arguments, environment and log, as its own user. What it was stopped for is no reason to leave it down: not even a cancel ends this. */
export const startServer: Executor<StartServerStep> = async ({ build, directory, title }, context) => {
  const { notes, log, progress } = context;
  const how = notes.stopped.get(directory);
  if (!how) return;
  progress(null, title);
  await stoppedAtLast(directory);
  const said: string[] = [];
  if ((await readClusterState(directory)).server === null)
    await pgCtl('start', ['-t', String(patienceSeconds), ...startArguments(directory, how)], {
      ...{ build, folder: directory, user: await ownerOf(directory), env: how.env },
      onLine: (line) => {
        said.push(line);
        log('info', line, 'pg_ctl');
      },
    });
  notes.stopped.delete(directory);
  await how.release();
  if ((await readClusterState(directory)).server !== null) return;
  throw new RestorePointError({
    code: 'cluster.notStarted',
    what: l10n.t('The server of "{0}" was stopped for the backup, and does not start again.', directory),
    why: said.slice(-5).join('\n'),
    next: l10n.t('Read "{0}", mend the cause, and start it with pg_ctl.', how.log),
    remedies: [{ do: 'showLog' }],
  });
};

/** A server that is stopping says so in its `postmaster.pid` (utils/pidfile.h, PM_STATUS_STOPPING). */
async function stoppedAtLast(directory: string): Promise<void> {
  const began = performance.now();
  while (performance.now() - began < patienceSeconds * 1000) {
    const status = (await readFile(join(directory, 'postmaster.pid'), 'latin1').catch(() => '')).split(
      '\n',
    )[7];
    if (status?.trim() !== 'stopping' || (await readClusterState(directory)).server === null) return;
    await until(200);
  }
}

/** Whose server it is, where we are root: PostgreSQL does not run as root. */
async function ownerOf(directory: string): Promise<{ uid: number; gid: number } | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const { uid, gid } = await stat(directory);
  return { uid, gid };
}
