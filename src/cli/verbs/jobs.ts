import * as l10n from '@vscode/l10n';
import { RestorePointError } from '../../engine/errors';
import { home } from '../../engine/home';
import {
  cancelJob,
  followJob,
  isTerminal,
  listJobs,
  readSummary,
  reapJobs,
  removeJob,
  retryJob,
  startRunner,
  type JobEvent,
  type JobSummary,
} from '../../engine/jobs';
import { common, parse, UsageError } from '../args';
import { exitCodes, type ExitCode, type Io, type Verb } from '../io';
import { secretsFor } from '../jobSecrets';
import { durationText, note, printable, printResult, table } from '../output';

const usage = `restore-point jobs: what runs and what ran

Usage: restore-point jobs [--json]
       restore-point jobs cancel|log|retry|remove ID [--json]

cancel   asks the job to end, and waits until it has cleared away
log      prints what the job said; with --follow until it ends, with --json one event per line
retry    starts a new job of the same plan; passwords come from the password file, PGPASSWORD or a prompt
remove   deletes an ended job from the history

ID may be shortened, as long as it names one job.

--json   {"jobs": [{id, title, kind, state, reason, fraction, what, remainingMs, startedAt, endedAt,
         durationMs, result, error, messages: {harmless, degraded, failed}, resumable, folder}]}
`;

type Action = (io: Io, job: JobSummary, options: { follow: boolean }) => Promise<ExitCode>;

const actions: Record<string, Action> = { cancel, log, retry, remove };

export const verb: Verb = {
  usage,
  async run(args, io) {
    const { values, positionals } = parse({
      args,
      allowPositionals: true,
      options: { ...common, follow: { type: 'boolean', short: 'f' } },
    });
    const [name, id, ...rest] = positionals;
    const where = home(io.env);
    await reapJobs(where);
    if (name === undefined) return await list(io, await listJobs(where));
    const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
    if (!action) throw new UsageError(l10n.t('jobs knows {0}.', Object.keys(actions).join(', ')));
    if (id === undefined || rest.length) throw new UsageError(l10n.t('jobs {0} takes one ID.', name));
    return await action(io, find(await listJobs(where), id), { follow: values.follow === true });
  },
};

async function list(io: Io, jobs: JobSummary[]): Promise<ExitCode> {
  printResult(io, { jobs: jobs.map(entry) }, table(jobs.map(line)));
  if (!jobs.length && !io.json) note(io, l10n.t('No jobs.'));
  return exitCodes.done;
}

function entry({ plan, ...job }: JobSummary): object {
  return { ...job, title: plan.title, kind: plan.kind };
}

function line(job: JobSummary): string[] {
  return [job.id, job.state, printable(job.plan.title), printable(detail(job))];
}

function detail({ state, fraction, what, remainingMs, durationMs, reason, messages }: JobSummary): string {
  if (state === 'running')
    return [
      fraction === null ? null : `${Math.floor(fraction * 100)} %`,
      remainingMs === null ? null : l10n.t('{0} left', durationText(remainingMs)),
      what,
    ]
      .filter(Boolean)
      .join(' · ');
  const { harmless, degraded, failed } = messages;
  const said =
    harmless + degraded + failed
      ? l10n.t(
          '{0} messages: {1} harmless, {2} lesser, {3} failed',
          harmless + degraded + failed,
          harmless,
          degraded,
          failed,
        )
      : null;
  return [durationMs === null ? null : durationText(durationMs), reason, said].filter(Boolean).join(' · ');
}

function find(jobs: JobSummary[], id: string): JobSummary {
  const exact = jobs.find((job) => job.id === id);
  const fits = exact ? [exact] : jobs.filter((job) => job.id.includes(id));
  const [job] = fits;
  if (job && fits.length === 1) return job;
  throw new RestorePointError({
    code: 'job.unknown',
    what: job ? l10n.t('{0} names {1} jobs.', id, fits.length) : l10n.t('There is no job {0}.', id),
    why: fits.map((one) => one.id).join(', '),
    next: l10n.t('See restore-point jobs.'),
  });
}

async function cancel(io: Io, job: JobSummary): Promise<ExitCode> {
  if (!isTerminal(job.state)) {
    await cancelJob(job.folder);
    // A job that nobody runs has nobody to obey.
    for await (const event of followJob(job.folder, {
      signal: AbortSignal.any([io.signal, AbortSignal.timeout(60_000)]),
    }))
      if (event.type === 'state' && isTerminal(event.state)) break;
  }
  const after = await readSummary(job.folder);
  printResult(io, entry(after), l10n.t('{0} is {1}.', after.id, after.state));
  return isTerminal(after.state) ? exitCodes.done : exitCodes.failed;
}

async function log(io: Io, job: JobSummary, { follow }: { follow: boolean }): Promise<ExitCode> {
  const signal = follow ? io.signal : undefined;
  for await (const event of events(job, signal)) {
    const text = io.json ? JSON.stringify(event) : logLine(event);
    if (text !== null) io.stdout.write(`${text}\n`);
  }
  return exitCodes.done;
}

/** All there are now; with a signal also those that come. */
async function* events(job: JobSummary, signal: AbortSignal | undefined): AsyncIterable<JobEvent> {
  const stop = new AbortController();
  yield* followJob(job.folder, signal ? { signal } : { signal: stop.signal, onCaughtUp: () => stop.abort() });
}

function logLine(event: JobEvent): string | null {
  const time = event.at.slice(11, 19);
  switch (event.type) {
    case 'log':
      return `${time} ${event.source ? `[${event.source}] ` : ''}${printable(event.text)}`;
    case 'state':
      return `${time} ${event.state}${event.reason ? `: ${printable(event.reason)}` : ''}`;
    case 'step':
      return `${time} ${printable(event.title)}`;
    case 'error':
      return [event.error.what, event.error.why, event.error.next]
        .filter(Boolean)
        .map((text) => `${time} ${text}`)
        .join('\n');
    case 'message':
      return `${time} ${event.message.verdict}: ${printable(event.message.text)}\n${time}   ${event.message.reason}`;
    default:
      return null;
  }
}

async function retry(io: Io, job: JobSummary): Promise<ExitCode> {
  if (!isTerminal(job.state))
    throw new RestorePointError({
      code: 'job.running',
      what: l10n.t('The job has not ended.'),
      why: l10n.t('It is {0}.', job.state),
      next: l10n.t('Cancel it first, or wait.'),
    });
  const secrets = await secretsFor(io, job.plan);
  const again = await retryJob(job.folder);
  await startRunner(again, { cli: process.argv[1] ?? '', secrets, env: io.env });
  printResult(io, { job: again.id, folder: again.folder }, l10n.t('Started as {0}.', again.id));
  return exitCodes.done;
}

async function remove(io: Io, job: JobSummary): Promise<ExitCode> {
  await removeJob(job.folder);
  printResult(io, { removed: job.id }, l10n.t('Removed {0}.', job.id));
  return exitCodes.done;
}
