import * as vscode from 'vscode';
import { chooseConnection } from '../choose';
import type { Command } from '../command';

/** Forgets connections and their passwords; servers and backups stay as they are. */
export const removeConnection: Command = {
  id: 'restorePoint.removeConnection',
  async run(services, { targets }) {
    const { ask, connections, secrets, sessions } = services;
    const title = vscode.l10n.t('Remove Connection');
    const named = targets.filter(
      ({ connection, database }) => connection !== undefined && database === undefined,
    );
    const chosen = [];
    for (const target of named.length ? named : [{}])
      chosen.push(await chooseConnection(services, target, title));
    await ask.confirm({
      id: 'confirm',
      message: vscode.l10n.t('Remove {0}?', chosen.map(({ name }) => name).join(', ')),
      detail: vscode.l10n.t(
        'The connection and its kept password are forgotten. Backups and the server stay as they are.',
      ),
      yes: vscode.l10n.t('Remove'),
    });
    for (const connection of chosen) {
      sessions.close(connection.id);
      await secrets.forget(connection.id);
      await connections.remove(connection);
    }
  },
};
