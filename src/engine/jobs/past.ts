import type { PastRestore } from '../restore';
import type { JobSummary } from './summary';

/** The restores among jobs that went well and brought a whole backup back, the newest first: they tell how long the next one takes. */
export function pastRestores(jobs: readonly JobSummary[]): PastRestore[] {
  return jobs
    .flatMap(({ plan, state, durationMs, startedAt }): PastRestore[] => {
      const bytes = plan.facts.artifactBytes;
      const whole = plan.steps.every((step) => step.do !== 'tool' || !(step.list ?? step.emit));
      if (plan.kind !== 'restore' || state !== 'succeeded' || !plan.restores || !whole) return [];
      if (durationMs === null || startedAt === null || typeof bytes !== 'number') return [];
      return [{ artifact: plan.restores, bytes, durationMs, at: startedAt }];
    })
    .sort((a, b) => (a.at < b.at ? 1 : -1));
}
