import * as l10n from '@vscode/l10n';
import { RestorePointError } from '../../errors';
import type { Plan, Step } from '../../plan';
import { parseMarker, type RestorePoint } from '../../points';
import { beside } from '../beside';
import { checkMayReplace, inTheWay } from '../inTheWay';
import { planRestore } from '../plan';
import { databaseBytes, lookAtTarget, refuseStandby, type Target } from '../target';
import type { RestoreContext } from '../types';
import { pointPlan } from './plan';

export interface BackRequest {
  /** Id of a restore point; for `planUndo` also the name of a database: then its newest one before a restore. */
  point: string;
  /** The point can be gone back to again (it is copied first); else it becomes the database itself, at once. */
  keep?: boolean;
  /** Sessions on the database may be ended. */
  endSessions?: boolean;
}

/** Takes a restore back, or a way back: the point becomes the database, which is kept in its place. */
export async function planUndo(
  request: BackRequest,
  points: RestorePoint[],
  context: RestoreContext,
): Promise<Plan> {
  const point =
    points.find(({ id }) => id === request.point) ??
    points.find(({ of, reason, unfinished }) => of === request.point && reason !== 'manual' && !unfinished);
  if (!point) throw nothingToUndo(request.point);
  return await planBack({ ...request, point: point.id, keep: request.keep ?? false }, points, context);
}

/** Goes back to a restore point. What is there now becomes a restore point itself. */
export async function planBack(
  { point: id, keep = true, endSessions = false }: BackRequest,
  points: RestorePoint[],
  context: RestoreContext,
): Promise<Plan> {
  const point = points.find((one) => one.id === id);
  if (!point || point.unfinished) throw nothingToUndo(id);
  const { of } = point;
  if (point.kind === 'dump') return await fromDump(point, endSessions, context);
  const { access, signal, git = null } = context;
  const target = await lookAtTarget(access, signal);
  refuseStandby(target);
  const present = target.databases.get(of);
  const kept = target.databases.get(id);
  if (!kept || parseMarker(kept.comment)?.of !== of) throw nothingToUndo(id);
  if (present) checkMayReplace(of, present, target);
  checkMayReplace(id, kept, target);
  const bytes = await databaseBytes(access, id, signal);
  const copied = keep ? copyFirst(target, point, bytes) : null;
  const facts = { of, reason: 'back' as const, note: '', git };
  return pointPlan(access, target, {
    database: of,
    title: keep
      ? l10n.t('Take {0} back to {1}', of, momentOf(point))
      : l10n.t('Undo: {0} as it was {1}', of, momentOf(point)),
    steps: [
      ...(copied?.steps ?? []),
      {
        do: 'swap',
        title: l10n.t('Give {0} its earlier database', of),
        weight: 1000,
        connection: 'target',
        database: target.maintenance,
        name: of,
        next: copied?.name ?? id,
        point: facts,
        carry: false,
        endSessions,
      },
    ],
    onFailure: copied ? [dropCopy(target, copied.name, copied.made)] : [],
    ifItFails: l10n.t('{0} is as it was.', of),
    warnings: present ? inTheWay(of, present, endSessions) : [],
    wayBack: l10n.t('{0} as it is now stays beside it, and can be gone back to in the same way.', of),
    estimate: {
      bytes: keep ? bytes : 0,
      freeBytes: null,
      durationMs: keep ? null : 1000,
      basis: keep
        ? l10n.t('The restore point is copied first, so that it stays.')
        : l10n.t('Only names change: it takes about a second at any size.'),
    },
    facts: { point: id, keep },
  });
}

async function fromDump(point: RestorePoint, endSessions: boolean, context: RestoreContext): Promise<Plan> {
  const plan = await planRestore(
    { artifact: point.id, database: point.of, strategy: 'replace', endSessions },
    context,
  );
  const steps = plan.steps.map((step): Step =>
    step.do === 'swap' ? { ...step, point: { ...step.point, reason: 'back' } } : step,
  );
  return { ...plan, steps, title: l10n.t('Take {0} back to {1}', point.of, momentOf(point)) };
}

function copyFirst(
  target: Target,
  { id, of }: RestorePoint,
  bytes: number | null,
): { name: string; steps: Step[]; made: number } {
  const { name, first } = beside(of, target);
  const place = { connection: 'target', database: target.maintenance };
  return {
    name,
    made: first.length,
    steps: [
      ...first,
      {
        do: 'clone',
        title: l10n.t('Copy {0}', id),
        weight: bytes ?? 100_000_000,
        ...place,
        source: id,
        as: name,
        point: { of, reason: 'back', note: '', git: null },
        halfMade: true,
        endSessions: false,
      },
    ],
  };
}

function dropCopy(target: Target, name: string, made: number): Step {
  return {
    do: 'dropPoint',
    title: l10n.t('Drop the unfinished {0}', name),
    weight: 0,
    connection: 'target',
    database: target.maintenance,
    name,
    endSessions: true,
    onlyAfter: made,
  };
}

/** As a person knows it: its note, else its time. */
function momentOf({ note, createdAt }: RestorePoint): string {
  const text = note.replace(/\s+/g, ' ').trim();
  return text ? `“${text}”` : `${createdAt.slice(0, 16).replace('T', ' ')} UTC`;
}

function nothingToUndo(what: string): RestorePointError {
  return new RestorePointError({
    code: 'point.none',
    what: l10n.t('There is no restore point {0}.', what),
    why: l10n.t('None of that name is on the server or in the folders for backups.'),
    next: l10n.t('List the restore points to see which there are.'),
  });
}
