import * as vscode from 'vscode';
import type { BaseBackupRequest, DumpallRequest, SetRequest } from '../../../engine/backup';
import type { Ask } from '../../ask';
import { chooseConnection } from '../choose';
import type { Call, Command } from '../command';
import { startOrShow } from '../showPlan';
import type { Started } from '../startPlan';
import { fromSettings, planBackup } from './plan';

type Scope = DumpallRequest['scope'] | 'set' | 'basebackup';

/** The whole server: every database as an archive of its own, pg_dumpall's script, or its files. */
export const backUpServer: Command = {
  id: 'restorePoint.backUpServer',
  async run(
    services,
    { target }: Call<{ scope: Scope; folder: string; level: Level }>,
  ): Promise<Started | undefined> {
    const title = vscode.l10n.t('Back Up Server');
    const connection = await chooseConnection(services, target, title);
    const scope = target.scope ?? (await askScope(services.ask, title));
    if (scope === 'basebackup') {
      const level =
        target.level ?? (target.scope === undefined ? await askLevel(services.ask, title) : 'full');
      const plan = await planBackup(services, connection, { method: 'basebackup', level }, target.folder);
      return await startOrShow(services, plan, { connection, database: '*' }, { show: false });
    }
    const { verify } = fromSettings();
    const request: DumpallRequest | SetRequest =
      scope === 'set' ? { method: 'set', verify } : { method: 'dumpall', scope, verify };
    const { askServerOptions } = await import('../../late');
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

type Level = NonNullable<BaseBackupRequest['level']>;

async function askLevel(ask: Ask, title: string): Promise<Level> {
  return await ask.pick<Level>({
    id: 'backup.level',
    title,
    placeholder: vscode.l10n.t('How much of the files'),
    options: [
      { label: vscode.l10n.t('All'), description: vscode.l10n.t('a full backup'), value: 'full' },
      {
        label: vscode.l10n.t('What changed since the last backup'),
        description: vscode.l10n.t('incremental'),
        detail: vscode.l10n.t('PostgreSQL 17 and later, with summarize_wal; needs the backups before it.'),
        value: 'incremental',
      },
      {
        label: vscode.l10n.t('What changed since the last full backup'),
        description: vscode.l10n.t('differential'),
        detail: vscode.l10n.t('The same; needs that full backup only.'),
        value: 'differential',
      },
    ],
  });
}

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
      {
        label: vscode.l10n.t('The files of the server'),
        description: vscode.l10n.t('base backup'),
        detail: vscode.l10n.t('pg_basebackup; a server as it was, also at later moments with its WAL.'),
        value: 'basebackup',
      },
      { label: vscode.l10n.t('Roles and tablespaces'), value: 'globals' },
      { label: vscode.l10n.t('Roles only'), value: 'roles' },
      { label: vscode.l10n.t('Tablespaces only'), value: 'tablespaces' },
      { label: vscode.l10n.t('Definitions only'), value: 'schema' },
      { label: vscode.l10n.t('Data only'), value: 'data' },
    ],
  });
}
