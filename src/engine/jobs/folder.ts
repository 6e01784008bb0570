import { readFile, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import * as l10n from '@vscode/l10n';
import { RestorePointError } from '../errors';
import { home, type Home } from '../home';
import type { Plan } from '../plan';

/** A plan in its folder, ready to be run or already run. */
export interface Job {
  /** Sorts by time, safe as a file name and short enough for an `application_name`. */
  id: string;
  folder: string;
  plan: Plan;
}

/** The files of a job's folder. Everything is 0600 in a 0700 folder; none holds a secret. */
export const files = {
  plan: 'plan.json',
  events: 'events.jsonl',
  /** Its existence asks the runner to stop. */
  cancel: 'cancel',
  /** Who runs the job; made once, exclusively. */
  runner: 'runner.json',
  /** The entries pg_restore restores, where that are not all. */
  list: 'list',
  /** The final summary, so that a history of jobs is listed without reading their logs. */
  summary: 'summary.json',
} as const;

export function jobsFolder(where: Home): string {
  return join(where.state, 'jobs');
}

export function locksFolder(where: Home): string {
  return join(where.state, 'locks');
}

export function jobId(folder: string): string {
  return basename(folder);
}

/**
 * What our clients and the tools call themselves on the server, so that what is left of a job can be
 * found there. At most 44 bytes, under PostgreSQL's limit of 63.
 */
export function applicationName(id: string): string {
  return `restore-point ${id}`.slice(0, 63);
}

/** Reads a job's plan. Throws `job.unreadable` for a folder that holds none, or one of a newer version. */
export async function readJob(folder: string): Promise<Job> {
  let plan: Plan;
  try {
    plan = JSON.parse(await readFile(join(folder, files.plan), 'utf8')) as Plan;
  } catch (error) {
    throw unreadable(folder, error instanceof Error ? error.message : String(error));
  }
  if (plan?.version !== 1 || !Array.isArray(plan.steps) || !Array.isArray(plan.onFailure))
    throw unreadable(folder, l10n.t('The plan has version {0}.', String(plan?.version)));
  return { id: jobId(folder), folder, plan };
}

/** Deletes a job's folder; its log and history go with it. The caller makes sure that it is not running. */
export async function deleteJobFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
}

/** The home a job's folder belongs to: its `state` is two levels up; `config` and `backups` are the user's. */
export function homeOf(folder: string): Home {
  return { ...home(), state: dirname(dirname(folder)) };
}

function unreadable(folder: string, why: string): RestorePointError {
  return new RestorePointError({
    code: 'job.unreadable',
    what: l10n.t('The job in {0} cannot be read.', folder),
    why,
    next: l10n.t('Start it again from the database or the backup.'),
  });
}
