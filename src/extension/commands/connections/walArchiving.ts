import * as vscode from 'vscode';
import { openArchiving } from '../../panels/archivingPanel';
import { chooseConnection } from '../choose';
import type { Command } from '../command';

/** The page on how a server archives its WAL. */
export const walArchiving: Command = {
  id: 'restorePoint.walArchiving',
  run: async (services, { target }) =>
    await openArchiving(services, await chooseConnection(services, target, vscode.l10n.t('WAL Archiving'))),
};
