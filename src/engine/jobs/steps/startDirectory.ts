import { chown, mkdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import * as l10n from '@vscode/l10n';
import { RestorePointError } from '../../errors';
import { readControlFile } from '../../pgdata/restoring';
import { quoteWord } from '../../tools';
import type { StartDirectoryStep } from '../../plan';
import { throwIfCancelled } from '../wait';
import { explainFileError } from '../../fileFailure';
import { pgCtl } from './pgCtl';
import { recoveryFailure } from './recoveryFailure';
import { serverUser } from './serverUser';
import { guardSide } from './sideGuard';
import type { Executor } from './types';

/** Recovery from a large backup reads much WAL; pg_ctl gives up before the server does. */
const patienceSeconds = 3600;
const logTail = 2000;

/** pg_ctl starts the cluster on a port and socket of its own: reached by nobody else, and it archives nothing. */
export const startDirectory: Executor<StartDirectoryStep> = async (step, { job, signal, log, notes }) => {
  const { build, folder, port, socketFolder } = step;
  const user = await serverUser();
  const logFile = join(folder, 'restore-point.log');
  try {
    if (!(await stat(socketFolder).catch(() => null))) {
      await mkdir(socketFolder, { recursive: true, mode: 0o700 });
      if (user) await chown(socketFolder, user.uid, user.gid);
    }
  } catch (error) {
    throw explainFileError(error, socketFolder);
  }
  const hbaFile = join(folder, 'restore-point.hba.conf');
  const settings: Record<string, string | number> = {
    ...(await leastSettings(folder)),
    port,
    listen_addresses: '',
    unix_socket_directories: socketFolder,
    // Its WAL is another's now: it must not go where the original archives.
    archive_mode: 'off',
    ...(step.onlyOwner ? { unix_socket_permissions: '0700', hba_file: hbaFile } : {}),
  };
  const words = Object.entries(settings).map(([name, value]) => `-c ${name}=${quoteWord(String(value))}`);
  const guard = await guardSide(build, folder, user);
  notes.guards.set(folder, guard);
  const { exitCode } = await pgCtl(
    'start',
    ['-t', String(patienceSeconds), '-l', logFile, '-o', words.join(' ')],
    { build, folder, user, signal, onLine: (line) => log('info', line, 'pg_ctl') },
  );
  // The server goes on starting when pg_ctl is ended: the guard stops it.
  throwIfCancelled(signal);
  if (exitCode !== 0) {
    const known = await recoveryFailure(folder);
    if (known) throw known;
    const said = (await readFile(logFile, 'utf8').catch(() => '')).slice(-logTail);
    throw new RestorePointError({
      code: 'cluster.notStarted',
      what: l10n.t('The cluster is restored into "{0}", but it did not start.', folder),
      why:
        said
          .split('\n')
          .filter((line) => /FATAL|PANIC|ERROR|HINT|DETAIL/.test(line))
          .slice(-5)
          .join('\n') || said,
      next: l10n.t('Read "{0}", mend the cause, and start it with pg_ctl.', logFile),
      remedies: [{ do: 'showLog' }],
    });
  }
  const goesOn = job.plan.steps.some((one) => one.do === 'reachTarget' && one.folder === folder);
  if (!goesOn) {
    notes.guards.delete(folder);
    await guard.release();
  }
  return { port, socketFolder, directory: folder };
};

/** Lower than on the original they would end a recovery that lets readers in. */
async function leastSettings(folder: string): Promise<Record<string, number>> {
  const { settings } = await readControlFile(folder);
  const conf = await readFile(join(folder, 'postgresql.conf'), 'utf8').catch(() => '');
  return Object.fromEntries(
    Object.entries(settings).filter(([name, value]) => {
      const own = [...conf.matchAll(new RegExp(`^\\s*${name}\\s*=?\\s*'?(\\d+)`, 'gm'))].at(-1)?.[1];
      return own !== undefined ? Number(own) < value : value > 0;
    }),
  );
}
