import * as vscode from 'vscode';
import { setting, updateSetting } from '../../settings';
import type { Call, Command } from '../command';

interface Answers {
  folder: string;
}

/** Lists another folder's backups too. */
export const addBackupFolder: Command = {
  id: 'restorePoint.addBackupFolder',
  async run({ ask, backups }, { target }: Call<Answers>) {
    const folder =
      target.folder ??
      (await ask.file({
        id: 'backups.addFolder',
        title: vscode.l10n.t('Folder with backups'),
        button: vscode.l10n.t('Add Folder'),
        what: 'folder',
      }));
    await updateSetting('backups.folders', [...new Set([...setting('backups.folders'), folder])]);
    backups.refresh();
  },
};

/** Its files stay; they are only not listed any more. */
export const removeBackupFolder: Command = {
  id: 'restorePoint.removeBackupFolder',
  async run({ ask, backups }, { target }: Call<Answers>) {
    const folders = setting('backups.folders');
    const folder =
      target.folder ??
      (await ask.pick({
        id: 'backups.removeFolder',
        title: vscode.l10n.t('Stop Listing Folder'),
        placeholder: vscode.l10n.t('Its files stay as they are.'),
        options: folders.map((one) => ({ label: one, value: one })),
      }));
    await updateSetting(
      'backups.folders',
      folders.filter((one) => one !== folder),
    );
    backups.refresh();
  },
};
