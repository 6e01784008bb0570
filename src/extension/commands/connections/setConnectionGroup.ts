import * as vscode from 'vscode';
import { chooseConnection } from '../choose';
import type { Call, Command } from '../command';

interface Answers {
  /** Empty: no group. */
  group: string;
}

export const setConnectionGroup: Command = {
  id: 'restorePoint.setConnectionGroup',
  async run(services, { target, targets }: Call<Answers>) {
    const { ask, connections } = services;
    const title = vscode.l10n.t('Move to Group');
    const chosen = [];
    for (const one of targets) chosen.push(await chooseConnection(services, one, title));
    const group = target.group ?? (await askGroup());
    for (const connection of chosen) await connections.save({ ...connection, group: group || undefined });

    async function askGroup(): Promise<string> {
      const groups = new Set((await connections.list()).flatMap(({ group }) => (group ? [group] : [])));
      const other = {};
      const picked = await ask.pick<string | object>({
        id: 'connection.group',
        title,
        options: [
          ...[...groups].sort().map((name) => ({ label: name, value: name })),
          { label: vscode.l10n.t('New group…'), value: other },
          { label: vscode.l10n.t('No group'), value: '' },
        ],
      });
      if (typeof picked === 'string') return picked;
      return (
        await ask.text({ id: 'connection.newGroup', title, prompt: vscode.l10n.t('Name of the group') })
      ).trim();
    }
  },
};
