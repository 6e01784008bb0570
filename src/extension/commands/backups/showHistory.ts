import * as vscode from 'vscode';
import { engine } from '../../engine';
import type { Services } from '../../services';
import type { Target } from '../../target';
import { chooseBackup } from '../choose';
import type { Command } from '../command';

/** The backups of a database over time, of a backup's or of one that is named. */
export const showHistory: Command = {
  id: 'restorePoint.showHistory',
  untrusted: true,
  async run(services, { target }) {
    const database = await databaseOf(services, target);
    const { openHistory } = await import('../../late');
    return await openHistory(services, database);
  },
};

async function databaseOf(services: Services, target: Target): Promise<string> {
  if (target.artifact === undefined && target.database !== undefined) return target.database;
  const artifact = await chooseBackup(services, target, vscode.l10n.t('Show History'));
  if (artifact.source.database !== null) return artifact.source.database;
  const { RestorePointError } = await engine();
  throw new RestorePointError({
    code: 'history.noSource',
    what: vscode.l10n.t('Nobody knows what database this is a backup of.'),
    why: artifact.path,
    next: vscode.l10n.t('Choose a backup that says it.'),
  });
}
