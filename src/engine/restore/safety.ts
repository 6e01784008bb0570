import * as l10n from '@vscode/l10n';
import { planBackup } from '../backup';
import { RestorePointError } from '../errors';
import { formatBytes } from '../format';
import { home } from '../home';
import type { CloneStep, Plan, Step, Warning } from '../plan';
import type { Restoring } from './types';
import { databaseBytes, type Target, type TargetDatabase } from './target';

/** What is kept of a database before it is changed in place. */
export interface SafetyCopy {
  how: 'clone' | 'dump' | 'none';
  steps: Step[];
  warnings: Warning[];
  /** How, and why so. */
  checked?: Warning[];
  wayBack?: string;
  /** Of a dump: what the plan needs for it. */
  dump?: Pick<Plan, 'artifact' | 'connections' | 'locks'>;
}

/**
 * A clone on the server where one can be made (measured: a seventh of the time of a dump and its restore, and the
 * way back takes under a second), else a dump.
 */
export async function safetyCopy(
  restoring: Restoring,
  database: string,
  found: TargetDatabase,
): Promise<SafetyCopy> {
  const { request, target, context } = restoring;
  const wanted = request.safety ?? 'auto';
  if (wanted === 'none') return { how: 'none', steps: [], warnings: [] };
  const against = whyNoClone(database, found, target, request.endSessions ?? false);
  if (wanted === 'clone' && against)
    throw new RestorePointError({
      code: 'safety.noClone',
      what: l10n.t('{0} cannot be cloned before it is changed.', database),
      why: against,
      next: l10n.t('Keep a dump of it instead, or end what uses it.'),
      remedies: [{ do: 'runAnyway', with: { option: 'endSessions' } }],
    });
  // A job makes one backup: of several databases only clones can be kept.
  if (restoring.source.recognised.kind === 'set' && (wanted === 'dump' || against))
    return { how: 'none', steps: [], warnings: [notKept(database, against)] };
  if (wanted === 'dump' || against) return await dumpOf(restoring, database, against);
  const bytes = await databaseBytes(context.access, database, context.signal);
  const size = bytes === null ? '' : ` (${formatBytes(bytes)})`;
  return {
    how: 'clone',
    steps: [cloneOf(restoring, database, bytes)],
    warnings: [],
    checked: [
      {
        code: 'safety.clone',
        text: l10n.t('{0}{1} is cloned on the server first: nobody has to wait for a dump.', database, size),
      },
    ],
    wayBack: l10n.t('A clone of {0} is made first; undo gives it the name back within seconds.', database),
  };
}

function notKept(database: string, against: string | null): Warning {
  return {
    code: 'safety.none',
    text: l10n.t(
      'No copy of {0} is kept before it is changed. {1} Back it up first.',
      database,
      against ?? l10n.t('The restore is of several databases.'),
    ),
  };
}

function cloneOf({ target, request, context }: Restoring, database: string, bytes: number | null): CloneStep {
  return {
    do: 'clone',
    title: l10n.t('Keep {0} as it is now', database),
    weight: (bytes ?? 100_000_000) / 10,
    connection: 'target',
    database: target.maintenance,
    source: database,
    point: { of: database, reason: 'restore', note: '', git: context.git ?? null },
    endSessions: request.endSessions ?? false,
  };
}

/** Why the server would not copy it now, a sentence; null when it would. */
export function whyNoClone(
  database: string,
  found: TargetDatabase,
  target: Target,
  endSessions: boolean,
): string | null {
  if (!target.superuser && !target.createDb)
    return l10n.t('The role {0} may not create databases.', target.user);
  if (!target.superuser && !found.owned)
    return l10n.t('Only the owner of {0} or a superuser may copy it.', database);
  if (found.prepared) return l10n.t('{0} prepared transactions hold {1}.', found.prepared, database);
  if (found.sessions && !endSessions)
    return l10n.t('{0} sessions are connected to {1}, and a copy has to be alone.', found.sessions, database);
  return null;
}

async function dumpOf(
  { context, request }: Restoring,
  database: string,
  against: string | null,
): Promise<SafetyCopy> {
  const plan = await planBackup(
    { method: 'dump', database, format: 'custom', verify: 'checksum' },
    {
      access: context.access,
      builds: context.builds,
      folder: context.folder ?? home().backups,
      now: context.now,
      ...(context.signal ? { signal: context.signal } : {}),
    },
  );
  const artifact = plan.artifact!;
  artifact.restorePoint = { reason: 'restore', git: context.git ?? null };
  const why = request.safety === 'dump' ? l10n.t('A dump was asked for.') : (against ?? '');
  return {
    how: 'dump',
    steps: plan.steps,
    warnings: plan.warnings,
    checked: [
      {
        code: 'safety.dump',
        text: l10n.t('{0} is dumped first. {1}', database, why).trim(),
      },
    ],
    wayBack: l10n.t('A dump of {0} is made first: {1}. Undo restores it.', database, artifact.path),
    dump: { artifact, connections: plan.connections, locks: plan.locks },
  };
}
