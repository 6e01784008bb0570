import * as l10n from '@vscode/l10n';
import { RestorePointError } from '../errors';
import type { Plan, Step } from '../plan';
import { estimateRestore } from './estimate';
import { rolesFromStep, rolesStep } from './roles';
import { lookAtSource, nameOf } from './source';
import { strategies } from './strategies';
import { lookAtTarget, refuseStandby } from './target';
import type { RestoreContext, RestoreRequest } from './types';

/**
 * What a restore will do, as a plan. Looks at the backup and at the target, changes nothing. Throws
 * explained errors: `artifact.*` for what cannot be restored, `restore.*` and `script.*` for what does not
 * fit together, `tool.*` and `connection.*` from below.
 */
export async function planRestore(request: RestoreRequest, context: RestoreContext): Promise<Plan> {
  const strategy = strategies.find((s) => s.name === request.strategy);
  if (!strategy)
    throw new RestorePointError({
      code: 'restore.strategy',
      what: l10n.t('There is no strategy {0}.', request.strategy),
      why: '',
      next: l10n.t('Choose one of: {0}.', strategies.map((s) => s.name).join(', ')),
    });
  const source = await lookAtSource(request, context.signal);
  const several = source.recognised.kind === 'set' || source.recognised.kind === 'clusterScript';
  if (!several && !request.database)
    throw new RestorePointError({
      code: 'restore.databaseName',
      what: l10n.t('The restore needs the name of a database.'),
      why: l10n.t('The backup holds one database, which can go under any name.'),
      next: l10n.t('Name the database.'),
      remedies: [{ do: 'chooseDatabase', with: {} }],
    });
  const target = await lookAtTarget(context.access, context.signal);
  refuseStandby(target);
  const restoring = { request, context, source, target };
  const parts = await strategy.plan(restoring);
  const { estimate, warnings, checked } = await estimateRestore(restoring, parts);
  const wanted = request.createRoles ?? [];
  const roles = request.rolesFrom
    ? await rolesFromStep(wanted, request.rolesFrom, restoring)
    : rolesStep(wanted, target);
  const unseen = new Map(
    [...parts.warnings, ...warnings].map((warning) => [`${warning.code} ${warning.text}`, warning]),
  );
  return {
    version: 1,
    kind: 'restore',
    title: several
      ? l10n.t('Restore {0}', nameOf(source.path))
      : l10n.t('Restore {0} into {1}', nameOf(source.path), parts.database),
    connections: { target: context.access.connection, ...parts.safety?.connections },
    ...(parts.safety?.artifact ? { artifact: parts.safety.artifact } : {}),
    ...(parts.ifItFails ? { ifItFails: parts.ifItFails } : {}),
    steps: roles ? [roles, ...parts.steps] : parts.steps,
    onFailure: roles ? parts.onFailure.map(oneLater) : parts.onFailure,
    locks: [{ server: target.server, database: parts.database }],
    restores: source.path,
    request,
    destroys: parts.destroys,
    wayBack: parts.wayBack,
    warnings: [...unseen.values()],
    checked: [...(parts.checked ?? []), ...checked],
    estimate,
    facts: {
      ...parts.facts,
      database: parts.database,
      strategy: strategy.name,
      artifact: source.path,
      artifactBytes: source.bytes,
      entries: parts.entries,
      tolerant: request.tolerant ?? false,
    },
  };
}

/** A step that undoes another one, which has one more before it now. */
function oneLater(step: Step): Step {
  return 'onlyAfter' in step && step.onlyAfter !== undefined
    ? { ...step, onlyAfter: step.onlyAfter + 1 }
    : step;
}
