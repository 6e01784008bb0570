import * as vscode from 'vscode';
import type { DumpRequest } from '../../../engine/backup';
import { chooseConnection, chooseDatabase } from '../choose';
import type { Call, Command } from '../command';
import { startOrShow } from '../showPlan';
import type { Started } from '../startPlan';
import type { BackUpAnswers } from './backUpDatabase';
import { fromSettings, planBackup } from './plan';

/** Every option of pg_dump in one list, with the last answers; runs it or shows the plan. */
export const backUpDatabaseWithOptions: Command = {
  id: 'restorePoint.backUpDatabaseWithOptions',
  async run(services, { target }: Call<BackUpAnswers>): Promise<Started | undefined> {
    const title = vscode.l10n.t('Back Up Database with Options');
    const connection = await chooseConnection(services, target, title);
    const database = await chooseDatabase(services, connection, target, title);
    const { askBackupOptions } = await import('../../late');
    const answer = target.request
      ? { request: { method: 'dump' as const, ...fromSettings(), ...target.request }, showPlan: false }
      : await askBackupOptions(services, connection, title, fromSettings());
    const request: DumpRequest = { ...answer.request, database };
    const plan = await planBackup(services, connection, request, target.folder);
    return await startOrShow(services, plan, { connection, database }, { show: answer.showPlan });
  },
};
