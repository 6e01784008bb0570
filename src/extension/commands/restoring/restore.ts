import * as vscode from 'vscode';
import type { Artifact } from '../../../engine/artifacts/types';
import type { Connection } from '../../../engine/connections/types';
import type { Plan } from '../../../engine/plan';
import type { RestoreRequest } from '../../../engine/restore';
import { engine } from '../../engine';
import type { Services } from '../../services';
import { isRestorable, chooseBackup, chooseConnection, chooseDatabase, listDatabases } from '../choose';
import type { Call, Command } from '../command';
import { showPlan, startOrShow } from '../showPlan';
import { withRestoreContext } from '../points/planning';
import { startPlan, type Started } from '../startPlan';

export interface RestoreAnswers {
  /** Name of the database to restore into. */
  into: string;
  request: Partial<Omit<RestoreRequest, 'artifact' | 'database'>>;
}

interface Prepared {
  plan: Plan;
  connection: Connection;
  database: string;
}

/** Restores a backup into a new database. */
export const restore: Command = {
  id: 'restorePoint.restore',
  async run(services, call: Call<RestoreAnswers>): Promise<Started> {
    const { plan, ...where } = await prepare(services, call, vscode.l10n.t('Restore'));
    return await startPlan(services, plan, where);
  },
};

/** What a restore would do, to read first; it can be run from there. */
export const showRestorePlan: Command = {
  id: 'restorePoint.showRestorePlan',
  async run(services, call: Call<RestoreAnswers>) {
    const { plan, ...where } = await prepare(services, call, vscode.l10n.t('Show Restore Plan'));
    void showPlan(services, plan, where);
    return plan;
  },
};

/** Every option of a restore in one list; runs it or shows the plan. */
export const restoreWithOptions: Command = {
  id: 'restorePoint.restoreWithOptions',
  async run(services, call: Call<RestoreAnswers>): Promise<Started | undefined> {
    const title = vscode.l10n.t('Restore with Options');
    const first = await prepare(services, call, title);
    const { connection } = first;
    const { askRestoreOptions } = await import('../../late');
    const { request, showPlan: toRead } = await askRestoreOptions(
      services,
      title,
      first.plan,
      first.database,
      {
        askNew: () => askFreeName(services, connection, first.database, title),
        askExisting: () => chooseDatabase(services, connection, {}, title),
      },
    );
    const artifact = first.plan.restores ?? '';
    const allowed = call.runAnyway ? { allowMetaCommands: true } : {};
    const plan = await planOf(services, connection, { artifact, ...request, ...allowed });
    const where = {
      connection,
      database: request.database ?? '*',
      again: async (more: object) => {
        const { applyFix } = await engine();
        return await planOf(services, connection, await applyFix({ artifact, ...request, ...allowed }, more));
      },
    };
    return await startOrShow(services, plan, where, { show: toRead });
  },
};

/** Backup, then target, then the plan. */
async function prepare(services: Services, call: Call<RestoreAnswers>, title: string): Promise<Prepared> {
  const { target, runAnyway } = call;
  const artifact = await chooseBackup(services, target, title, isRestorable);
  const connection = await chooseConnection(services, target, title);
  const database = await chooseDatabaseName(services, call, artifact, connection, title);
  const request: RestoreRequest = {
    artifact: artifact.path,
    ...(database === '*' ? {} : { database }),
    strategy: 'new',
    ...(runAnyway ? { allowMetaCommands: true } : {}),
    ...target.request,
  };
  return { plan: await planOf(services, connection, request), connection, database };
}

/** What a restore will do, planned with all that the shell knows. */
export async function planOf(
  services: Services,
  connection: Connection,
  request: RestoreRequest,
): Promise<Plan> {
  const { planRestore } = await engine();
  return await withRestoreContext(services, connection, (context) => planRestore(request, context));
}

/** A free name for the new database; `*` for a backup that brings its own databases. */
async function chooseDatabaseName(
  services: Services,
  { target }: Call<RestoreAnswers>,
  artifact: Artifact,
  connection: Connection,
  title: string,
): Promise<string> {
  if (target.into !== undefined) return target.into;
  const { kind } = artifact.recognised;
  if (kind === 'clusterScript' || kind === 'set') return '*';
  const wanted = artifact.source.database ?? vscode.l10n.t('restored');
  return await askFreeName(services, connection, wanted, title);
}

async function askFreeName(
  services: Services,
  connection: Connection,
  wanted: string,
  title: string,
): Promise<string> {
  const taken = new Set((await listDatabases(services, connection)).map(({ name }) => name));
  return await services.ask.text({
    id: 'restore.database',
    title,
    prompt: vscode.l10n.t('Name of the new database on {0}', connection.name),
    value: freeName(wanted, taken),
    validate: (name) => {
      if (!name) return vscode.l10n.t('This is needed.');
      if (Buffer.byteLength(name) > maxNameBytes) return vscode.l10n.t('PostgreSQL allows 63 bytes.');
      return taken.has(name) ? vscode.l10n.t('There is a database of this name already.') : undefined;
    },
  });
}

/** NAMEDATALEN - 1 */
const maxNameBytes = 63;

/** The name itself where it is free, else the first of `name_restored`, `name_restored_2`, … */
export function freeName(name: string, taken: Set<string>): string {
  if (!taken.has(name)) return name;
  const base = `${name}_restored`;
  if (!taken.has(base)) return base;
  let number = 2;
  while (taken.has(`${base}_${number}`)) number++;
  return `${base}_${number}`;
}
