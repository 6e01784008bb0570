import * as vscode from 'vscode';
import type { Connection } from '../../../engine/connections/types';
import type { SideAction } from '../../../engine/restore';
import { engine } from '../../engine';
import type { Services } from '../../services';
import { clientBuilds } from '../../tools';
import { startPlan, type Started } from '../startPlan';
import type { Call, Command } from '../command';

type SideCluster = Connection & Required<Pick<Connection, 'recovered'>>;

/** The cluster that waits at its target is opened: what it replays is over. */
export const openForWriting: Command = {
  id: 'restorePoint.openForWriting',
  async run(services, call: Call): Promise<Started> {
    const side = await chooseSide(services, call, vscode.l10n.t('Open for Writing'));
    return await act(services, side, { do: 'promote' });
  },
};

/** The target of one that waits is set to a later moment, on the page of a recovery. */
export const moveTargetForward: Command = {
  id: 'restorePoint.moveTargetForward',
  async run(services, call: Call) {
    const side = await chooseSide(services, call, vscode.l10n.t('Move the Target Forward'));
    const { forwardHandlers, openRecover } = await import('../../late');
    return await openRecover(services, (onScanned) => forwardHandlers(services, side, onScanned));
  },
};

/** Starts one that was stopped, or whose machine was. */
export const startSideCluster: Command = {
  id: 'restorePoint.startSideCluster',
  async run(services, call: Call): Promise<Started> {
    const side = await chooseSide(services, call, vscode.l10n.t('Start Side Cluster'));
    const [at = { host: side.recovered.directory, port: 5432 }] = side.settings.hosts ?? [];
    return await act(services, side, { do: 'start', at });
  },
};

/** Stops it and deletes it; one whose folder is gone is only forgotten. */
export const removeSideCluster: Command = {
  id: 'restorePoint.removeSideCluster',
  async run(services, call: Call): Promise<Started | undefined> {
    const { connections, sessions, secrets } = services;
    const side = await chooseSide(services, call, vscode.l10n.t('Remove Side Cluster'));
    const { sideState } = await engine();
    sessions.close(side.id);
    if ((await sideState(side.recovered.directory)) !== 'gone')
      return await act(services, side, { do: 'remove' });
    await secrets.forget(side.id);
    await connections.remove(side);
    return undefined;
  },
};

async function act(services: Services, side: SideCluster, action: SideAction): Promise<Started> {
  const { planSideCluster } = await engine();
  const plan = await planSideCluster(action, side.recovered.directory, { builds: await clientBuilds() });
  return await startPlan(services, plan, { connection: side, database: 'postgres' });
}

/** The side cluster a row or a call names, else asked for. */
async function chooseSide(
  { ask, connections }: Services,
  { target }: Call,
  title: string,
): Promise<SideCluster> {
  const all = (await connections.list()).filter(isSide);
  const { RestorePointError } = await engine();
  const named = all.find(({ id, name }) => [id, name].includes(target.connection ?? ''));
  if (named) return named;
  if (target.connection !== undefined || all.length === 0)
    throw new RestorePointError({
      code: 'recovery.noSide',
      what:
        target.connection === undefined
          ? vscode.l10n.t('There is no side cluster.')
          : vscode.l10n.t('"{0}" is no side cluster.', target.connection),
      why: vscode.l10n.t('Side clusters are what recoveries to a moment make.'),
      next: vscode.l10n.t('Recover to a moment first.'),
    });
  return await ask.pick({
    id: 'side',
    title,
    placeholder: vscode.l10n.t('Side cluster'),
    options: all.map((side) => ({ label: side.name, detail: side.recovered.directory, value: side })),
  });
}

function isSide(connection: Connection): connection is SideCluster {
  return connection.recovered !== undefined;
}
