import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import * as vscode from 'vscode';
import type { Connection } from '../../engine/connections/types';
import type { DumpRequest } from '../../engine/backup';
import type { Plan } from '../../engine/plan';
import { fromSettings, planBackup } from '../commands/backingUp/plan';
import { chooseConnection } from '../commands/choose';
import { planPoints, withRestoreContext } from '../commands/points/planning';
import { planOf } from '../commands/restoring/restore';
import { engine } from '../engine';
import type { Services } from '../services';
import type { BackupTask, CreatePointTask, GoBackTask, RestoreTask, WantedTask } from './definition';
import { newestWhole } from './latest';

export interface Prepared {
  plan: Plan;
  connection: Connection;
  database: string;
}

/** What `preset` says for the answers that were given last. */
export const lastAnswers = 'last';
/** What `artifact` says for the newest backup. */
const latestBackup = 'latest';

/** The plan of a task; asks the server, changes nothing. `base`: where relative paths begin. */
export async function prepare(
  services: Services,
  wanted: WantedTask,
  base: string,
  signal: AbortSignal,
): Promise<Prepared> {
  const connection = await chooseConnection(services, { connection: wanted.connection }, '');
  const plan = await planFor(services, connection, wanted, base);
  signal.throwIfAborted();
  return { plan, connection, database: wanted.database };
}

async function planFor(
  services: Services,
  connection: Connection,
  wanted: WantedTask,
  base: string,
): Promise<Plan> {
  switch (wanted.task) {
    case 'backup':
      return await prepareBackup(services, connection, wanted, base);
    case 'restore':
      return await prepareRestore(services, connection, wanted, base);
    case 'createPoint':
      return await preparePoint(services, connection, wanted);
    case 'goBack':
      return await prepareBack(services, connection, wanted);
  }
}

async function preparePoint(
  services: Services,
  connection: Connection,
  { database, notes }: CreatePointTask,
): Promise<Plan> {
  const { planCreatePoint } = await engine();
  return await withRestoreContext(services, connection, (context) =>
    planCreatePoint({ database, note: notes ?? '' }, context),
  );
}

/** @throws RestorePointError `task.noPoint` when there is none of this note or name. */
async function prepareBack(
  services: Services,
  connection: Connection,
  { database, point: wanted }: GoBackTask,
): Promise<Plan> {
  const { planBack, RestorePointError } = await engine();
  return await planPoints(services, connection, async (points, context) => {
    const found = points.find(
      ({ id, of, note, reason, unfinished }) =>
        of === database &&
        !unfinished &&
        (wanted === undefined ? reason === 'manual' : wanted === id || wanted === note),
    );
    if (found) return await planBack({ point: found.id }, points, context);
    throw new RestorePointError({
      code: 'task.noPoint',
      what: vscode.l10n.t('There is no such restore point of {0}.', database),
      why: wanted ?? vscode.l10n.t('None was created.'),
      next: vscode.l10n.t('Create one first: "Create Restore Point…".'),
    });
  });
}

async function prepareBackup(
  services: Services,
  connection: Connection,
  { database, format, preset, options, folder, verify, notes }: BackupTask,
  base: string,
): Promise<Plan> {
  const answers = preset === undefined ? {} : await presetAnswers(preset, connection);
  const request: DumpRequest = {
    ...fromSettings(),
    ...answers,
    ...(format ? { format } : {}),
    ...(verify ? { verify } : {}),
    ...(notes ? { notes } : {}),
    options: { ...answers.options, ...options },
    method: 'dump',
    database,
  };
  return await planBackup(services, connection, request, folder && pathOf(folder, base));
}

/** @throws RestorePointError `task.preset` when there is none of this name for a database. */
async function presetAnswers(name: string, connection: Connection): Promise<Partial<DumpRequest>> {
  const { backup, RestorePointError } = await engine();
  const { PresetStore } = await backup();
  const store = new PresetStore();
  if (name === lastAnswers) return { ...(await store.last('dump', connection.id)) } as Partial<DumpRequest>;
  const preset = await store.get(name);
  if (preset?.request.method === 'dump') return preset.request as Partial<DumpRequest>;
  const names = (await store.list())
    .filter(({ request }) => request.method === 'dump')
    .map((one) => one.name);
  throw new RestorePointError({
    code: 'task.preset',
    what: vscode.l10n.t('There is no preset "{0}" for backing up a database.', name),
    why: names.length
      ? vscode.l10n.t('There are: {0}.', names.join(', '))
      : vscode.l10n.t('None was saved yet.'),
    next: vscode.l10n.t('Save it in "Back Up Database with Options…", or correct the task in tasks.json.'),
  });
}

async function prepareRestore(
  services: Services,
  connection: Connection,
  wanted: RestoreTask,
  base: string,
): Promise<Plan> {
  const { database, strategy, options } = wanted;
  const artifact =
    wanted.artifact === latestBackup ? await latest(services, wanted) : pathOf(wanted.artifact, base);
  const request = {
    artifact,
    strategy,
    ...(database === '*' ? {} : { database }),
    ...(options ? { options } : {}),
  };
  return await planOf(services, connection, request);
}

/** Path of the newest backup of the database the task names. */
async function latest(services: Services, { source, sourceConnection }: RestoreTask): Promise<string> {
  const { name, settings } = await chooseConnection(services, { connection: sourceConnection }, '');
  // Another program may have made one a moment ago: the list is read anew.
  services.backups.refresh();
  const found = newestWhole(await services.backups.list(), {
    connection: name,
    servers: (settings.hosts ?? []).map(({ host, port }) => `${host}:${port}`),
    database: source,
  });
  if (found) return found.path;
  const { RestorePointError } = await engine();
  throw new RestorePointError({
    code: 'task.noBackup',
    what: vscode.l10n.t('There is no backup of the whole database {0} of {1}.', source, name),
    why: vscode.l10n.t('The folders of backups were looked through; parts of databases do not count.'),
    next: vscode.l10n.t('Back it up first, or name the file in the task\'s "artifact".'),
  });
}

/** A path as tasks.json gives it: `~` is the home folder, anything relative begins in the workspace. */
function pathOf(path: string, base: string): string {
  if (/^~[\\/]/.test(path)) return join(homedir(), path.slice(2));
  return isAbsolute(path) ? path : resolve(base, path);
}
