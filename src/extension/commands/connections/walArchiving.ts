import * as vscode from 'vscode';
import { chooseConnection } from '../choose';
import type { Command } from '../command';

/** The page on how a server archives its WAL. */
export const walArchiving: Command = {
  id: 'restorePoint.walArchiving',
  async run(services, { target }) {
    const connection = await chooseConnection(services, target, vscode.l10n.t('WAL Archiving'));
    const { openArchiving } = await import('../../late');
    return await openArchiving(services, connection);
  },
};
