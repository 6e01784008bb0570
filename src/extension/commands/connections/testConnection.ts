import * as vscode from 'vscode';
import { engine } from '../../engine';
import { viewIds } from '../../ids';
import { chooseConnection } from '../choose';
import type { Command } from '../command';

/** Logs in afresh and says what answered. */
export const testConnection: Command = {
  id: 'restorePoint.testConnection',
  async run(services, { target }) {
    const { knownServers, sessions, trees } = services;
    const connection = await chooseConnection(services, target, vscode.l10n.t('Test Connection'));
    sessions.close(connection.id);
    const { serverFacts, withClient } = await engine();
    const facts = await vscode.window.withProgress({ location: { viewId: viewIds.connections } }, () =>
      sessions.use(
        connection,
        (access) =>
          withClient(access, access.loginDatabase ?? access.connection.settings.database, serverFacts),
        { interactive: true },
      ),
    );
    const version = facts.version.text;
    knownServers.note(connection, version);
    void vscode.window.showInformationMessage(
      facts.inRecovery
        ? vscode.l10n.t('{0} answers: PostgreSQL {1}, a standby.', connection.name, version)
        : vscode.l10n.t('{0} answers: PostgreSQL {1}.', connection.name, version),
    );
    trees.connections.reload(target.row);
    return facts;
  },
};
