import * as vscode from 'vscode';
import type { JobSummary } from '../../../engine/jobs';
import type { Fix, Plan } from '../../../engine/plan';
import type { RestoreRequest } from '../../../engine/restore';
import { engine } from '../../engine';
import type { Services } from '../../services';
import { chooseConnection, chooseJob } from '../choose';
import type { Call, Command } from '../command';
import { startPlan, type Started } from '../startPlan';
import { planOf } from './restore';

const restores = ({ plan }: JobSummary): boolean => plan.kind === 'restore' && plan.request !== undefined;

/** What became of a restore, entry by entry. */
export const showReport: Command = {
  id: 'restorePoint.showReport',
  async run(services, { target }) {
    const job = await chooseJob(services, target, vscode.l10n.t('Show Restore Report'), restores);
    return (await services.restoreReports.show(job)).toString();
  },
};

/** The same restore, with what a fix changes of it. */
export const restoreAgain: Command = {
  id: 'restorePoint.restoreAgain',
  async run(services, { target }: Call<{ fix: Fix }>): Promise<Started> {
    const job = await chooseJob(services, target, vscode.l10n.t('Restore Again'), restores);
    const { applyFix } = await engine();
    return await start(services, job, await applyFix(job.plan.request!, target.fix?.set ?? {}));
  },
};

/** Only what failed, into the database that is there. */
export const resumeRestore: Command = {
  id: 'restorePoint.resumeRestore',
  async run(services, { target }: Call<{ fix: Fix }>): Promise<Started> {
    const job = await chooseJob(services, target, vscode.l10n.t('Retry What Failed'), restores);
    const { applyFix, readMessages, resumeRequest } = await engine();
    const request = await resumeRequest(job.plan, await readMessages(job.folder));
    return await start(services, job, await applyFix(request, target.fix?.set ?? {}));
  },
};

async function start(services: Services, { plan }: JobSummary, request: RestoreRequest): Promise<Started> {
  const { applyFix } = await engine();
  const id = Object.values(plan.connections)[0]?.id;
  const connection = await chooseConnection(services, { connection: id }, vscode.l10n.t('Restore Again'));
  const again = async (more: object): Promise<Plan> =>
    await planOf(services, connection, await applyFix(request, more));
  return await startPlan(services, await again({}), {
    ...{ connection, database: request.database ?? '*', again },
  });
}
