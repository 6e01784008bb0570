import * as vscode from 'vscode';
import type { Call, Command } from '../command';

export const filterBackups: Command = {
  id: 'restorePoint.filterBackups',
  async run({ ask, trees }, { target }: Call<{ filter: string }>) {
    const filter =
      target.filter ??
      (await ask.text({
        id: 'backups.filter',
        title: vscode.l10n.t('Filter Backups'),
        prompt: vscode.l10n.t('Words of the database, connection, path or note. Empty: all backups.'),
        value: trees.backups.filter,
      }));
    trees.backups.setFilter(filter);
  },
};

export const clearBackupFilter: Command = {
  id: 'restorePoint.clearBackupFilter',
  run({ trees }) {
    trees.backups.setFilter('');
    return Promise.resolve();
  },
};
