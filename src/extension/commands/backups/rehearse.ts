import * as vscode from 'vscode';
import type { UserCheck } from '../../../engine/plan';
import { engine } from '../../engine';
import { setting } from '../../settings';
import { chooseBackup, chooseConnection } from '../choose';
import type { Call, Command } from '../command';
import { withRestoreContext } from '../points/planning';
import { planning, startPlan, type Started } from '../startPlan';
import type { Services } from '../../services';
import { clientBuilds } from '../../tools';

interface Answers {
  checks: UserCheck[];
  /** Into a throwaway cluster of this machine. */
  inCluster: boolean;
}

/** Whether in a cluster of this machine's own; asked where that can be and no server is named. */
async function inCluster(
  { ask }: Services,
  { inCluster: said, connection }: Call<Answers>['target'],
  title: string,
): Promise<boolean> {
  if (said !== undefined || connection !== undefined) return said ?? false;
  const { serverBuilds } = await engine();
  if ((await serverBuilds(await clientBuilds())).length === 0) return false;
  return await ask.pick({
    id: 'rehearse.where',
    title,
    placeholder: vscode.l10n.t('Where to rehearse'),
    options: [
      {
        label: vscode.l10n.t('In a throwaway cluster of this machine'),
        detail: vscode.l10n.t(
          'Made by the server programs that are here, reached by nobody else, removed at the end',
        ),
        value: true,
      },
      {
        label: vscode.l10n.t('In a throwaway database on a server…'),
        detail: vscode.l10n.t('Made for it and dropped at the end'),
        value: false,
      },
    ],
  });
}

/** A real restore into a database made for it, checked and dropped again: the strongest evidence there is. */
export const rehearse: Command = {
  id: 'restorePoint.rehearse',
  async run(services, { target, runAnyway }: Call<Answers>): Promise<Started> {
    const title = vscode.l10n.t('Rehearse Restore');
    const { path } = await chooseBackup(services, target, title, ({ partial }) => !partial);
    const { planClusterRehearsal, planRehearsal } = await engine();
    const request = {
      ...{
        artifact: path,
        checks: target.checks ?? setting('rehearsal.checks'),
        allowMetaCommands: runAnyway,
      },
    };
    if (await inCluster(services, target, title)) {
      const builds = await clientBuilds();
      const plan = await planning(() => planClusterRehearsal(request, { builds, now: new Date() }));
      return { job: await services.jobs.start(plan) };
    }
    const connection = await chooseConnection(services, target, title);
    const plan = await withRestoreContext(services, connection, (context) => planRehearsal(request, context));
    return await startPlan(services, plan, { connection, database: String(plan.facts.database) });
  },
};
