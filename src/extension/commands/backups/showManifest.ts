import * as vscode from 'vscode';
import { engine } from '../../engine';
import { chooseBackup } from '../choose';
import type { Command } from '../command';

export const showManifest: Command = {
  id: 'restorePoint.showManifest',
  async run(services, { target }) {
    const { path, manifestPath } = await chooseBackup(
      services,
      target,
      vscode.l10n.t('Show Manifest'),
      ({ manifest }) => manifest !== null,
    );
    if (manifestPath === null) throw await noManifest(path);
    await vscode.window.showTextDocument(vscode.Uri.file(manifestPath), { preview: true });
  },
};

/** The error for what only backups of our own have. */
export async function noManifest(path: string): Promise<Error> {
  const { RestorePointError } = await engine();
  return new RestorePointError({
    code: 'artifact.noManifest',
    what: vscode.l10n.t('This backup has no manifest.'),
    why: path,
    next: vscode.l10n.t('Only backups made by Restore Point have one.'),
  });
}
