import * as vscode from 'vscode';
import type { Connection } from '../../../engine/connections/types';
import { engine } from '../../engine';
import { findInWorkspace } from '../../found';
import type { Services } from '../../services';
import type { Target } from '../../target';
import type { Command } from '../command';

/** What the workspace's files name, as a connection, with its password for this window. */
export async function takeFound(services: Services, target: Target): Promise<Connection> {
  const { ask, connections, log, secrets } = services;
  const all = await findInWorkspace(log);
  const found =
    all.find(({ key }) => key === target.found) ??
    (await ask.pick({
      id: 'found',
      title: vscode.l10n.t('Found in Workspace'),
      options: all.map((one) => ({
        label: one.connection.label,
        description: one.connection.detail,
        value: one,
      })),
    }));
  const { connectionFrom } = await engine();
  const { settings, label, password } = found.connection;
  const connection = connectionFrom({ settings, name: label });
  if (password) secrets.remember(connection.id, password);
  connections.use(connection);
  return connection;
}

/** Shows the server in the tree; nothing is stored until "Keep Connection". */
export const useFoundConnection: Command = {
  id: 'restorePoint.useFoundConnection',
  run: (services, { target }) => takeFound(services, target),
};
