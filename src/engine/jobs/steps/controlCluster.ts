import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as l10n from '@vscode/l10n';
import { ConnectionStore } from '../../connections';
import { RestorePointError } from '../../errors';
import { readClusterState } from '../../pgdata/restoring';
import type { ControlClusterStep } from '../../plan';
import { explainFileError } from '../../fileFailure';
import { homeOf } from '../folder';
import { throwIfCancelled } from '../wait';
import { pgCtl } from './pgCtl';
import { serverUser } from './serverUser';
import type { Executor, StepContext } from './types';

/** Opens a recovered cluster for writing, or stops it; or stops it and takes it away. */
export const controlCluster: Executor<ControlClusterStep> = async (step, context) => {
  const { folder, action } = step;
  if (action === 'promote') return await control(step, 'promote', [], context);
  // The file of a server that was killed says nothing.
  if ((await readClusterState(folder).catch(() => null))?.server != null)
    await control(step, 'stop', ['-m', 'fast'], context);
  if (action === 'stop') return;
  try {
    for (const path of [folder, `${folder}.tablespaces`])
      await rm(path, { recursive: true, force: true, maxRetries: 3 });
  } catch (error) {
    throw explainFileError(error, folder);
  }
  const store = new ConnectionStore(homeOf(context.job.folder));
  for (const { id, recovered } of store.list()) if (recovered?.directory === folder) await store.remove(id);
};

async function control(
  { build, folder }: ControlClusterStep,
  verb: 'promote' | 'stop',
  more: string[],
  { signal, log }: StepContext,
): Promise<void> {
  const said: string[] = [];
  const onLine = (line: string): void => {
    said.push(line);
    log('info', line, 'pg_ctl');
  };
  const { exitCode } = await pgCtl(verb, more, { build, folder, user: await serverUser(), signal, onLine });
  throwIfCancelled(signal);
  if (exitCode === 0) return;
  const file = join(folder, 'restore-point.log');
  throw new RestorePointError({
    code: 'cluster.refused',
    what: l10n.t('pg_ctl {0} failed in "{1}".', verb, folder),
    why: said.slice(-3).join('\n') || (await readFile(file, 'utf8').catch(() => '')).slice(-500),
    next: l10n.t('Read "{0}".', file),
  });
}
