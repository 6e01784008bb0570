import { planCluster } from './cluster';
import { intoExisting } from './intoExisting';
import { planSet } from './set';
import type { FillRequest, RestoreStrategy } from './types';

/** Into a database that exists, with pg_restore's own means: drop and make again, or rows only. */
export const inPlace: RestoreStrategy = {
  name: 'in-place',
  async plan(restoring) {
    const { source, request } = restoring;
    if (source.recognised.kind === 'clusterScript') return await planCluster(restoring);
    if (source.recognised.kind === 'set') return await planSet(restoring);
    const database = request.database!;
    return { ...(await intoExisting(restoring, source as FillRequest['source'], database)), database };
  },
};
