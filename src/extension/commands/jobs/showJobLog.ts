import * as vscode from 'vscode';
import { chooseJob } from '../choose';
import type { Command } from '../command';

export const showJobLog: Command = {
  id: 'restorePoint.showJobLog',
  async run(services, { target }) {
    const job = await chooseJob(services, target, vscode.l10n.t('Show Job Log'));
    return (await services.jobLogs.show(job)).uri.toString();
  },
};
