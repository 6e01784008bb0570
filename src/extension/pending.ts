import type { BackupRequest, CopyInRequest, PlanContext } from '../engine/backup';
import type { Home } from '../engine/home';
import type { Job } from '../engine/jobs';
import type { Plan } from '../engine/plan';

/** Stands in for parts of the engine that are on their way; each line goes when its part is there. */
const missing = (name: string) => (): never => {
  throw new Error(`${name} is not there yet.`);
};

export const planBackup: (request: BackupRequest, context: PlanContext) => Promise<Plan> =
  missing('planBackup');
export const planCopyIn: (request: CopyInRequest, context: PlanContext) => Promise<Plan> =
  missing('planCopyIn');
export const reapJobs: (home: Home) => Promise<unknown> = () => Promise.resolve();
export const removeJob: (folder: string) => Promise<void> = missing('removeJob');
export const startRunner: (
  job: Job,
  options: { cli: string; execPath?: string; secrets: Record<string, string> },
) => Promise<void> = missing('startRunner');
