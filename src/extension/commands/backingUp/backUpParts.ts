import * as vscode from 'vscode';
import type { Connection } from '../../../engine/connections/types';
import type { DumpRequest, TableName } from '../../../engine/backup';
import { engine } from '../../engine';
import type { Services } from '../../services';
import type { Target } from '../../target';
import { chooseConnection, chooseDatabase } from '../choose';
import type { Call, Command } from '../command';
import { startPlan, type Started } from '../startPlan';
import { tableOptions } from './chooseTable';
import { fromSettings, planBackup } from './plan';

/** The selected schemas of one database as one backup. */
export const backUpSchemas: Command = {
  id: 'restorePoint.backUpSchemas',
  async run(services, { target, targets }: Call<{ schemas: string[]; folder: string }>): Promise<Started> {
    const title = vscode.l10n.t('Back Up Schemas');
    const connection = await chooseConnection(services, target, title);
    const database = await chooseDatabase(services, connection, target, title);
    const selected = sameDatabase(targets, target).flatMap(({ schema }) => schema ?? []);
    const schemas =
      target.schemas ??
      (selected.length ? selected : await askSchemas(services, connection, database, title));
    const request: DumpRequest = { method: 'dump', database, ...fromSettings(), schemas };
    const plan = await planBackup(services, connection, request, target.folder);
    return await startPlan(services, plan, { connection, database });
  },
};

/** The selected tables and views of one database as one backup. */
export const backUpTables: Command = {
  id: 'restorePoint.backUpTables',
  async run(services, { target, targets }: Call<{ tables: TableName[]; folder: string }>): Promise<Started> {
    const title = vscode.l10n.t('Back Up Tables');
    const connection = await chooseConnection(services, target, title);
    const database = await chooseDatabase(services, connection, target, title);
    const selected = sameDatabase(targets, target).flatMap(({ schema, relation }) =>
      schema !== undefined && relation !== undefined ? [{ schema, name: relation }] : [],
    );
    const tables =
      target.tables ?? (selected.length ? selected : await askTables(services, connection, database, title));
    const request: DumpRequest = { method: 'dump', database, ...fromSettings(), tables };
    const plan = await planBackup(services, connection, request, target.folder);
    return await startPlan(services, plan, { connection, database });
  },
};

/** A backup is of one database: what is selected elsewhere is left out. */
function sameDatabase(targets: Target[], { connection, database }: Target): Target[] {
  return targets.filter((one) => one.connection === connection && one.database === database);
}

async function askSchemas(
  { ask, sessions }: Services,
  connection: Connection,
  database: string,
  title: string,
): Promise<string[]> {
  const { listSchemas, withClient } = await engine();
  const options = sessions
    .use(connection, (access) => withClient(access, database, listSchemas), { interactive: true })
    .then((all) => all.map(({ name, owner }) => ({ label: name, description: owner, value: name })));
  return await ask.pickSeveral({
    id: 'backup.schemas',
    title,
    placeholder: vscode.l10n.t('Schemas'),
    options,
  });
}

async function askTables(
  { ask, sessions }: Services,
  connection: Connection,
  database: string,
  title: string,
): Promise<TableName[]> {
  const options = tableOptions(sessions, connection, database);
  return await ask.pickSeveral({ id: 'backup.tables', title, placeholder: vscode.l10n.t('Tables'), options });
}
