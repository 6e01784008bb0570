import { cpus } from 'node:os';
import * as l10n from '@vscode/l10n';
import type { Entry } from '../archive';
import { RestorePointError } from '../errors';
import type { Warning } from '../plan';
import { chooseForRestore, toArguments, type ArchiveNeed, type RestoreChoice } from '../tools';
import { chosenEntries } from './chosen';
import type { Selection } from './pick';
import { relationsOf } from './relations';
import { missingOn } from './requirements';
import type { Filling, FillRequest, RestoreOptions } from './types';

/** Below this pg_restore's workers cost more than they save. */
const worthJobsBytes = 32_000_000;
const mostJobs = 8;

/** Options that bring only a part, so that row counts of the whole archive say nothing. */
const filters = [
  'schema-only',
  'section',
  'table',
  'schema',
  'exclude-schema',
  'index',
  'function',
  'trigger',
  'use-list',
  'filter',
  'no-data',
  'statistics-only',
];

const truthy = (value: RestoreOptions[string] | undefined): boolean => value !== undefined && value !== false;

function conflict(what: string, why: string, next: string): never {
  throw new RestorePointError({ code: 'restore.options', what, why, next });
}

/** The pg_restore for an archive, and why it is that one. */
export function restoringChoice({
  restoring: { context, target, request },
  source: { contents },
}: FillRequest): RestoreChoice {
  const { archiveVersion, compression } = contents;
  const need = { archiveVersion: archiveVersion ?? [1, 14], compression } satisfies ArchiveNeed;
  return chooseForRestore(context.builds, need, target.version, 'pg_restore', request.client);
}

/** An archive by pg_restore: from its file, or over standard input when it is wrapped or the tool is elsewhere. */
export function fillFromArchive(request: FillRequest, selection: Selection | null): Filling {
  const { restoring, source, database, inPlace } = request;
  const { context, target } = restoring;
  const { contents, recognised } = source;
  const { build, reasons, others } = restoringChoice(request);
  const streamed = recognised.wrapper !== null || Boolean(build.prefix?.length);
  if (streamed && recognised.format === 'directory')
    conflict(
      l10n.t('A directory dump cannot be streamed to client programs that run elsewhere.'),
      l10n.t('They run through a prefix, and only single files can be fed to them from here.'),
      l10n.t('Use client programs of this machine, or make the backup in the custom format.'),
    );
  const tolerant = restoring.request.tolerant ?? false;
  const entries = selection?.entries ?? chosenEntries(contents, restoring.request.options);
  const warnings: Warning[] = missingOn(
    target,
    selection ? { ...contents, entries: [...entries, ...selection.mended] } : contents,
    restoring.request.options,
    new Set(restoring.request.createRoles),
    source.globals,
  );
  const answers: RestoreOptions = { ...restoring.request.options };
  // The database is created by ourselves, so that a failure takes away only what we made.
  delete answers.create;
  const dataOnly = truthy(answers['data-only']);
  const { resume } = restoring.request;
  if (inPlace && !dataOnly && !resume && answers.clean === undefined) answers.clean = true;
  if (!inPlace) {
    delete answers.clean;
    delete answers['if-exists'];
  }
  if (truthy(answers.clean) && answers['if-exists'] === undefined) answers['if-exists'] = true;

  // pg_restore 17 and later begin with a setting older servers refuse; whatever stops at the first error stops there.
  const refusedSetting = build.version.major >= 17 && !target.settings.has('transaction_timeout');
  const strict = truthy(answers['exit-on-error']);
  const asked = answers['single-transaction'];
  const jobsAsked = answers.jobs === undefined ? null : Number(answers.jobs);
  if (truthy(asked) && jobsAsked !== null && jobsAsked > 1)
    conflict(
      l10n.t('A restore in one transaction cannot have several jobs.'),
      l10n.t('Each job is a session of its own, and a transaction belongs to one session.'),
      l10n.t('Choose one of the two.'),
    );
  if (jobsAsked !== null && jobsAsked > 1 && (streamed || recognised.format === 'tar'))
    conflict(
      l10n.t('This backup cannot be restored with several jobs.'),
      streamed
        ? l10n.t('It is fed to pg_restore as a stream, and every job needs a place of its own in the file.')
        : l10n.t('pg_restore restores tar archives with one job only.'),
      l10n.t('Leave out the jobs; unpack the file first if they matter.'),
    );
  if ((truthy(asked) || strict) && tolerant)
    conflict(
      l10n.t('A restore cannot be tolerant and stop at the first error.'),
      l10n.t('One transaction and strict both end at the first error.'),
      l10n.t('Choose one of the two.'),
    );
  if ((truthy(asked) || strict) && refusedSetting)
    conflict(
      l10n.t('This restore cannot stop at the first error.'),
      l10n.t(
        'pg_restore {0}, which this archive needs, begins with the setting transaction_timeout, which the server ({1}) refuses; a strict restore would end there.',
        build.version.text,
        target.version.text,
      ),
      l10n.t('Leave out strict and single transaction; every message is judged all the same.'),
    );
  const single =
    asked === undefined ? inPlace && !tolerant && !refusedSetting && (jobsAsked ?? 1) <= 1 : truthy(asked);
  if (single) answers['single-transaction'] = true;
  else delete answers['single-transaction'];
  if (inPlace && asked === undefined && refusedSetting)
    warnings.push({
      code: 'restore.noTransaction',
      text: l10n.t(
        'The restore cannot be one transaction, because this pg_restore begins with a setting the server refuses: a failure leaves the database half restored.',
      ),
    });
  if (single && warnings.some((w) => w.code === 'target.role' || w.code === 'target.extension'))
    warnings.push({
      code: 'restore.willStop',
      text: l10n.t(
        'The restore is one transaction: what is missing on the target ends it, and the database stays as it is.',
      ),
    });
  if (!single && !streamed && (recognised.format === 'custom' || recognised.format === 'directory')) {
    const jobs = jobsAsked ?? defaultJobs(source.bytes, entries, context.cores ?? cpus().length);
    if (jobs > 1) answers.jobs = jobs;
    else delete answers.jobs;
  } else delete answers.jobs;

  const args = ['--verbose', ...toArguments('pg_restore', build.version, answers)];
  return {
    entries: entries.length,
    warnings,
    ...(selection ? { tables: selection.tables, chosen: entries } : {}),
    countable: !filters.some((name) => truthy(answers[name])) && !(inPlace && dataOnly),
    steps: [
      {
        do: 'tool',
        title: l10n.t('Restore {0}', database),
        weight: Math.max(source.bytes, 1_000_000),
        tool: 'pg_restore',
        build,
        reasons,
        others,
        args: streamed ? args : [...args, source.path],
        ...(streamed ? { stdin: source.path } : {}),
        connection: 'target',
        database,
        dialect: 'pg_restore',
        relations: relationsOf(entries),
        ...(selection ? { list: entries.map(({ id }) => id) } : {}),
        // One transaction and strict end at the first error, whatever it is: then the exit code alone is right.
        tolerant: !single && !strict,
        ...(tolerant ? { keepGoing: true } : {}),
      },
    ],
  };
}

function defaultJobs(bytes: number, entries: Entry[], cores: number): number {
  if (bytes < worthJobsBytes) return 1;
  const tables = entries.filter((entry) => entry.kind === 'TABLE DATA').length;
  return Math.max(1, Math.min(cores, mostJobs, tables));
}
