import * as vscode from 'vscode';
import type { UserCheck } from '../../../engine/plan';
import { engine } from '../../engine';
import { setting } from '../../settings';
import { chooseBackup, chooseConnection } from '../choose';
import type { Call, Command } from '../command';
import { withRestoreContext } from '../points/planning';
import { startPlan, type Started } from '../startPlan';

/** A real restore into a database made for it, checked and dropped again: the strongest evidence there is. */
export const rehearse: Command = {
  id: 'restorePoint.rehearse',
  async run(services, { target, runAnyway }: Call<{ checks: UserCheck[] }>): Promise<Started> {
    const title = vscode.l10n.t('Rehearse Restore');
    const { path } = await chooseBackup(services, target, title, ({ partial }) => !partial);
    const connection = await chooseConnection(services, target, title);
    const { planRehearsal } = await engine();
    const plan = await withRestoreContext(services, connection, (context) =>
      planRehearsal(
        {
          artifact: path,
          checks: target.checks ?? setting('rehearsal.checks'),
          allowMetaCommands: runAnyway,
        },
        context,
      ),
    );
    return await startPlan(services, plan, { connection, database: String(plan.facts.database) });
  },
};
