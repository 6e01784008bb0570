import * as vscode from 'vscode';
import type { CopyInRequest, CopyShape } from '../../../engine/backup';
import { engine } from '../../engine';
import { chooseConnection, chooseDatabase } from '../choose';
import type { Call, Command } from '../command';
import { confirmDestructive } from '../confirm';
import { planning, startPlan, type Started } from '../startPlan';
import { backupFolder } from '../../folders';
import { clientBuilds } from '../../tools';
import { chooseTable } from './chooseTable';

/** Rows of a file into a table by COPY, in one transaction. */
export const importRows: Command = {
  id: 'restorePoint.importRows',
  async run(services, { target }: Call<{ shape: CopyShape; path: string }>): Promise<Started> {
    const { ask, sessions } = services;
    const title = vscode.l10n.t('Import Rows');
    const connection = await chooseConnection(services, target, title);
    const database = await chooseDatabase(services, connection, target, title);
    const table = await chooseTable(services, connection, database, target, title);
    const file =
      target.path ??
      (await ask.file({ id: 'rows.path', title, button: vscode.l10n.t('Import'), what: 'file' }));
    const { previewFile } = await (await engine()).backup();
    const { askShape } = await import('../../late');
    const shape =
      target.shape ??
      (await askShape(services, title, vscode.l10n.t('Import'), (chosen, limit) =>
        previewFile(file, chosen, limit),
      ));
    const request: CopyInRequest = { database, table, file, ...shape };
    const { planCopyIn } = await engine();
    const plan = await planning(async () => {
      const context = { builds: await clientBuilds(), folder: await backupFolder(), now: new Date() };
      return await sessions.use(connection, (access) => planCopyIn(request, { ...context, access }), {
        interactive: true,
      });
    });
    if (!plan.destroys.length)
      await confirmDestructive(services, {
        connection,
        database,
        message: vscode.l10n.t(
          'Add the rows of {0} to {1}.{2} in {3}?',
          file,
          table.schema,
          table.name,
          database,
        ),
        detail: plan.wayBack ? [plan.wayBack] : [],
        yes: vscode.l10n.t('Import'),
      });
    return await startPlan(services, plan, { connection, database });
  },
};
