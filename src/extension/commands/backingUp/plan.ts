import type { Connection } from '../../../engine/connections/types';
import type { BackupRequest, VerifyLevel } from '../../../engine/backup';
import type { Plan } from '../../../engine/plan';
import { engine } from '../../engine';
import { backupFolder } from '../../folders';
import type { Services } from '../../services';
import { setting } from '../../settings';
import { clientBuilds } from '../../tools';
import { planning } from '../startPlan';

/** What the settings say where a request says nothing. */
export function fromSettings(): {
  format: ReturnType<typeof setting<'backups.format'>>;
  verify: VerifyLevel;
} {
  return { format: setting('backups.format'), verify: setting('backups.verify') };
}

/** By how much rows of a table may fall, 0 … 1, before a backup looks wrong. */
export function rowsMayFall(): number {
  return setting('backups.rowsMayFall') / 100;
}

/** The plan of a backup; asks the server, changes nothing. `folder` absent: the setting's. */
export async function planBackup(
  { sessions }: Services,
  connection: Connection,
  request: BackupRequest,
  folder?: string,
): Promise<Plan> {
  const { planBackup } = await engine();
  return await planning(async () => {
    const builds = await clientBuilds();
    const context = {
      builds,
      folder: folder ?? (await backupFolder()),
      now: new Date(),
      rowsMayFall: rowsMayFall(),
    };
    return await sessions.use(connection, (access) => planBackup(request, { ...context, access }), {
      interactive: true,
    });
  });
}
