import * as vscode from 'vscode';
import { engine } from '../../engine';
import { chooseJob } from '../choose';
import type { Command } from '../command';
import type { Started } from '../startPlan';

/** The same plan as a new job. */
export const retryJob: Command = {
  id: 'restorePoint.retryJob',
  async run(services, { target }): Promise<Started> {
    const { isTerminal } = await engine();
    const job = await chooseJob(services, target, vscode.l10n.t('Retry Job'), ({ state }) =>
      isTerminal(state),
    );
    return { job: await services.jobs.retry(job.id) };
  },
};
