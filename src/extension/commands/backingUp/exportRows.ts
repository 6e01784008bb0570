import * as vscode from 'vscode';
import type { CopyRequest, CopyShape } from '../../../engine/backup';
import { engine } from '../../engine';
import { chooseConnection, chooseDatabase } from '../choose';
import type { Call, Command } from '../command';
import { startPlan, type Started } from '../startPlan';
import { chooseTable } from './chooseTable';
import { planBackup } from './plan';

/** Rows of a table into a file by COPY. */
export const exportRows: Command = {
  id: 'restorePoint.exportRows',
  async run(services, { target }: Call<{ shape: CopyShape; path: string }>): Promise<Started> {
    const { ask, sessions } = services;
    const title = vscode.l10n.t('Export Rows');
    const connection = await chooseConnection(services, target, title);
    const database = await chooseDatabase(services, connection, target, title);
    const table = await chooseTable(services, connection, database, target, title);
    const { previewRows } = await (await engine()).backup();
    const { askShape } = await import('../../late');
    const shape =
      target.shape ??
      (await askShape(services, title, vscode.l10n.t('Export'), (chosen, limit) =>
        sessions.use(
          connection,
          (access) => previewRows({ method: 'copy', database, table, ...chosen }, { access }, limit),
          { interactive: true },
        ),
      ));
    const path =
      target.path ??
      (await ask.file({
        id: 'rows.path',
        title,
        button: vscode.l10n.t('Export'),
        what: 'save',
        start: `${table.name}.${shape.format}`,
      }));
    const request: CopyRequest = { method: 'copy', database, table, ...shape, path };
    const plan = await planBackup(services, connection, request);
    return await startPlan(services, plan, { connection, database });
  },
};
