import * as vscode from 'vscode';
import type { Role } from '../../../engine/connections/types';
import { chooseConnection } from '../choose';
import type { Call, Command } from '../command';
import { askRole } from './form';

export const setConnectionRole: Command = {
  id: 'restorePoint.setConnectionRole',
  async run(services, { target }: Call<{ role: Role }>) {
    const title = vscode.l10n.t('Set Role of Server');
    const connection = await chooseConnection(services, target, title);
    const role = target.role ?? (await askRole(services.ask, title, connection.role));
    await services.connections.save({ ...connection, role });
  },
};
