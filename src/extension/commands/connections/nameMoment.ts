import * as vscode from 'vscode';
import { engine } from '../../engine';
import { oneLine } from '../../format';
import { requireTrust } from '../../trust';
import { chooseConnection } from '../choose';
import type { Call, Command } from '../command';

/** MAXFNAMELEN of PostgreSQL, less its end. */
const longest = 63;

/** Gives the present place in the WAL a name that a recovery can go to. */
export const nameMoment: Command = {
  id: 'restorePoint.nameMoment',
  async run(services, { target }: Call<{ name: string }>): Promise<{ name: string; lsn: string }> {
    requireTrust();
    const title = vscode.l10n.t('Name This Moment');
    const connection = await chooseConnection(services, target, title);
    const name =
      target.name ??
      (await services.ask.text({
        id: 'moment.name',
        title,
        prompt: vscode.l10n.t('A name for this moment, as a recovery is told it (recovery_target_name)'),
        placeholder: 'before_release',
        validate: (text) =>
          text.trim() === '' || Buffer.byteLength(text.trim()) > longest
            ? vscode.l10n.t('A name has 1 to {0} bytes.', longest)
            : undefined,
      }));
    const { withClient } = await engine();
    const lsn = await services.sessions.use(
      connection,
      (access) =>
        withClient(access, access.loginDatabase ?? access.connection.settings.database, async (client) => {
          const { rows } = await client.query<{ lsn: string }>(
            'select pg_catalog.pg_create_restore_point($1)::text as lsn',
            [name.trim()],
          );
          return rows[0]!.lsn;
        }),
      { interactive: true },
    );
    void vscode.window.showInformationMessage(
      vscode.l10n.t('{0} is {1} on {2}.', oneLine(name), lsn, connection.name),
    );
    return { name: name.trim(), lsn };
  },
};
