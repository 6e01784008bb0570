import * as vscode from 'vscode';
import type { Command } from '../command';

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
