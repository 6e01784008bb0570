import type { JobMessage } from '../jobs/events';
import type { Fix } from '../plan';
import { applyFix } from './applyFix';
import { leftBy, type Ended } from '../left';
import { resumeRequest } from './resume';
import type { RestoreRequest } from './types';

/**
 * What can be pressed about a message now that its restore has ended: where nothing is left of it, what changes the restore
 * that is made again; else what helps to restore the rest.
 */
export function remediesOf(job: Ended, { fixes = [] }: Pick<JobMessage, 'fixes'>): Fix[] {
  const isGone = leftBy(job) === 'nothing';
  if (isGone && !job.plan.request) return [];
  return fixes.filter(({ mends }) => (isGone ? mends !== 'only' : mends !== undefined));
}

/** The request a fix makes of a restore that ended: the same again, or what is missing of it. Throws as `resumeRequest`. */
export async function requestWith(
  job: Ended,
  messages: readonly JobMessage[],
  { set }: Pick<Fix, 'set'>,
): Promise<RestoreRequest> {
  const { request } = job.plan;
  if (request && leftBy(job) === 'nothing') return applyFix(request, set);
  return applyFix(await resumeRequest(job, messages), set);
}
