import * as vscode from 'vscode';
import { viewIds } from '../../ids';
import type { Command } from '../command';

/** Goes to the Jobs view; called with a job, its log is opened too. */
export const showJobs: Command = {
  id: 'restorePoint.showJobs',
  async run({ jobs, jobLogs }, { target }) {
    await vscode.commands.executeCommand(`${viewIds.jobs}.focus`);
    const job = target.job === undefined ? undefined : await jobs.get(target.job);
    if (job) await jobLogs.show(job);
  },
};
