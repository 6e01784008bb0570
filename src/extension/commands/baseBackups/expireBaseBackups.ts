import * as vscode from 'vscode';
import { engine } from '../../engine';
import { listedFolders } from '../../folders';
import { setting } from '../../settings';
import type { Command } from '../command';
import { planning, startPlan, type Started } from '../startPlan';

/** Removes the base backups that the settings do not keep, whole chains only; what goes is shown first. */
export const expireBaseBackups: Command = {
  id: 'restorePoint.expireBaseBackups',
  async run(services): Promise<Started | undefined> {
    const { planExpireBackups } = await engine();
    const folders = await listedFolders();
    const keep = { count: setting('baseBackups.keep'), days: setting('baseBackups.keepDays') };
    const plan = await planning(() => planExpireBackups(folders, keep, { now: new Date() }));
    if (plan.steps.length) return await startPlan(services, plan, null);
    void vscode.window.showInformationMessage(vscode.l10n.t('No base backup is old enough to be removed.'));
    return undefined;
  },
};
