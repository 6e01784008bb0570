import * as vscode from 'vscode';
import type { CombineBackupRequest } from '../../../engine/backup';
import { engine } from '../../engine';
import { clientBuilds } from '../../tools';
import { chooseBackup } from '../choose';
import type { Call, Command } from '../command';
import { startOrShow } from '../showPlan';
import { planning, type Started } from '../startPlan';
import { isBase, requireBase } from './restoreBaseBackup';

interface Answers {
  way: NonNullable<CombineBackupRequest['way']>;
}

/** A new full backup of an incremental one and all that it needs; the server is not asked. */
export const combineBaseBackups: Command = {
  id: 'restorePoint.combineBaseBackups',
  async run(services, { target }: Call<Answers>): Promise<Started | undefined> {
    const title = vscode.l10n.t('Combine into a Full Backup');
    const artifact = await chooseBackup(
      services,
      target,
      title,
      (one) => isBase(one) && one.manifest?.base?.level !== 'full',
    );
    await requireBase(artifact);
    const { planCombine } = await engine();
    const builds = await clientBuilds();
    const request = { artifact: artifact.path, ...(target.way ? { way: target.way } : {}) };
    const plan = await planning(() => planCombine(request, { builds, now: new Date() }));
    return await startOrShow(services, plan, null, { show: false });
  },
};
