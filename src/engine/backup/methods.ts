import type { Method } from '../artifacts/types';
import type { Plan } from '../plan';
import { basebackup } from './basebackup';
import { copy } from './copy';
import { dump } from './dump';
import { dumpall } from './dumpall';
import { lowLevel } from './lowLevel';
import { offline } from './offline';
import { set } from './set';
import type { BackupMethod, BackupRequest, PlanContext } from './types';

/** Every way of making a backup: one file each, one line here. */
export const methods: { [M in Method]: BackupMethod<Extract<BackupRequest, { method: M }>> } = {
  dump,
  dumpall,
  set,
  copy,
  basebackup,
  offline,
  'low-level': lowLevel,
};

/**
 * Plans a backup: asks the server and the clients, writes nothing but the backup folder itself. The
 * plan is data of this moment; a cron line plans anew at each run, so new databases are noticed then.
 * Throws what connecting throws, `tool.*`, `folder.*`, `backup.*` and `copy.*`.
 */
export async function planBackup(request: BackupRequest, context: PlanContext): Promise<Plan> {
  const method = methods[request.method] as BackupMethod;
  return await method.plan(request, context);
}
