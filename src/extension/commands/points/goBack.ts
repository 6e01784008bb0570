import * as vscode from 'vscode';
import type { Plan } from '../../../engine/plan';
import { engine } from '../../engine';
import type { Services } from '../../services';
import { chooseConnection, chooseDatabase } from '../choose';
import type { Call, Command } from '../command';
import { startPlan, type Started } from '../startPlan';
import { choosePoint, planPoints } from './planning';

interface Answers {
  endSessions: boolean;
}

/** Goes back to a restore point, which stays; what is there now becomes one itself. */
export const goBack: Command = {
  id: 'restorePoint.goBack',
  async run(services, { target }: Call<Answers>): Promise<Started> {
    const title = vscode.l10n.t('Go Back to…');
    const connection = await chooseConnection(services, target, title);
    const point = await choosePoint(services, connection, target, title);
    const { planBack } = await engine();
    const plan = async (more: object): Promise<Plan> =>
      await planPoints(services, connection, (points, context) =>
        planBack({ point: point.id, endSessions: target.endSessions ?? false, ...more }, points, context),
      );
    return await startPlan(services, await plan({}), { connection, database: point.of, again: plan });
  },
};

/** Takes the last restore of a database back, or goes back to the row's point at once. */
export const undoRestore: Command = {
  id: 'restorePoint.undoRestore',
  async run(services, { target }: Call<Answers>): Promise<Started> {
    const title = vscode.l10n.t('Undo Restore');
    const connection = await chooseConnection(services, target, title);
    const [point, database] = await whatToUndo(services, connection, target, title);
    const { planUndo } = await engine();
    const plan = async (more: object): Promise<Plan> =>
      await planPoints(services, connection, (points, context) =>
        planUndo({ point, endSessions: target.endSessions ?? false, ...more }, points, context),
      );
    return await startPlan(services, await plan({}), { connection, database, again: plan });
  },
};

async function whatToUndo(
  services: Services,
  connection: Parameters<typeof choosePoint>[1],
  target: Call<Answers>['target'],
  title: string,
): Promise<[point: string, database: string]> {
  if (target.point !== undefined) {
    const { id, of } = await choosePoint(services, connection, target, title);
    return [id, of];
  }
  const database = await chooseDatabase(services, connection, target, title);
  return [database, database];
}
