import * as vscode from 'vscode';
import type { DumpRequest } from '../../../engine/backup';
import { chooseConnection, chooseDatabase } from '../choose';
import type { Call, Command } from '../command';
import { startPlan, type Started } from '../startPlan';
import type { BackUpAnswers } from './backUpDatabase';
import { fromSettings, planBackup } from './plan';

type Part = 'all' | 'schema-only' | 'data-only';

/** Asks for format, part and note before it runs. */
export const backUpDatabaseWithOptions: Command = {
  id: 'restorePoint.backUpDatabaseWithOptions',
  async run(services, { target }: Call<BackUpAnswers>): Promise<Started> {
    const { ask } = services;
    const title = vscode.l10n.t('Back Up Database with Options');
    const connection = await chooseConnection(services, target, title);
    const database = await chooseDatabase(services, connection, target, title);
    const answers = target.request ?? (await askAll());
    const request: DumpRequest = { method: 'dump', database, ...fromSettings(), ...answers };
    const plan = await planBackup(services, connection, request, target.folder);
    return await startPlan(services, plan, { connection, database });

    async function askAll(): Promise<BackUpAnswers['request']> {
      const format = await ask.pick({
        id: 'backup.format',
        title,
        placeholder: vscode.l10n.t('Format'),
        options: (['custom', 'directory', 'tar', 'plain'] as const).map((value) => ({
          label: value,
          picked: value === fromSettings().format,
          value,
        })),
      });
      const part = await ask.pick<Part>({
        id: 'backup.part',
        title,
        placeholder: vscode.l10n.t('What is backed up'),
        options: [
          { label: vscode.l10n.t('Everything'), value: 'all' },
          { label: vscode.l10n.t('Definitions only'), value: 'schema-only' },
          { label: vscode.l10n.t('Data only'), value: 'data-only' },
        ],
      });
      const notes = await ask.text({
        id: 'backup.note',
        title,
        prompt: vscode.l10n.t('What this backup is for. May stay empty.'),
      });
      return { format, notes, options: part === 'all' ? {} : { [part]: true } };
    }
  },
};
