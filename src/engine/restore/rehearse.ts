import * as l10n from '@vscode/l10n';
import { RestorePointError } from '../errors';
import type { Plan, Step, UserCheck } from '../plan';
import { freeName, halfMadeComment, rehearsalName } from '../points';
import { dropStep } from './afterwards';
import { checkStep } from './checkStep';
import { intoNew } from './intoNew';
import { lookAtSource, nameOf } from './source';
import { ownDatabase } from './script';
import { lookAtTarget, refuseStandby } from './target';
import type { FillRequest, RestoreContext, RestoreRequest } from './types';

export interface RehearsalRequest {
  artifact: string;
  /** The user's own checks, beside those that are always made. */
  checks?: UserCheck[];
  /** A script's own psql commands may run. */
  allowMetaCommands?: boolean;
}

/**
 * A real restore into a database of its own, checked and dropped again, whatever happens. Its result is kept as
 * evidence of the backup: whether it can be restored, and how long that takes.
 */
export async function planRehearsal(request: RehearsalRequest, context: RestoreContext): Promise<Plan> {
  // Everything that can be restored is, so that all faults are found and not the first.
  const asRestore: RestoreRequest = {
    ...{ artifact: request.artifact, strategy: 'new', tolerant: true },
    allowMetaCommands: request.allowMetaCommands ?? false,
  };
  const source = await lookAtSource(asRestore, context.signal);
  const target = await lookAtTarget(context.access, context.signal);
  refuseStandby(target);
  const { kind } = source.recognised;
  const own = kind === 'script' ? ownDatabase(source.contents!) : null;
  if (!source.contents || kind === 'clusterScript' || own !== null)
    throw new RestorePointError({
      code: 'rehearsal.several',
      what: l10n.t('This backup cannot be rehearsed in a database of its own.'),
      why:
        own === null
          ? l10n.t('It holds several databases.')
          : l10n.t('It makes the database {0} by itself.', own),
      next: l10n.t('Rehearse the backup of one database, or restore this one on a server made for it.'),
    });
  const of = source.contents.source.database ?? nameOf(source.path);
  const database = freeName(rehearsalName(of, context.now), target.databases);
  const parts = await intoNew(
    { request: { ...asRestore, database }, context, source, target },
    {
      source: source as FillRequest['source'],
      database,
      firstStep: 0,
      own: false,
      comment: halfMadeComment(of, context.now),
    },
  );
  const drop: Step = {
    do: 'dropPoint',
    title: l10n.t('Drop {0}', database),
    weight: 1000,
    connection: 'target',
    database: target.maintenance,
    name: database,
    endSessions: true,
  };
  return {
    version: 1,
    kind: 'rehearsal',
    title: l10n.t('Rehearse {0}', nameOf(source.path)),
    connections: { target: context.access.connection },
    steps: [...parts.steps, checkStep(source, database, parts.entries, request.checks), drop],
    onFailure: [dropStep(database, 0, target)],
    locks: [{ server: target.server, database }],
    restores: source.path,
    destroys: [],
    wayBack: l10n.t('Nothing to take back: the database is made for it and dropped at the end.'),
    warnings: parts.warnings,
    estimate: { bytes: null, freeBytes: null, durationMs: null, basis: '' },
    facts: { database, artifact: source.path, entries: parts.entries, tolerant: true },
  };
}
