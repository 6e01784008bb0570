import * as vscode from 'vscode';
import { engine } from '../../engine';
import { chooseJob } from '../choose';
import type { Command } from '../command';

/** Asks the runner to stop; it interrupts its tool and removes what is half made. */
export const cancelJob: Command = {
  id: 'restorePoint.cancelJob',
  async run(services, { targets }) {
    const { isTerminal } = await engine();
    for (const target of targets) {
      const job = await chooseJob(
        services,
        target,
        vscode.l10n.t('Cancel Job'),
        ({ state }) => !isTerminal(state),
      );
      await services.jobs.cancel(job.id);
    }
  },
};
