import * as vscode from 'vscode';
import type { ClientBuild } from '../../../engine/tools/types';
import { setting, updateSetting } from '../../settings';
import { clientBuilds } from '../../tools';
import type { Call, Command } from '../command';

function originText(origin: ClientBuild['origin']): string {
  switch (origin) {
    case 'setting':
      return vscode.l10n.t('from the setting');
    case 'path':
      return vscode.l10n.t('on PATH');
    case 'prefix':
      return vscode.l10n.t('through the prefix');
    default:
      return vscode.l10n.t('installed ({0})', origin);
  }
}

/** Lists what was found; choosing one opens the settings about tools. */
export const showTools: Command = {
  id: 'restorePoint.showTools',
  async run({ ask }) {
    const builds = await clientBuilds();
    const chosen = await ask.pick<'install' | 'add' | 'settings'>({
      id: 'tools',
      title: vscode.l10n.t('PostgreSQL Clients'),
      placeholder: builds.length
        ? vscode.l10n.t('The nearest that is not older than the server makes its backups.')
        : vscode.l10n.t('None was found on this machine.'),
      options: [
        ...builds.map(({ version, folder, compression, origin }) => ({
          label: `$(check) ${version.text}`,
          description: originText(origin),
          detail: vscode.l10n.t('{0} · compression: {1}', folder, compression.join(', ')),
          value: 'settings' as const,
        })),
        { label: vscode.l10n.t('Add folder…'), heading: vscode.l10n.t('Not here?'), value: 'add' },
        { label: vscode.l10n.t('How to install'), value: 'install' },
      ],
    });
    if (chosen === 'install') await vscode.commands.executeCommand('restorePoint.installTools');
    else if (chosen === 'add') await vscode.commands.executeCommand('restorePoint.addToolFolder');
    else await vscode.commands.executeCommand('restorePoint.openSettings', 'tools');
    return builds;
  },
};

/** Looks for PostgreSQL programs in one more folder. */
export const addToolFolder: Command = {
  id: 'restorePoint.addToolFolder',
  async run({ ask }, { target }: Call<{ folder: string }>) {
    const folder =
      target.folder ??
      (await ask.file({
        id: 'tools.folder',
        title: vscode.l10n.t('Folder with pg_dump, pg_restore and psql'),
        button: vscode.l10n.t('Add Folder'),
        what: 'folder',
      }));
    await updateSetting('tools.folders', [...new Set([folder, ...setting('tools.folders')])]);
    const builds = await clientBuilds();
    const found = builds.find((build) => build.folder === folder);
    if (found)
      void vscode.window.showInformationMessage(
        vscode.l10n.t('Found PostgreSQL {0} there.', found.version.text),
      );
    else
      void vscode.window.showWarningMessage(
        vscode.l10n.t('No PostgreSQL programs were found in {0}.', folder),
      );
    return builds;
  },
};
