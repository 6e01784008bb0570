import * as vscode from 'vscode';
import type { Connection } from '../../../engine/connections/types';
import type { Call, Command } from '../command';
import { chooseConnection } from '../choose';
import { askConnection } from './form';
import { keepPassword } from './keepPassword';

interface Answers {
  /** The whole changed connection; nothing is asked then. */
  changed: Connection;
}

export const editConnection: Command = {
  id: 'restorePoint.editConnection',
  async run(services, { target }: Call<Answers>) {
    const { ask, connections, sessions, secrets } = services;
    const title = vscode.l10n.t('Edit Connection');
    const connection = structuredClone(await chooseConnection(services, target, title));
    const password = await secrets.get(connection.id);
    const draft = target.changed
      ? { connection: { ...target.changed, id: connection.id }, password }
      : await askConnection(ask, title, { connection, password });
    if (draft.password === undefined) await secrets.forget(connection.id);
    else if (draft.password !== password) await keepPassword(services, draft.connection, draft.password);
    sessions.close(connection.id);
    await connections.save(draft.connection);
    return draft.connection;
  },
};
