import * as vscode from 'vscode';
import { runSteps } from '../../ask';
import { chooseConnection } from '../choose';
import type { Command } from '../command';
import { nameAndRole, type Draft } from './form';
import { keepPassword } from './keepPassword';
import { takeFound } from './useFoundConnection';

/** Stores a connection that was found, or used without being kept. */
export const keepConnection: Command = {
  id: 'restorePoint.keepConnection',
  async run(services, { target }) {
    const { ask, connections, secrets } = services;
    const title = vscode.l10n.t('Keep Connection');
    const present =
      target.connection === undefined
        ? await takeFound(services, target)
        : await chooseConnection(services, target, title);
    const draft: Draft = { connection: structuredClone(present) };
    const { connection } = await runSteps(nameAndRole(ask, title), draft);
    const password = await secrets.get(connection.id);
    if (password && !(await secrets.isKept(connection.id)))
      await keepPassword(services, connection, password);
    await connections.keep(connection);
    return connection;
  },
};
