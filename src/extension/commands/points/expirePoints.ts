import * as vscode from 'vscode';
import type { ExpireRequest } from '../../../engine/restore';
import { engine } from '../../engine';
import type { Services } from '../../services';
import { setting } from '../../settings';
import { chooseConnection } from '../choose';
import type { Command } from '../command';
import { startPlan, type Started } from '../startPlan';
import { choosePoint, planPoints } from './planning';

/** Removes one restore point. */
export const deletePoint: Command = {
  id: 'restorePoint.deletePoint',
  async run(services, { target }): Promise<Started | undefined> {
    const title = vscode.l10n.t('Delete Restore Point');
    const connection = await chooseConnection(services, target, title);
    const { id, of } = await choosePoint(services, connection, target, title);
    return await expire(services, connection, of, { points: [id] });
  },
};

/** Removes what the settings do not keep; what goes is shown first. */
export const expirePoints: Command = {
  id: 'restorePoint.expirePoints',
  async run(services, { target }): Promise<Started | undefined> {
    const connection = await chooseConnection(services, target, vscode.l10n.t('Remove Old Restore Points'));
    const { database } = target;
    return await expire(services, connection, database ?? '*', {
      count: setting('points.keep'),
      days: setting('points.keepDays'),
      ...(database === undefined ? {} : { database }),
    });
  },
};

async function expire(
  services: Services,
  connection: Parameters<typeof choosePoint>[1],
  database: string,
  request: ExpireRequest,
): Promise<Started | undefined> {
  const { planExpire } = await engine();
  const plan = await planPoints(services, connection, (points, context) =>
    planExpire(request, points, context),
  );
  if (plan.steps.length) return await startPlan(services, plan, { connection, database });
  void vscode.window.showInformationMessage(vscode.l10n.t('No restore point is old enough to be removed.'));
  return undefined;
}
