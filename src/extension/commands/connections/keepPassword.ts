import * as vscode from 'vscode';
import type { Connection } from '../../../engine/connections/types';
import type { Services } from '../../services';

/** A password that came with a connection: kept in the secret storage if wanted, else for this window. */
export async function keepPassword(
  { ask, secrets }: Services,
  connection: Connection,
  password: string,
): Promise<void> {
  secrets.remember(connection.id, password);
  const keep = await ask.pick({
    id: 'connection.keepPassword',
    title: vscode.l10n.t('Password of {0}', connection.name),
    placeholder: vscode.l10n.t('It is never written to settings or files.'),
    options: [
      {
        label: vscode.l10n.t('Keep it'),
        detail: vscode.l10n.t('In the secret storage of the editor.'),
        picked: true,
        value: true,
      },
      {
        label: vscode.l10n.t('Do not keep it'),
        detail: vscode.l10n.t('It is asked for again in the next window.'),
        value: false,
      },
    ],
  });
  if (keep) await secrets.keep(connection.id, password);
}
