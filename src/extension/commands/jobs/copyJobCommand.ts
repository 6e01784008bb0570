import * as vscode from 'vscode';
import { engine } from '../../engine';
import { chooseJob } from '../choose';
import type { Command } from '../command';

/** The programs a job runs, as a shell would be told; without passwords. */
export const copyJobCommand: Command = {
  id: 'restorePoint.copyJobCommand',
  async run(services, { target }) {
    const { viewPlan } = await engine();
    const { plan } = await chooseJob(services, target, vscode.l10n.t('Copy Command'));
    const { steps } = await viewPlan(plan);
    await vscode.env.clipboard.writeText(steps.flatMap(({ command }) => command ?? []).join('\n'));
  },
};
