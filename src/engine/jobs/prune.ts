import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Home } from '../home';
import { files, jobsFolder } from './folder';
import { runnerState } from './list';
import { removeJob } from './remove';

/** So many jobs stay whatever their age. */
const keptJobs = 200;
/** Younger ones stay however many they are. */
const keptMs = 30 * 24 * 60 * 60 * 1000;

/**
 * Takes the oldest jobs out of the history: beyond the newest 200 those of more than 30 days ago. One that
 * runs, or may run where it cannot be seen from here, stays. Returns the ids of those that went.
 */
export async function pruneJobs(where: Home, now = Date.now()): Promise<string[]> {
  const names = (await readdir(jobsFolder(where))).filter((name) => startOf(name) !== null);
  const old = names
    .sort()
    .reverse()
    .slice(keptJobs)
    .filter((name) => now - startOf(name)! > keptMs);
  const gone: string[] = [];
  for (const name of old) {
    const folder = join(jobsFolder(where), name);
    if (!(await isOver(folder))) continue;
    const removed = await removeJob(folder).then(
      () => true,
      () => false,
    );
    if (removed) gone.push(name);
  }
  return gone;
}

/** The moment in a job's id, null for what is no job. */
function startOf(name: string): number | null {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z-/.exec(name);
  if (!match) return null;
  const [, year, month, day, hour, minute, second] = match.map(Number);
  return Date.UTC(year!, month! - 1, day, hour, minute, second);
}

/** It has ended, its runner is dead, or no runner ever took it. */
async function isOver(folder: string): Promise<boolean> {
  return existsSync(join(folder, files.summary)) || /^(?:dead|none)$/.test(await runnerState(folder));
}
