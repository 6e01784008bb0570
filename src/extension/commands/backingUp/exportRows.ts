import * as vscode from 'vscode';
import type { CopyFormat, CopyRequest, CopyShape } from '../../../engine/backup';
import type { Ask } from '../../ask';
import { chooseConnection, chooseDatabase } from '../choose';
import type { Call, Command } from '../command';
import { startPlan, type Started } from '../startPlan';
import { chooseTable } from './chooseTable';
import { planBackup } from './plan';

/** The format of rows in a file, and whether its first line names the columns. */
export async function askShape(ask: Ask, title: string): Promise<CopyShape> {
  const format = await ask.pick<CopyFormat>({
    id: 'rows.format',
    title,
    placeholder: vscode.l10n.t('Format of the rows'),
    options: [
      {
        label: 'CSV',
        detail: vscode.l10n.t('Comma-separated, for spreadsheets and most programs.'),
        value: 'csv',
      },
      { label: 'TSV', detail: vscode.l10n.t('Tab-separated, PostgreSQL’s own text format.'), value: 'tsv' },
      {
        label: vscode.l10n.t('Binary'),
        detail: vscode.l10n.t('PostgreSQL’s binary format, for the same columns only.'),
        value: 'binary',
      },
    ],
  });
  if (format === 'binary') return { format };
  const header = await ask.pick({
    id: 'rows.header',
    title,
    placeholder: vscode.l10n.t('First line'),
    options: [
      { label: vscode.l10n.t('Names of the columns'), value: true },
      { label: vscode.l10n.t('Rows'), value: false },
    ],
  });
  return { format, header };
}

/** Rows of a table into a file by COPY. */
export const exportRows: Command = {
  id: 'restorePoint.exportRows',
  async run(services, { target }: Call<{ shape: CopyShape; path: string }>): Promise<Started> {
    const { ask } = services;
    const title = vscode.l10n.t('Export Rows');
    const connection = await chooseConnection(services, target, title);
    const database = await chooseDatabase(services, connection, target, title);
    const table = await chooseTable(services, connection, database, target, title);
    const shape = target.shape ?? (await askShape(ask, title));
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
