import * as l10n from '@vscode/l10n';
import type { Secrets } from '../connections/types';
import type { Home } from '../home';
import { watchCancel } from './cancel';
import { claim, type Claim } from './claims';
import type { JobEvent } from './events';
import { homeOf, locksFolder, readJob, type Job } from './folder';
import { Journal, stringsOf } from './journal';
import { readSummary } from './list';
import { Masker } from './mask';
import type { JobOutcome } from './outcome';
import { reapJob } from './reap';
import { renewIfTaken } from './renew';
import { runPlan, sayEnd } from './run';
import { maxJobs } from './settings';
import { addEvent, emptyOutline, writeOutline } from './summary';
import { takeJob } from './take';

export interface RunJobOptions {
  /** Aborting it cancels the job. */
  signal?: AbortSignal;
  onEvent?: (event: JobEvent) => void;
  home?: Home;
}

/**
 * Runs a job to its end in this process: waits for its databases and a slot, runs the steps, takes
 * half-made things away when one fails, and says how it ended. Secrets stay in memory.
 *
 * Never throws for what happens inside the job, that is the outcome; throws `job.unreadable` and
 * `job.taken` when there is nothing to run.
 */
export async function runJob(
  folder: string,
  secrets: Secrets,
  options: RunJobOptions = {},
): Promise<JobOutcome> {
  const job = await readJob(folder);
  takeJob(folder);
  const outline = emptyOutline();
  const masker = new Masker(Object.values(secrets));
  const journal = new Journal(folder, masker, stringsOf(job.plan), (event) => {
    addEvent(outline, event);
    options.onEvent?.(event);
  });
  const cancel = new AbortController();
  const abort = (): void => cancel.abort();
  if (options.signal?.aborted) abort();
  options.signal?.addEventListener('abort', abort, { once: true });
  const asked = watchCancel(folder, abort);
  try {
    await queueAndRun(job, secrets, journal, masker, cancel.signal, options.home ?? homeOf(folder));
  } finally {
    asked.dispose();
    options.signal?.removeEventListener('abort', abort);
    journal.close();
    await writeOutline(folder, outline).catch(() => undefined);
  }
  const { state, result, error, messages } = outline;
  return { id: job.id, folder, state, result, error, messages };
}

async function queueAndRun(
  job: Job,
  secrets: Secrets,
  journal: Journal,
  masker: Masker,
  signal: AbortSignal,
  where: Home,
): Promise<void> {
  let release: (() => Promise<void>) | undefined;
  try {
    journal.write({ type: 'state', state: 'queued' });
    release = await waitForTurn(job, journal, signal, where);
    await runPlan(await renewIfTaken(job, new Date()), secrets, journal, masker, signal, where);
  } catch (error) {
    // Only what happens before the plan runs comes here.
    sayEnd(journal, error);
  } finally {
    await release?.();
  }
}

async function waitForTurn(
  job: Job,
  journal: Journal,
  signal: AbortSignal,
  where: Home,
): Promise<() => Promise<void>> {
  const { artifact, locks, unending } = job.plan;
  let told = '';
  return await claim({
    locks: locksFolder(where),
    job: job.id,
    folder: job.folder,
    // Two jobs of one plan (a retry) would write the same file.
    targets: artifact ? [...locks, { server: 'file', database: artifact.path }] : locks,
    ...(unending ? { unending } : {}),
    slots: await maxJobs(where),
    signal,
    onDead: async (dead) => void (await reapJob(dead.folder)),
    onWait: async (holder) => {
      const reason = await waitingReason(holder);
      if (reason !== told) journal.write({ type: 'state', state: 'queued', reason });
      told = reason;
    },
  });
}

/** Who is waited for, and how far along they are. */
async function waitingReason(holder: Claim | null): Promise<string> {
  if (!holder) return l10n.t('waits for a free slot');
  const summary = await readSummary(holder.folder).catch(() => undefined);
  if (!summary) return l10n.t('waits for {0}', holder.job);
  const { title } = summary.plan;
  return summary.fraction === null
    ? l10n.t('waits for {0}: {1}', holder.job, title)
    : l10n.t('waits for {0}: {1} ({2} %)', holder.job, title, Math.floor(summary.fraction * 100));
}
