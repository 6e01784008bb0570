import * as vscode from 'vscode';
import { engine } from '../../engine';
import { chooseConnection } from '../choose';
import type { Command } from '../command';

/** A copy under a free name. Its password is not copied: it is another connection. */
export const duplicateConnection: Command = {
  id: 'restorePoint.duplicateConnection',
  async run(services, { target }) {
    const { connections } = services;
    const original = await chooseConnection(services, target, vscode.l10n.t('Duplicate Connection'));
    const { newConnectionId } = await engine();
    const names = new Set((await connections.list()).map(({ name }) => name));
    let number = 2;
    while (names.has(`${original.name} (${number})`)) number++;
    const copy = {
      ...structuredClone(original),
      id: newConnectionId(),
      name: `${original.name} (${number})`,
    };
    await connections.save(copy);
    return copy;
  },
};
