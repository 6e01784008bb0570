import * as l10n from '@vscode/l10n';
import { RestorePointError } from '../errors';
import { checkMetaCommands, psqlStep } from './script';
import { connectedDatabase } from './scriptHead';
import type { PlanParts, Restoring, Source } from './types';

/** Databases every server has: a cluster script goes into them as they are. */
export const standing = new Set(['postgres', 'template1']);

/** The databases a cluster script fills, in its order. */
export function clusterDatabases(source: Source): string[] {
  const names = (source.contents?.metaCommands ?? [])
    .map((command) => connectedDatabase(command.text))
    .filter((name) => name !== null);
  return [...new Set(names)];
}

/**
 * pg_dumpall's script by psql, started on the maintenance database; it makes roles, tablespaces and
 * databases by itself. It cannot stop at the first error: every server has the role it was installed
 * with, so `role … already exists` comes each time. The failure doctor tells that apart from failures.
 */
export async function planCluster(restoring: Restoring): Promise<PlanParts> {
  const { request, source, target } = restoring;
  const contents = source.contents!;
  const named = Object.keys(request.options ?? {}).filter((key) => request.options?.[key] !== false);
  if (named.length)
    throw new RestorePointError({
      code: 'restore.scriptOption',
      what: l10n.t('The option --{0} does not apply to a cluster script.', named[0]!),
      why: l10n.t('psql runs a script as it was written.'),
      next: l10n.t('Leave the option out.'),
    });
  const databases = clusterDatabases(source);
  const made = databases.filter((name) => !standing.has(name));
  const there = made.filter((name) => target.databases.has(name));
  if (there.length && request.strategy === 'new')
    throw new RestorePointError({
      code: 'restore.databaseExists',
      what: l10n.t('The script makes databases that are there already: {0}.', there.join(', ')),
      why: l10n.t('The strategy is to restore into new databases, which touches nothing that exists.'),
      next: l10n.t('Rename or drop them first, or restore in place.'),
      remedies: [{ do: 'restoreInPlace', with: {} }],
    });
  const warnings = checkMetaCommands(contents, request.allowMetaCommands ?? false);
  const planned = await psqlStep(
    restoring,
    source as Source & { contents: NonNullable<Source['contents']> },
    {
      title: l10n.t('Restore the cluster script'),
      database: target.maintenance,
      stopOnError: false,
      singleTransaction: false,
    },
  );
  if (!target.superuser)
    warnings.push({
      code: 'target.superuser',
      text: l10n.t(
        '{0} is no superuser: roles and tablespaces of the script will mostly be refused.',
        target.user,
      ),
    });
  warnings.push({
    code: 'cluster.where',
    text: databases.length
      ? l10n.t(
          'The script starts on {0}, makes the roles and tablespaces, and goes to these databases by itself: {1}.',
          target.maintenance,
          databases.join(', '),
        )
      : l10n.t(
          'The script starts on {0} and makes the roles and tablespaces of its server.',
          target.maintenance,
        ),
  });
  return {
    database: '*',
    steps: [planned.step],
    // What a script makes by itself cannot be told from what somebody else makes meanwhile: it is named, not dropped.
    onFailure: [],
    destroys: there.map((name) =>
      l10n.t(
        'The script is run over the database {0}: rows are added, and settings of its objects change.',
        name,
      ),
    ),
    wayBack: made.length
      ? l10n.t(
          'Drop the databases it made ({0}); roles stay.',
          made.filter((n) => !there.includes(n)).join(', '),
        )
      : l10n.t('Drop the roles and tablespaces it made.'),
    warnings: [...warnings, ...planned.warnings],
    entries: contents.entries.length,
    facts: { databases: databases.join(', ') },
  };
}
