import * as l10n from '@vscode/l10n';
import { dependencyGraph, readContents, type Entry } from '../archive';
import { withReferences } from '../archive/restoring';
import { RestorePointError } from '../errors';
import type { JobMessage } from '../jobs/events';
import type { Plan } from '../plan';
import type { RestoreRequest } from './types';

/**
 * The request that restores what failed, with what needs it, into the database the first restore went into. What is
 * there stays as it is. Throws `restore.nothingFailed` when no message names an entry of the backup.
 */
export async function resumeRequest(plan: Plan, messages: readonly JobMessage[]): Promise<RestoreRequest> {
  const { request } = plan;
  const contents = request && (await readContents(request.artifact));
  const failed = contents ? failedEntries(withReferences(contents), messages) : [];
  if (!request || failed.length === 0)
    throw new RestorePointError({
      code: 'restore.nothingFailed',
      what: l10n.t('There is nothing that could be restored by itself.'),
      why: l10n.t('No failure of that restore is about an entry of the backup.'),
      next: l10n.t('Restore the whole backup again.'),
    });
  const { options: { clean: _, 'if-exists': __, jobs: ___, ...options } = {}, ...rest } = request;
  return {
    ...rest,
    options,
    strategy: 'in-place',
    pick: { entries: failed, existing: 'add', dependencies: request.pick?.dependencies ?? true },
  };
}

/** Ids of the entries messages call failed, with all that needs them. */
function failedEntries(entries: readonly Entry[], messages: readonly JobMessage[]): number[] {
  const labels = new Set(
    messages.flatMap(({ verdict, entry }) => (verdict === 'failed' && entry ? entry : [])),
  );
  const ids = entries
    .filter((entry) => labelsOf(entry).some((label) => labels.has(label)))
    .map(({ id }) => id);
  return [...ids, ...dependencyGraph(entries).dependents(ids)];
}

/** As pg_restore names it, and as the comment in a script does. */
function labelsOf({ kind, schema, name, owner }: Entry): string[] {
  return [
    [kind, schema ?? '-', name, owner].filter(Boolean).join(' '),
    [kind, schema, name, owner].filter(Boolean).join(' '),
  ];
}
