import * as vscode from 'vscode';
import type { Connection } from '../../engine/connections/types';
import { engine } from '../engine';
import type { Services } from '../services';

/**
 * Asks before something is lost. On production the name of the database has to be typed; elsewhere a
 * modal question names what will be lost.
 */
export async function confirmDestructive(
  { ask }: Services,
  parts: { connection: Connection; database: string; message: string; detail: string[]; yes: string },
): Promise<void> {
  const { connection, database, message, yes } = parts;
  const { roleOf } = await engine();
  const detail = parts.detail.join('\n');
  if (roleOf(connection, database) !== 'production') {
    await ask.confirm({ id: 'confirm', message, detail, yes });
    return;
  }
  await ask.text({
    id: 'confirm.production',
    title: vscode.l10n.t('PRODUCTION: {0}', message),
    prompt: [detail, vscode.l10n.t('Type the name of the database to go on: {0}', database)]
      .filter(Boolean)
      .join(' '),
    validate: (text) =>
      text === database ? undefined : vscode.l10n.t('This is not the name of the database.'),
  });
}
