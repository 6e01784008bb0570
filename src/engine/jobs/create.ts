import { randomBytes } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { home, type Home } from '../home';
import type { Plan } from '../plan';
import { files, homeOf, jobsFolder, readJob, type Job } from './folder';
import { pruneJobs } from './prune';
import { renewPlan } from './renew';

/** Writes the plan to a new folder of its own; the job is `queued` until a runner takes it. Old history goes. */
export async function createJob(plan: Plan, where: Home = home()): Promise<Job> {
  const stamp = new Date()
    .toISOString()
    .replace(/[-:]/g, '')
    .replace(/\.\d+Z$/, 'Z');
  const id = `${stamp}-${randomBytes(4).toString('hex')}`;
  const folder = join(jobsFolder(where), id);
  await mkdir(jobsFolder(where), { recursive: true, mode: 0o700 });
  // Built aside and renamed: a list never meets a job without its plan.
  const draft = join(jobsFolder(where), `.${id}`);
  await mkdir(draft, { mode: 0o700 });
  await writeFile(join(draft, files.plan), `${JSON.stringify(plan, null, 2)}\n`, { mode: 0o600 });
  await rename(draft, folder);
  // A history that cannot be tidied is no reason not to run a job.
  await pruneJobs(where).catch(() => []);
  return { id, folder, plan };
}

/**
 * A new job of the same plan; a backup takes a new name, for the old one may be there. Passwords are not
 * kept anywhere and must be given to its runner anew.
 */
export async function retryJob(folder: string): Promise<Job> {
  const { plan } = await readJob(folder);
  return await createJob(renewPlan(plan, new Date()), homeOf(folder));
}
