import { basename } from 'node:path';
import * as vscode from 'vscode';
import { insideUri } from '../../documents/dumpUris';
import type { Call, Command } from '../command';
import { chooseDump } from './chooseDump';

interface Answers {
  where: 'here' | 'newWindow';
}

/** A dump as a read-only folder of definitions and rows, beside the other folders or in a window of its own. */
export const openAsFolder: Command = {
  id: 'restorePoint.openAsFolder',
  untrusted: true,
  async run(services, { target }: Call<Answers>) {
    const title = vscode.l10n.t('Open Dump as Folder');
    const path = await chooseDump(services, target, title);
    const where =
      target.where ??
      (await services.ask.pick<Answers['where']>({
        id: 'contents.folder',
        title,
        placeholder: vscode.l10n.t('What is inside stays read-only.'),
        options: [
          {
            label: vscode.l10n.t('Add to This Workspace'),
            detail: vscode.l10n.t('The editor may start its extensions anew.'),
            value: 'here',
          },
          { label: vscode.l10n.t('Open in a New Window'), value: 'newWindow' },
        ],
      }));
    const uri = insideUri(path);
    if (where === 'newWindow') {
      await vscode.commands.executeCommand('vscode.openFolder', uri, { forceNewWindow: true });
      return;
    }
    const folders = vscode.workspace.workspaceFolders ?? [];
    if (folders.some((folder) => folder.uri.toString() === uri.toString())) return;
    vscode.workspace.updateWorkspaceFolders(folders.length, 0, { uri, name: basename(path) });
  },
};
