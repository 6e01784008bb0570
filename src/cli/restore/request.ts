import { resolve } from 'node:path';
import * as l10n from '@vscode/l10n';
import { RestorePointError } from '../../engine/errors';
import { home } from '../../engine/home';
import { listJobs, readMessages } from '../../engine/jobs';
import {
  resumeRequest,
  strategies,
  type Picked,
  type Renaming,
  type RestoreRequest,
} from '../../engine/restore';
import { oneOf, UsageError } from '../args';
import type { Io } from '../io';
import { toolAnswers } from './options';

/** The values of `restore`'s options, by their long names. */
export type Given = Record<string, string | boolean | string[] | undefined>;

const safetyCopies = ['auto', 'clone', 'dump', 'none'] as const;
const existing = ['add', 'replace', 'beside'] as const;

/** What is asked for on the command line. Throws UsageError for what does not fit together. */
export function requestOf(artifact: string, given: Given): RestoreRequest {
  const text = (key: string): string | undefined => given[key] as string | undefined;
  const names = strategies.map(({ name }) => name);
  if (given.rehearse && text('strategy') !== 'replace')
    throw new UsageError(
      l10n.t('--rehearse goes with --strategy replace: it checks before the names are swapped.'),
    );
  const pick = pickOf(given);
  const rename = renamingOf(given);
  const without = given['without-extension'] as string[] | undefined;
  return {
    artifact: resolve(artifact),
    ...(text('database') === undefined ? {} : { database: text('database')! }),
    strategy: oneOf('strategy', text('strategy') ?? 'new', names),
    options: {
      ...toolAnswers(given),
      ...(given.strict ? { 'exit-on-error': true } : {}),
      ...(given['no-clean'] ? { clean: false } : {}),
    },
    allowMetaCommands: Boolean(given['allow-meta-commands']),
    tolerant: Boolean(given.tolerant),
    endSessions: Boolean(given['end-sessions']),
    ...(given.rehearse ? { rehearse: true } : {}),
    ...(given.check ? { checks: (given.check as string[]).map((sql) => ({ name: sql, sql })) } : {}),
    ignoreRoom: Boolean(given['ignore-room']),
    ...(text('safety') === undefined ? {} : { safety: oneOf('safety', text('safety')!, safetyCopies) }),
    ...(pick ? { pick } : {}),
    ...(rename ? { rename } : {}),
    ...(without ? { withoutExtensions: without } : {}),
  };
}

/** What failed in a job, to be restored now; roles and owners as asked for now. Throws `job.none`. */
export async function requestOfJob(io: Io, id: string, given: Given): Promise<RestoreRequest> {
  const job = (await listJobs(home(io.env))).find((one) => one.id === id);
  if (!job)
    throw new RestorePointError({
      code: 'job.none',
      what: l10n.t('There is no job {0}.', id),
      why: '',
      next: l10n.t('restore-point jobs lists them.'),
    });
  const request = await resumeRequest(job, await readMessages(job.folder));
  return { ...request, options: { ...request.options, ...toolAnswers(given) } };
}

function pickOf(given: Given): Picked | undefined {
  const names = given.pick as string[] | undefined;
  if (!names) {
    const alone = ['existing', 'no-needed', 'no-rows'].find((option) => given[option] !== undefined);
    if (alone) throw new UsageError(l10n.t('--{0} says something about what --pick names.', alone));
    return undefined;
  }
  return {
    entries: names.map((name) => (/^\d+$/.test(name) ? Number(name) : name)),
    ...(given['no-needed'] ? { dependencies: false } : {}),
    ...(given['no-rows'] ? { rows: false } : {}),
    ...(given.existing === undefined
      ? {}
      : { existing: oneOf('existing', given.existing as string, existing) }),
  };
}

function renamingOf(given: Given): Renaming | undefined {
  const pairs = (option: string): Record<string, string> | undefined => {
    const values = given[option] as string[] | undefined;
    return values && Object.fromEntries(values.map((value) => pairOf(option, value)));
  };
  const [schemas, owners, tablespaces] = [pairs('schema-as'), pairs('owner-as'), pairs('tablespace-as')];
  if (!schemas && !owners && !tablespaces) return undefined;
  return { ...(schemas && { schemas }), ...(owners && { owners }), ...(tablespaces && { tablespaces }) };
}

function pairOf(option: string, value: string): [string, string] {
  const at = value.indexOf('=');
  if (at <= 0 || at === value.length - 1) throw new UsageError(l10n.t('--{0} takes OLD=NEW.', option));
  return [value.slice(0, at), value.slice(at + 1)];
}
