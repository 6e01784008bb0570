import * as vscode from 'vscode';
import type { CreatePointRequest } from '../../../engine/restore';
import { engine } from '../../engine';
import { chooseConnection, chooseDatabase } from '../choose';
import type { Call, Command } from '../command';
import { startPlan, type Started } from '../startPlan';
import { withRestoreContext } from './planning';

export interface CreatePointAnswers {
  note: string;
  how: CreatePointRequest['how'];
}

/** Keeps a database as it is now. */
export const createPoint: Command = {
  id: 'restorePoint.createPoint',
  async run(services, { target }: Call<CreatePointAnswers>): Promise<Started> {
    const title = vscode.l10n.t('Create Restore Point');
    const connection = await chooseConnection(services, target, title);
    const database = await chooseDatabase(services, connection, target, title);
    const note =
      target.note ??
      (await services.ask.text({
        id: 'point.note',
        title,
        prompt: vscode.l10n.t('What comes next? It is shown beside the restore point.'),
        placeholder: vscode.l10n.t('before the migration'),
      }));
    const { planCreatePoint } = await engine();
    const plan = async (more: object): Promise<Awaited<ReturnType<typeof planCreatePoint>>> =>
      await withRestoreContext(services, connection, (context) =>
        planCreatePoint({ database, note, how: target.how ?? 'auto', ...more }, context),
      );
    return await startPlan(services, await plan({}), { connection, database, again: plan });
  },
};
