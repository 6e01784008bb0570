import * as vscode from 'vscode';
import type { Plan } from '../../../engine/plan';
import type { RestoreRequest } from '../../../engine/restore';
import { engine } from '../../engine';
import { chooseBackup, chooseConnection, chooseDatabase } from '../choose';
import type { Call, Command } from '../command';
import { startPlan, type Started } from '../startPlan';
import { planOf, type RestoreAnswers } from './restore';

/** Restores a backup beside a database and swaps the names: the old one stays as a restore point. */
export const replaceDatabase: Command = {
  id: 'restorePoint.replaceDatabase',
  async run(services, { target, runAnyway }: Call<RestoreAnswers>): Promise<Started> {
    const title = vscode.l10n.t('Replace Database');
    const artifact = await chooseBackup(services, target, title, ({ partial }) => !partial);
    const connection = await chooseConnection(services, target, title);
    const database = target.into ?? (await chooseDatabase(services, connection, target, title));
    const request: RestoreRequest = {
      artifact: artifact.path,
      database,
      strategy: 'replace',
      ...(runAnyway ? { allowMetaCommands: true } : {}),
      ...target.request,
    };
    const { applyFix } = await engine();
    const plan = async (more: object): Promise<Plan> =>
      await planOf(services, connection, await applyFix(request, more));
    return await startPlan(services, await plan({}), { connection, database, again: plan });
  },
};
