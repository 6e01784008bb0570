import * as vscode from 'vscode';
import type { DumpallRequest, SetRequest } from '../../../engine/backup';
import type { Ask } from '../../ask';
import { askServerOptions } from '../../options/serverSheet';
import { chooseConnection } from '../choose';
import type { Call, Command } from '../command';
import { startOrShow } from '../showPlan';
import type { Started } from '../startPlan';
import { fromSettings, planBackup } from './plan';

type Scope = DumpallRequest['scope'] | 'set';

/** The whole server: every database as an archive of its own, or pg_dumpall's script. */
export const backUpServer: Command = {
  id: 'restorePoint.backUpServer',
  async run(services, { target }: Call<{ scope: Scope; folder: string }>): Promise<Started | undefined> {
    const title = vscode.l10n.t('Back Up Server');
    const connection = await chooseConnection(services, target, title);
    const scope = target.scope ?? (await askScope(services.ask, title));
    const { verify } = fromSettings();
    const request: DumpallRequest | SetRequest =
      scope === 'set' ? { method: 'set', verify } : { method: 'dumpall', scope, verify };
    // Who names the scope wants no more questions.
    const answer =
      target.scope === undefined
        ? await askServerOptions(services, connection, title, request)
        : { request, showPlan: false };
    const plan = await planBackup(services, connection, answer.request, target.folder);
    const where = { connection, database: '*' };
    return await startOrShow(services, plan, where, { show: answer.showPlan });
  },
};

async function askScope(ask: Ask, title: string): Promise<Scope> {
  return await ask.pick<Scope>({
    id: 'backup.scope',
    title,
    placeholder: vscode.l10n.t('What is backed up'),
    options: [
      {
        label: vscode.l10n.t('Every database, each as an archive, with roles and tablespaces'),
        detail: vscode.l10n.t('One folder; single databases and tables can be restored from it.'),
        value: 'set',
      },
      {
        label: vscode.l10n.t('Everything as one script'),
        detail: vscode.l10n.t('pg_dumpall; restored as a whole only.'),
        value: 'all',
      },
      { label: vscode.l10n.t('Roles and tablespaces'), value: 'globals' },
      { label: vscode.l10n.t('Roles only'), value: 'roles' },
      { label: vscode.l10n.t('Tablespaces only'), value: 'tablespaces' },
      { label: vscode.l10n.t('Definitions only'), value: 'schema' },
      { label: vscode.l10n.t('Data only'), value: 'data' },
    ],
  });
}
