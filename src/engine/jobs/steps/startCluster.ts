import { chown, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { StartClusterStep } from '../../plan';
import { startProcess } from '../../process';
import { throwIfCancelled } from '../wait';
import { explainFileError } from '../../fileFailure';
import { notStarted, runServer, settingArguments, throwawayOptions } from './throwawayServer';
import type { Executor } from './types';

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
  const { folder, build } = step;
  const data = join(folder, 'data');
  const options = await throwawayOptions(folder);
  await mkdir(folder, { mode: 0o700 }).catch((error: unknown) => {
    throw explainFileError(error, folder);
  });
  context.touched();
  if (options.user) await chown(folder, options.user.uid, options.user.gid);
  const said: string[] = [];
  const making = await startProcess(
    join(build.folder, 'initdb'),
    ['-D', data, '-U', 'postgres', '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync'],
    {
      ...options,
      signal: context.signal,
      onLine: (_stream, line) => {
        said.push(line);
        context.log('info', line, 'postgres');
      },
    },
  );
  const made = await making.done;
  throwIfCancelled(context.signal);
  if (made.exitCode !== 0) throw notStarted(said);
  const args = ['-D', data, ...settingArguments({ unix_socket_directories: folder, ...settings })];
  await runServer({ ...step, patienceMs }, args, context);
};
