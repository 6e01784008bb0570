import * as vscode from 'vscode';
import type { Command } from '../command';

const downloads = 'https://www.postgresql.org/download/';

export const openSettings: Command = {
  id: 'restorePoint.openSettings',
  untrusted: true,
  async run(_, { target }) {
    const query = target.setting
      ? `restorePoint.${target.setting.replace(/^restorePoint\./, '')}`
      : 'restorePoint';
    await vscode.commands.executeCommand('workbench.action.openSettings', query);
  },
};

export const showLog: Command = {
  id: 'restorePoint.showLog',
  untrusted: true,
  run({ log }) {
    log.show();
    return Promise.resolve();
  },
};

/** PostgreSQL's own pages: they know every system. */
export const installTools: Command = {
  id: 'restorePoint.installTools',
  untrusted: true,
  async run() {
    const platform =
      { linux: 'linux/', darwin: 'macosx/', win32: 'windows/' }[process.platform as string] ?? '';
    await vscode.env.openExternal(vscode.Uri.parse(downloads + platform));
  },
};
