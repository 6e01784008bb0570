import * as l10n from '@vscode/l10n';
import type { Plan, Step } from '../../plan';
import type { RestorePoint } from '../../points';
import { lookAtTarget } from '../target';
import type { RestoreContext } from '../types';
import { pointPlan } from './plan';

/** What is kept of the restore points of each database; the newest one always. */
export interface Keep {
  /** At most so many. */
  count?: number;
  /** None older than this. */
  days?: number;
}

export interface ExpireRequest extends Keep {
  /** Only those of one database. */
  database?: string;
  /** Instead of the rules: exactly these, by id. */
  points?: string[];
}

const dayMs = 24 * 60 * 60 * 1000;

/** Which restore points go by the rules; `points` the newest first. */
export function expired(points: RestorePoint[], { count, days }: Keep, now: Date): RestorePoint[] {
  const seen = new Map<string, number>();
  return points.filter(({ of, createdAt, unfinished }) => {
    // It may be another's, or being made: it goes only when it is named.
    if (unfinished) return false;
    const newer = seen.get(of) ?? 0;
    seen.set(of, newer + 1);
    if (newer === 0) return false;
    const old = days !== undefined && now.getTime() - Date.parse(createdAt) > days * dayMs;
    return old || (count !== undefined && newer >= count);
  });
}

/** Drops kept databases and deletes kept dumps. Its plan is the preview: every one of them is in `destroys`. */
export async function planExpire(
  { database, points: ids, ...keep }: ExpireRequest,
  points: RestorePoint[],
  context: RestoreContext,
): Promise<Plan> {
  const target = await lookAtTarget(context.access, context.signal);
  const mine = points.filter(({ of }) => database === undefined || of === database);
  const going = ids ? mine.filter(({ id }) => ids.includes(id)) : expired(mine, keep, context.now);
  const steps = going.map((point): Step =>
    point.kind === 'dump'
      ? { do: 'deleteArtifact', title: l10n.t('Delete {0}', point.id), weight: 1, path: point.id }
      : {
          do: 'dropPoint',
          title: l10n.t('Drop {0}', point.id),
          weight: 1,
          connection: 'target',
          database: target.maintenance,
          name: point.id,
          endSessions: false,
          ...(point.unfinished ? { unmarked: true } : {}),
        },
  );
  const [first] = going;
  const one = going.every(({ of }) => of === first?.of) ? first?.of : undefined;
  return pointPlan(context.access, target, {
    database: one ?? database ?? '*',
    title: one ? l10n.t('Remove restore points of {0}', one) : l10n.t('Remove restore points'),
    steps,
    destroys: going.map(({ id, of, createdAt, unfinished }) =>
      unfinished
        ? l10n.t('{0}: unfinished, left by an interrupted job', id)
        : l10n.t('{0}: {1} as it was on {2}', id, of, createdAt.slice(0, 16).replace('T', ' ')),
    ),
    facts: { removed: going.length },
  });
}
