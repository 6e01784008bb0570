import * as vscode from 'vscode';
import type { Role } from '../../../engine/connections/types';
import { roleName } from '../../connections';
import { chooseConnection, chooseDatabase } from '../choose';
import type { Call, Command } from '../command';
import { roles } from './form';

interface Answers {
  /** `server`: as its server. */
  role: Role | 'server';
}

/** A role for one database that differs from its server's. */
export const setDatabaseRole: Command = {
  id: 'restorePoint.setDatabaseRole',
  async run(services, { target }: Call<Answers>) {
    const { ask, connections } = services;
    const title = vscode.l10n.t('Set Role of Database');
    const connection = await chooseConnection(services, target, title);
    const database = await chooseDatabase(services, connection, target, title);
    const now = connection.databaseRoles?.[database] ?? 'server';
    const role =
      target.role ??
      (await ask.pick<Role | 'server'>({
        id: 'database.role',
        title,
        placeholder: database,
        options: [
          {
            label: vscode.l10n.t('As the server: {0}', roleName(connection.role)),
            picked: now === 'server',
            value: 'server',
          },
          ...roles.map((one) => ({ label: roleName(one), picked: now === one, value: one })),
        ],
      }));
    const others = Object.entries(connection.databaseRoles ?? {}).filter(([name]) => name !== database);
    // fromEntries, because a database may well be called __proto__.
    const databaseRoles = Object.fromEntries(role === 'server' ? others : [...others, [database, role]]);
    await connections.save({ ...connection, databaseRoles });
  },
};
