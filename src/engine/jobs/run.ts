import { lstat } from 'node:fs/promises';
import * as l10n from '@vscode/l10n';
import { serverFacts, withClient } from '../connections';
import type { Secrets } from '../connections/types';
import { CancelledError, isCancelled, RestorePointError, toFacts } from '../errors';
import type { Home } from '../home';
import { isOwnServer, type Plan, type Step } from '../plan';
import { Accesses } from './accesses';
import { removeDrafts } from './drafts';
import type { JobResult } from './events';
import { applicationName, type Job } from './folder';
import type { Journal } from './journal';
import type { Masker } from './mask';
import { ProgressMeter } from './progress';
import { interruptedJobs } from './reap';
import { endSessions } from '../tools';
import { restoreReport } from '../restore';
import { runStep } from './steps';
import type { Notes, StepContext } from './steps/types';
import { throwIfCancelled } from './wait';

/** What clearing away may take, all in all. */
const cleanupMs = 120_000;

/** Runs a plan's steps and writes how it ended as the journal's last word. */
export async function runPlan(
  job: Job,
  secrets: Secrets,
  journal: Journal,
  masker: Masker,
  signal: AbortSignal,
  where: Home,
): Promise<void> {
  const { plan } = job;
  const log: StepContext['log'] = (level, text, source) =>
    journal.write({ type: 'log', level, text, ...(source ? { source } : {}) });
  const accesses = new Accesses(
    plan,
    secrets,
    (secret) => masker.add(secret),
    (text) => log('info', text, 'connection'),
    (process) => journal.write({ type: 'process', ...process, name: 'ssh' }),
  );
  const meter = new ProgressMeter(
    plan.steps.map(({ weight }) => weight),
    (progress) => journal.write({ type: 'progress', ...progress }),
  );
  const began = journal.elapsed();
  let touched = false;
  let done = 0;
  const notes: Notes = {
    sums: new Map(),
    servers: new Map(),
    stopped: new Map(),
    rehearsed: { times: { copyMs: 0, recoveryMs: 0, startMs: 0 }, faults: [], checks: [] },
    guards: new Map(),
    tables: [],
    judged: [],
    counted: null,
    startedAt: new Date().toISOString(),
  };
  const context: StepContext = {
    job,
    signal,
    applicationName: applicationName(job.id),
    notes,
    access: (key) => accesses.open(key, signal),
    reopen: (key) => accesses.reopen(key, signal),
    event: (body) => journal.write(body),
    log,
    progress: (fraction, what, bytes) => meter.update(fraction, what, bytes ?? null),
    touched: () => (touched = true),
    elapsed: () => journal.elapsed() - began,
  };

  journal.write({ type: 'state', state: 'running' });
  let failure: { error: unknown } | undefined;
  let result: JobResult = {};
  try {
    await refuseOverwriting(plan);
    await removeDrafts(plan);
    await endLeftovers(context, where);
    await lookAtSource(context);
    for (const [index, step] of plan.steps.entries()) {
      throwIfCancelled(signal);
      journal.write({ type: 'step', index, title: step.title });
      meter.step(index, step.title);
      result = { ...result, ...(await runStep(step, context)) };
      done = index + 1;
    }
    if (plan.kind === 'restore') {
      const undo = result.undo ?? plan.artifact?.path ?? null;
      result = { ...result, ...restoreReport(plan, notes.judged, notes.counted), undo };
    }
    const failed = notes.judged.filter(({ verdict }) => verdict === 'failed').length;
    if (failed > 0) throw incomplete(failed);
    meter.finish(plan.title);
  } catch (error) {
    failure = { error: signal.aborted ? new CancelledError() : error };
  }
  meter.stop();
  for (const guard of notes.guards.values()) await guard.stop();
  const kept = failure && isIncomplete(failure.error);
  if (failure && !kept) await clearAway(context, accesses, touched ? done : null);
  else await endSessionsOf(accesses, [context.applicationName]);
  await accesses.close();
  const durationMs = context.elapsed();
  if (!failure || kept) journal.write({ type: 'result', result: { ...plan.facts, ...result, durationMs } });
  sayEnd(journal, failure?.error, kept ? undefined : plan.ifItFails);
}

/** The last word: how the job ended; `unharmed` is true where it did not end well. */
export function sayEnd(journal: Journal, error: unknown, unharmed?: string): void {
  if (error === undefined) return journal.write({ type: 'state', state: 'succeeded' });
  if (isCancelled(error))
    return journal.write({ type: 'state', state: 'cancelled', ...(unharmed ? { reason: unharmed } : {}) });
  const facts = toFacts(error);
  if (unharmed) facts.what = `${facts.what} ${unharmed}`;
  journal.write({ type: 'error', error: facts });
  journal.write({ type: 'state', state: 'failed', reason: facts.what });
}

const incompleteCode = 'restore.incomplete';

/** A tolerant restore that went to its end: what was made is kept, but it is not called a success. */
function incomplete(failed: number): RestorePointError {
  return new RestorePointError({
    code: incompleteCode,
    what:
      failed === 1
        ? l10n.t('One entry could not be restored; all others were, and are kept.')
        : l10n.t('{0} entries could not be restored; all others were, and are kept.', failed),
    why: '',
    next: l10n.t('Read the messages in the log.'),
    remedies: [{ do: 'showLog' }],
  });
}

function isIncomplete(error: unknown): boolean {
  return error instanceof RestorePointError && error.code === incompleteCode;
}

/** The facts of the server before anything is read from it: the manifest's log position is that of the start. */
async function lookAtSource({ job, notes, access, signal }: StepContext): Promise<void> {
  const step = job.plan.artifact && job.plan.steps.find(reads);
  if (!step?.connection) return;
  const opened = await access(step.connection);
  const facts = await withClient(opened, step.database ?? opened.connection.settings.database, serverFacts, {
    signal,
  });
  const host = opened.host ?? opened.connection.settings.hosts[0] ?? opened.endpoint;
  notes.source = {
    server: `${host.host}:${host.port}`,
    serverVersion: facts.version.text,
    systemIdentifier: facts.systemIdentifier,
    lsn: facts.lsn,
  };
}

/** Said at once, not after an hour of dumping; the end of the backup looks again. */
async function refuseOverwriting({ artifact }: Plan): Promise<void> {
  if (!artifact || !(await lstat(artifact.path).catch(() => null))) return;
  throw new RestorePointError({
    code: 'artifact.exists',
    what: l10n.t('"{0}" is there already.', artifact.path),
    why: l10n.t('A backup never replaces another file.'),
    next: l10n.t('Start a new backup: it takes a new name.'),
  });
}

function reads(step: Step): step is Extract<Step, { do: 'tool' | 'copyOut' | 'copyOnline' }> {
  return (
    (step.do === 'tool' || step.do === 'copyOut' || step.do === 'copyOnline') && step.connection !== undefined
  );
}

/** Sessions that jobs with a killed runner left on the servers this job goes to: only now is there a password. */
async function endLeftovers(context: StepContext, where: Home): Promise<void> {
  const names = (await interruptedJobs(where)).map(applicationName);
  if (names.length === 0) return;
  const { plan } = context.job;
  for (const key of Object.keys(plan.connections).filter((one) => !isOwnServer(plan, one))) {
    const found = await endSessions(await context.access(key), names).catch(() => 0);
    if (found > 0) context.log('info', l10n.t('Ended {0} sessions left by an interrupted job.', found));
  }
}

async function endSessionsOf(accesses: Accesses, names: string[]): Promise<void> {
  for (const access of await accesses.opened()) await endSessions(access, names).catch(() => 0);
}

/**
 * Takes away what a failed or cancelled job made: sessions first (they hold locks), then objects, then files.
 * @param done how many steps were done; null when nothing was changed, then there is nothing to undo.
 */
async function clearAway(context: StepContext, accesses: Accesses, done: number | null): Promise<void> {
  const { plan } = context.job;
  const { log } = context;
  await endSessionsOf(accesses, [context.applicationName]);
  const signal = AbortSignal.timeout(cleanupMs);
  const calm: StepContext = {
    ...context,
    signal,
    access: (key) => accesses.open(key, signal),
    reopen: (key) => accesses.reopen(key, signal),
    progress: () => undefined,
  };
  if (done !== null)
    for (const step of plan.onFailure) {
      if ('onlyAfter' in step && step.onlyAfter !== undefined && step.onlyAfter >= done) continue;
      log('info', step.title, 'cleanup');
      await runStep(step, calm).catch((error: unknown) => log('warning', toFacts(error).why, 'cleanup'));
    }
  try {
    for (const path of await removeDrafts(plan)) log('info', l10n.t('Removed {0}', path), 'cleanup');
  } catch (error) {
    log('warning', toFacts(error).why, 'cleanup');
  }
}
