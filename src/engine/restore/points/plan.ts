import type { Access } from '../../connections/types';
import type { Plan } from '../../plan';
import type { Target } from '../target';

/** A plan about restore points, with what all of them have alike. */
export function pointPlan(
  access: Access,
  target: Target,
  parts: Pick<Plan, 'title' | 'steps'> & Partial<Plan> & { database: string },
): Plan {
  const { database, ...rest } = parts;
  return {
    version: 1,
    kind: 'restorePoint',
    connections: { target: access.connection },
    onFailure: [],
    locks: [{ server: target.server, database }],
    destroys: [],
    wayBack: null,
    warnings: [],
    estimate: { bytes: null, freeBytes: null, durationMs: null, basis: '' },
    ...rest,
    facts: { database, ...rest.facts },
  };
}
