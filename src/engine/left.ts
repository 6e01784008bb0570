import type { ErrorFacts } from './errors';
import type { JobState, Verdict } from './jobs/events';
import type { Plan } from './plan';

/** A restore that ended, as far as it matters here. */
export interface Ended {
  plan: Plan;
  state: JobState;
  error: ErrorFacts | null;
}

/**
 * What there is of a restore after its end: `nothing` (it was taken back, or never begun), `all` that could be restored,
 * or a `part`, because it broke off.
 */
export function leftBy({ plan, state, error }: Ended): 'nothing' | 'part' | 'all' {
  const { request, facts } = plan;
  if (plan.kind !== 'restore' || !request || facts.database === '*') return 'nothing';
  if (state === 'queued' || state === 'running') return 'nothing';
  if (state === 'succeeded' || error?.code === 'restore.incomplete') return 'all';
  if (request.strategy === 'replace' || plan.ifItFails !== undefined) return 'nothing';
  // Nobody takes away what a killed runner made.
  return plan.onFailure.length && state !== 'interrupted' ? 'nothing' : 'part';
}

/** Whether what is missing of a restore can be restored by itself. */
export function isResumable(job: Ended & { messages: Record<Verdict, number> }): boolean {
  const left = leftBy(job);
  return left === 'part' || (left === 'all' && job.messages.failed + job.messages.degraded > 0);
}
