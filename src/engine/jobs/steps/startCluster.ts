import { chown, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as l10n from '@vscode/l10n';
import { CancelledError, RestorePointError } from '../../errors';
import type { StartClusterStep } from '../../plan';
import { processStartTicks, startProcess, type StartedProcess } from '../../process';
import { throwIfCancelled, until } from '../wait';
import { explainFileError } from './fileFailure';
import type { Executor, StepContext } from './types';

/** Until it takes connections. */
const patienceMs = 60_000;
/** It is thrown away: nothing has to outlive a crash, and only its folder's owner comes in. */
const settings = {
  listen_addresses: '',
  unix_socket_permissions: '0700',
  fsync: 'off',
  full_page_writes: 'off',
  synchronous_commit: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_wal_size: '4GB',
  max_locks_per_transaction: '512',
  log_min_messages: 'fatal',
};

/** initdb, then the server, with its socket in its own folder. It ends with `stopCluster`, or with this process. */
export const startCluster: Executor<StartClusterStep> = async (step, context) => {
  const { folder, build, title } = step;
  const user = await serverUser();
  const data = join(folder, 'data');
  const env = { PATH: process.env.PATH, LC_ALL: 'C', HOME: folder, TZ: process.env.TZ };
  await mkdir(folder, { mode: 0o700 }).catch((error: unknown) => {
    throw explainFileError(error, folder);
  });
  context.touched();
  if (user) await chown(folder, user.uid, user.gid);
  const options = { env, cwd: folder, ...(user ? { user } : {}) };
  const said: string[] = [];
  const onLine = (_stream: string, line: string): void => {
    said.push(line);
    context.log('info', line, 'postgres');
  };
  const made = await startProcess(
    join(build.folder, 'initdb'),
    ['-D', data, '-U', 'postgres', '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync'],
    { ...options, signal: context.signal, onLine },
  ).done;
  throwIfCancelled(context.signal);
  if (made.exitCode !== 0) throw notStarted(title, said);
  const args = ['-D', data, '-c', `unix_socket_directories=${folder}`];
  for (const [name, value] of Object.entries(settings)) args.push('-c', `${name}=${value}`);
  const server = startProcess(join(build.folder, 'postgres'), args, { ...options, onLine });
  context.notes.servers.set(folder, server);
  if (server.pid !== undefined)
    context.event({
      ...{
        type: 'process',
        pid: server.pid,
        startedAtTicks: processStartTicks(server.pid),
        name: 'postgres',
      },
    });
  await ready(step, server, context, said);
};

async function ready(
  { connection, title }: StartClusterStep,
  server: StartedProcess,
  { access, signal }: StepContext,
  said: string[],
): Promise<void> {
  let ended = false;
  void server.done.then(
    () => (ended = true),
    () => (ended = true),
  );
  const began = performance.now();
  for (;;) {
    if (signal.aborted) throw new CancelledError();
    try {
      await access(connection);
      return;
    } catch (error) {
      if (signal.aborted) throw new CancelledError();
      if (ended || performance.now() - began > patienceMs)
        throw notStarted(title, [...said, (error as Error).message]);
    }
    await until(100, signal);
  }
}

/** PostgreSQL does not run as root: then as the user that servers of this machine run as. */
async function serverUser(): Promise<{ uid: number; gid: number } | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const line = (await readFile('/etc/passwd', 'utf8').catch(() => ''))
    .split('\n')
    .find((one) => one.startsWith('postgres:'));
  const [, , uid, gid] = line?.split(':') ?? [];
  if (uid && gid) return { uid: Number(uid), gid: Number(gid) };
  throw new RestorePointError({
    code: 'cluster.root',
    what: l10n.t('A cluster cannot be started by root.'),
    why: l10n.t('PostgreSQL refuses to run as root, and there is no user postgres to run it as.'),
    next: l10n.t('Rehearse as another user, or on a server.'),
  });
}

function notStarted(title: string, said: string[]): RestorePointError {
  return new RestorePointError({
    code: 'cluster.notStarted',
    what: l10n.t('The throwaway cluster could not be started.'),
    why: said.slice(-5).join('\n') || title,
    next: l10n.t('Read the log, or rehearse on a server.'),
    remedies: [{ do: 'showLog' }],
  });
}
