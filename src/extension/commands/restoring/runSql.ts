import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { Plan } from '../../../engine/plan';
import type { RestoreRequest } from '../../../engine/restore';
import { engine } from '../../engine';
import { chooseConnection, chooseDatabase } from '../choose';
import type { Call, Command } from '../command';
import { startPlan, type Started } from '../startPlan';
import { planOf } from './restore';

/** Runs the SQL of the editor on a database, in one transaction, with a restore point before. */
export const runSql: Command = {
  id: 'restorePoint.runSql',
  async run(services, { target, runAnyway }: Call): Promise<Started> {
    const title = vscode.l10n.t('Run SQL on a Database');
    const { applyFix, keepSql, RestorePointError } = await engine();
    const document = vscode.window.activeTextEditor?.document;
    if (document?.languageId !== 'sql' || !document.getText().trim())
      throw new RestorePointError({
        code: 'sql.none',
        what: vscode.l10n.t('There is no SQL to run.'),
        why: vscode.l10n.t('The active editor holds none.'),
        next: vscode.l10n.t('Open the SQL, then try again.'),
      });
    const connection = await chooseConnection(services, target, title);
    const database = await chooseDatabase(services, connection, target, title);
    const name = services.reviewedSql.nameOf(document) ?? basename(document.uri.path, '.sql');
    const request: RestoreRequest = {
      // The last statement may lack its semicolon.
      artifact: await keepSql(name, `${document.getText()}\n;\n`),
      ...{ database, strategy: 'in-place', options: { 'single-transaction': true } },
      ...(runAnyway ? { allowMetaCommands: true } : {}),
    };
    const again = async (more: object): Promise<Plan> =>
      await planOf(services, connection, await applyFix(request, more));
    return await startPlan(services, await again({}), { connection, database, again });
  },
};
