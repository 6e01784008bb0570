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

const isResumable = ({ resumable }: JobSummary): boolean => resumable;

/** What became of a restore, entry by entry. */
export const showReport: Command = {
  id: 'restorePoint.showReport',
  async run(services, { target }) {
    const job = await chooseJob(services, target, vscode.l10n.t('Show Restore Report'), restores);
    return (await services.restoreReports.show(job)).toString();
  },
};

/** The same restore. */
export const restoreAgain: Command = {
  id: 'restorePoint.restoreAgain',
  async run(services, { target }): Promise<Started> {
    const job = await chooseJob(services, target, vscode.l10n.t('Restore Again'), restores);
    return await start(services, job, job.plan.request!);
  },
};

/** What is missing, into the database that is there; with a fix, as `requestWith` has it. */
export const resumeRestore: Command = {
  id: 'restorePoint.resumeRestore',
  async run(services, { target }: Call<{ fix: Fix }>): Promise<Started> {
    const job = await chooseJob(services, target, vscode.l10n.t('Restore What Is Missing'), isResumable);
    const { readMessages, requestWith, resumeRequest } = await engine();
    const messages = await readMessages(job.folder);
    const { fix } = target;
    const request = fix ? await requestWith(job, messages, fix) : await resumeRequest(job, messages);
    return await start(services, job, request);
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
