import * as vscode from 'vscode';
import { chooseBackup } from '../choose';
import type { Command } from '../command';

export const revealBackupInOs: Command = {
  id: 'restorePoint.revealBackupInOs',
  async run(services, { target }) {
    const { path } = await chooseBackup(services, target, vscode.l10n.t('Reveal Backup'));
    await vscode.commands.executeCommand('revealFileInOS', vscode.Uri.file(path));
  },
};

/** In the Explorer view; a backup outside of the workspace is shown by the system's file manager. */
export const revealBackupInExplorer: Command = {
  id: 'restorePoint.revealBackupInExplorer',
  async run(services, { target }) {
    const { path } = await chooseBackup(services, target, vscode.l10n.t('Reveal Backup'));
    const uri = vscode.Uri.file(path);
    const inWorkspace = vscode.workspace.getWorkspaceFolder(uri) !== undefined;
    await vscode.commands.executeCommand(inWorkspace ? 'revealInExplorer' : 'revealFileInOS', uri);
  },
};

export const copyBackupPath: Command = {
  id: 'restorePoint.copyBackupPath',
  async run(services, { target, targets }) {
    const paths = targets.flatMap(({ artifact }) => artifact ?? []);
    if (!paths.length) paths.push((await chooseBackup(services, target, vscode.l10n.t('Copy Path'))).path);
    await vscode.env.clipboard.writeText(paths.join('\n'));
  },
};
