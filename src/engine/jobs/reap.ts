import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { home, type Home } from '../home';
import { killTree, processStartTicks } from '../process';
import { claimants, dropClaim, readClaims } from './claims';
import { draftsOf, removeDrafts } from './drafts';
import { isTerminal, type JobEvent } from './events';
import { files, homeOf, jobsFolder, locksFolder, readJob } from './folder';
import { runnerState } from './list';
import { liveness } from './owner';
import { readEvents } from './read';
import { addEvent, emptyOutline, writeOutline } from './summary';
import { until } from './wait';

type Recorded = Extract<JobEvent, { type: 'process' }>;

/** Between the polite end of a left-over program and the kill. */
const graceMs = 5000;

/**
 * Clears away after runners that died without a last word (SIGKILL, power): ends the programs they
 * left, removes the partial files that are theirs, drops their claims. Called by whoever lists jobs.
 *
 * @returns ids of the jobs that were cleared away after.
 */
export async function reapJobs(where: Home = home()): Promise<string[]> {
  const reaped: string[] = [];
  for (const name of await readdir(jobsFolder(where)).catch(() => [] as string[])) {
    if (name.startsWith('.')) continue;
    if (await reapJob(join(jobsFolder(where), name)).catch(() => false)) reaped.push(name);
  }
  for (const { claim, liveness } of await claimants(locksFolder(where)))
    if (liveness === 'dead') await dropClaim(locksFolder(where), claim.job);
  return reaped;
}

/** One job; false when there is nothing to clear away. Doing it twice, or two at a time, does no harm. */
export async function reapJob(folder: string): Promise<boolean> {
  if (existsSync(join(folder, files.summary))) return false;
  if ((await runnerState(folder)) !== 'dead') return false;
  const outline = emptyOutline();
  const processes: Recorded[] = [];
  for (let offset = 0, more = true; more;) {
    const part = await readEvents(folder, offset, 1 << 22);
    ({ offset, more } = part);
    for (const event of part.events) {
      addEvent(outline, event);
      if (event.type === 'process') processes.push(event);
    }
  }
  // It had its last word and died before it kept the summary.
  if (isTerminal(outline.state)) {
    await writeOutline(folder, outline);
    return false;
  }
  const found = processes.filter(isLeft);
  await Promise.all(found.map(endProcess));
  const { id, plan } = await readJob(folder);
  const where = homeOf(folder);
  const drafts = new Set(draftsOf(plan));
  // A retry of this job writes the same files: then they are not this job's any more.
  let taken = false;
  for (const other of await readClaims(locksFolder(where))) {
    if (other.job === id || liveness(other.owner) === 'dead') continue;
    const theirs = await readJob(other.folder).catch(() => undefined);
    if (theirs && draftsOf(theirs.plan).some((path) => drafts.has(path))) taken = true;
  }
  const removed = taken || outline.state === 'queued' ? [] : await removeDrafts(plan);
  await dropClaim(locksFolder(where), id);
  return found.length > 0 || removed.length > 0;
}

/** Ids of jobs whose runner died in the middle; newest first, not more than a session query can carry. */
export async function interruptedJobs(where: Home): Promise<string[]> {
  const names = await readdir(jobsFolder(where)).catch(() => [] as string[]);
  const ids: string[] = [];
  for (const name of names
    .filter((one) => !one.startsWith('.'))
    .sort()
    .reverse()
    .slice(0, 200)) {
    const folder = join(jobsFolder(where), name);
    if (existsSync(join(folder, files.summary))) continue;
    if ((await runnerState(folder)) === 'dead') ids.push(name);
  }
  return ids;
}

/**
 * Whether something of a recorded program is left: itself, or (it led a process group of its own) what
 * it started and did not take along. While such a one lives, the system gives the number to nobody else.
 */
function isLeft({ pid, startedAtTicks }: Recorded): boolean {
  const now = processStartTicks(pid);
  if (now !== null) return now === startedAtTicks;
  if (process.platform !== 'linux' || !isOfThisBoot(startedAtTicks)) return false;
  try {
    return process.kill(-pid, 0);
  } catch {
    return false;
  }
}

/** On Linux the boot is part of it. */
function isOfThisBoot(ticks: string | null): boolean {
  const bootOf = (text: string | null): string | undefined => text?.split('@')[1];
  return bootOf(ticks) !== undefined && bootOf(ticks) === bootOf(processStartTicks(process.pid));
}

/** SIGINT first: pg_dump and its like then cancel what the server does for them. */
async function endProcess(recorded: Recorded): Promise<void> {
  killTree(recorded.pid, 'SIGINT');
  const began = performance.now();
  while (isLeft(recorded)) {
    if (performance.now() - began > graceMs) {
      killTree(recorded.pid, 'SIGKILL');
      return;
    }
    await until(50);
  }
}
