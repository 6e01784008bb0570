import * as vscode from 'vscode';
import type { Connection } from '../../../engine/connections/types';
import { engine } from '../../engine';
import type { Services } from '../../services';
import { clientBuilds } from '../../tools';
import { planning, startPlan, type Started } from '../startPlan';

/** Asks where to and by which slot, and starts a job that receives WAL until it is cancelled. */
export async function receiveWal(
  services: Services,
  connection: Connection,
  archive: string | null,
): Promise<Started> {
  const { ask, archives, sessions } = services;
  const title = vscode.l10n.t('Receive WAL of {0}', connection.name);
  const folder = await ask.file({
    id: 'receive.folder',
    title,
    button: vscode.l10n.t('Receive Into'),
    what: 'folder',
    ...(archive === null ? {} : { start: archive }),
  });
  const slot = await ask.text({
    id: 'receive.slot',
    title,
    prompt: vscode.l10n.t(
      'The replication slot that keeps WAL on the server until it is received; it is made where it is not there',
    ),
    value: 'restore_point',
    validate: (text) =>
      /^[a-z0-9_]{1,63}$/.test(text)
        ? undefined
        : vscode.l10n.t('A slot has a to z, 0 to 9 and underscores in its name.'),
  });
  const { backup, physical, withClient } = await engine();
  const { planReceive } = await backup();
  const { readArchiving } = await physical();
  const plan = await planning(async () => {
    const builds = await clientBuilds();
    return await sessions.use(
      connection,
      async (access) => {
        const { slots } = await withClient(
          access,
          access.loginDatabase ?? access.connection.settings.database,
          readArchiving,
        );
        const createSlot = !slots.some(({ name }) => name === slot);
        return await planReceive({ folder, slot, createSlot }, { access, builds });
      },
      { interactive: true },
    );
  });
  const started = await startPlan(services, plan, { connection, database: '*' });
  if (archive === null) await archives.keep(connection.id, folder);
  return started;
}
