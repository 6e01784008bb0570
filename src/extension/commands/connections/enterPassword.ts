import * as vscode from 'vscode';
import { chooseConnection } from '../choose';
import type { Command } from '../command';
import { keepPassword } from './keepPassword';

/** Asks for the password again and draws the server anew with it. */
export const enterPassword: Command = {
  id: 'restorePoint.enterPassword',
  async run(services, { target }) {
    const { sessions, trees } = services;
    const connection = await chooseConnection(services, target, vscode.l10n.t('Enter Password'));
    const password = await sessions.askPassword(connection, false);
    await keepPassword(services, connection, password);
    sessions.close(connection.id);
    trees.connections.reload(target.row?.parent ?? target.row);
  },
};
