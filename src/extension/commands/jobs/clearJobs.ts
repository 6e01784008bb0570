import * as vscode from 'vscode';
import { engine } from '../../engine';
import { chooseJob } from '../choose';
import type { Command } from '../command';

/** Takes ended jobs out of the history; what they made stays. */
export const removeJob: Command = {
  id: 'restorePoint.removeJob',
  async run(services, { targets }) {
    const { isTerminal } = await engine();
    for (const target of targets) {
      const job = await chooseJob(services, target, vscode.l10n.t('Remove from History'), ({ state }) =>
        isTerminal(state),
      );
      await services.jobs.remove(job.id);
    }
  },
};

export const clearFinishedJobs: Command = {
  id: 'restorePoint.clearFinishedJobs',
  async run({ jobs }) {
    const { isTerminal } = await engine();
    for (const { id, state } of await jobs.list()) if (isTerminal(state)) await jobs.remove(id);
  },
};
