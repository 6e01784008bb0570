import * as l10n from '@vscode/l10n';
import { RestorePointError } from '../errors';
import { dropClaim } from './claims';
import { deleteJobFolder, homeOf, jobId, locksFolder } from './folder';
import { readSummary, runnerState } from './list';
import { isTerminal } from './events';
import { reapJob } from './reap';

/**
 * Deletes a job's folder: its log and its place in the history. One that runs is not removed
 * (`job.running`); one whose runner cannot be seen from here is, and gives its lock back by that.
 */
export async function removeJob(folder: string): Promise<void> {
  const summary = await readSummary(folder).catch(() => undefined);
  if (summary && !isTerminal(summary.state) && (await runnerState(folder)) === 'alive')
    throw new RestorePointError({
      code: 'job.running',
      what: l10n.t('The job is still running.'),
      why: summary.plan.title,
      next: l10n.t('Cancel it first.'),
      remedies: [{ do: 'cancelOther', with: { job: summary.id } }],
    });
  await reapJob(folder).catch(() => false);
  await deleteJobFolder(folder);
  await dropClaim(locksFolder(homeOf(folder)), jobId(folder));
}
