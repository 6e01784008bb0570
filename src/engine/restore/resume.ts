import * as l10n from '@vscode/l10n';
import { readContents, type Entry } from '../archive';
import { Renamer, withReferences } from '../archive/restoring';
import { RestorePointError } from '../errors';
import type { JobMessage } from '../jobs/events';
import type { Plan } from '../plan';
import { leftBy, type Ended } from '../left';
import type { Renaming, RestoreRequest, Resumed } from './types';

/**
 * The request that goes on with a restore: what failed and what needs it, and owners and privileges that could not be set;
 * of one that broke off, whatever is missing. Into the database it went into, where what is there stays as it is.
 * Throws `restore.nothingFailed` where there is nothing to go on with.
 */
export async function resumeRequest(job: Ended, messages: readonly JobMessage[]): Promise<RestoreRequest> {
  const { plan } = job;
  const left = leftBy(job);
  const { request } = plan;
  if (left === 'nothing' || !request) throw nothingToDo(l10n.t('Nothing is left of that restore.'));
  const resume = left === 'part' ? {} : await whatFailed(plan, request, messages);
  if (resume.failed?.length === 0 && !resume.mend?.length)
    throw nothingToDo(l10n.t('No message of it is about an entry that is missing or not whole.'));
  const { options: { clean: _, 'if-exists': __, jobs: ___, ...options } = {}, ...rest } = request;
  // Nothing is taken away, so that no copy has to be kept.
  return { ...rest, options, strategy: 'in-place', resume, safety: 'none' };
}

/** By the messages. Where one cannot be tied to an entry, nobody knows what is missing but the database. */
async function whatFailed(
  plan: Plan,
  request: RestoreRequest,
  messages: readonly JobMessage[],
): Promise<Resumed> {
  const entries = withReferences(await readContents(pathOf(plan, request)));
  const ids = new Map<string, number[]>();
  const renamer = renamerOf(entries, request.rename);
  for (const entry of entries)
    for (const label of [...labelsOf(entry), ...(renamer ? labelsOf(renamer.entry(entry)) : [])])
      ids.set(label, [...(ids.get(label) ?? []), entry.id]);
  const of = ({ entry }: JobMessage): number[] => (entry === null ? [] : (ids.get(entry) ?? []));
  const failed = messages.filter(({ verdict }) => verdict === 'failed');
  const mend = messages.filter(({ verdict, rule }) => verdict === 'degraded' && mendable.has(rule ?? ''));
  if (failed.some((message) => !of(message).length)) return {};
  return { failed: [...new Set(failed.flatMap(of))], mend: [...new Set(mend.flatMap(of))] };
}

/** What a second try can set. */
const mendable = new Set(['ownerMissing', 'ownerDenied', 'labelProviderMissing']);

/** The file that was restored: of a set the member. */
function pathOf({ steps, facts }: Plan, { artifact }: RestoreRequest): string {
  const step = steps.find((one) => one.do === 'countRestored' && one.database === facts.database);
  return (step?.do === 'countRestored' ? step.archive : undefined) ?? artifact;
}

function renamerOf(entries: readonly Entry[], rename: Renaming | undefined): Renamer | null {
  if (!rename) return null;
  const { schemas = {}, owners = {}, tablespaces = {} } = rename;
  return new Renamer(entries, { schemas, roles: owners, tablespaces });
}

/** As pg_restore names it, and as the comment in a script does. */
function labelsOf({ kind, schema, name, owner }: Entry): string[] {
  const plain = name.replaceAll(/[\r\n]/g, ' ');
  return [
    [kind, schema ?? '-', name, owner].filter(Boolean).join(' '),
    [kind, schema, plain, owner].filter(Boolean).join(' '),
  ];
}

function nothingToDo(why: string): RestorePointError {
  return new RestorePointError({
    code: 'restore.nothingFailed',
    what: l10n.t('There is nothing that could be restored by itself.'),
    why,
    next: l10n.t('Restore the whole backup again.'),
  });
}
