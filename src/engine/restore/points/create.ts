import * as l10n from '@vscode/l10n';
import { planBackup } from '../../backup';
import { RestorePointError } from '../../errors';
import { home } from '../../home';
import type { Plan } from '../../plan';
import { inTheWay } from '../inTheWay';
import { whyNoClone } from '../safety';
import { databaseBytes, lookAtTarget, refuseStandby } from '../target';
import type { RestoreContext } from '../types';
import { pointPlan } from './plan';

export interface CreatePointRequest {
  database: string;
  note?: string;
  /** `auto`: a clone on the server where it can be made, else a dump. */
  how?: 'auto' | 'clone' | 'dump';
  /** Sessions on the database may be ended for a clone. */
  endSessions?: boolean;
}

/** Keeps a database as it is now. Changes nothing of it; a clone needs it to be alone for a while. */
export async function planCreatePoint(request: CreatePointRequest, context: RestoreContext): Promise<Plan> {
  const { database, note = '', how = 'auto', endSessions = false } = request;
  const { access, git = null, signal } = context;
  const target = await lookAtTarget(access, signal);
  const found = target.databases.get(database);
  if (!found)
    throw new RestorePointError({
      code: 'restore.noDatabase',
      what: l10n.t('There is no database {0} on the server.', database),
      why: '',
      next: l10n.t('Check the name.'),
      remedies: [{ do: 'chooseDatabase', with: { database } }],
      sqlState: '3D000',
    });
  const against = target.inRecovery
    ? l10n.t('The server is a standby: it only reads.')
    : whyNoClone(database, found, target, endSessions);
  const title = l10n.t('Create a restore point of {0}', database);
  if (how === 'dump' || (how === 'auto' && against)) {
    const plan = await planBackup(
      { method: 'dump', database, format: 'custom', notes: note },
      {
        access,
        builds: context.builds,
        folder: context.folder ?? home().backups,
        now: context.now,
        ...(context.rowsMayFall === undefined ? {} : { rowsMayFall: context.rowsMayFall }),
        ...(signal ? { signal } : {}),
      },
    );
    plan.artifact!.restorePoint = { reason: 'manual', git };
    const why = how === 'dump' ? l10n.t('A dump was asked for.') : (against ?? '');
    return {
      ...plan,
      title,
      checked: [{ code: 'point.dump', text: l10n.t('It will be a dump. {0}', why) }],
      facts: { ...plan.facts, how: 'dump', undo: plan.artifact!.path },
    };
  }
  refuseStandby(target);
  if (against && !found.sessions)
    throw new RestorePointError({
      code: 'safety.noClone',
      what: l10n.t('{0} cannot be cloned.', database),
      why: against,
      next: l10n.t('Keep a dump of it instead.'),
    });
  const bytes = await databaseBytes(access, database, signal);
  return pointPlan(access, target, {
    database,
    title,
    steps: [
      {
        do: 'clone',
        title: l10n.t('Copy {0} on the server', database),
        weight: bytes ?? 1,
        connection: 'target',
        database: target.maintenance,
        source: database,
        point: { of: database, reason: 'manual', note, git },
        endSessions,
      },
    ],
    warnings: inTheWay(database, { ...found, slots: 0 }, endSessions).filter(
      ({ code }) => code !== 'target.sessionsEnd' || endSessions,
    ),
    estimate: { bytes, freeBytes: null, durationMs: null, basis: l10n.t('The size of the database now.') },
    facts: { how: 'clone' },
  });
}
