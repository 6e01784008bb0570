import * as vscode from 'vscode';
import { chooseConnection } from '../choose';
import type { Command } from '../command';

export const forgetPassword: Command = {
  id: 'restorePoint.forgetPassword',
  async run(services, { target }) {
    const { secrets, sessions } = services;
    const connection = await chooseConnection(services, target, vscode.l10n.t('Forget Password'));
    await secrets.forget(connection.id);
    sessions.close(connection.id);
  },
};
