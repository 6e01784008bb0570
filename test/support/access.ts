import { openAccess, resolve, toConnection, type Access } from '../../src/engine/connections';
import type { Cluster } from './postgres';

/** A way into a test cluster over TCP, with its password, as the engine opens one. */
export async function accessTo(cluster: Cluster, database = 'postgres'): Promise<Access> {
  const connection = toConnection(cluster.uri(database).replace(/:[^:@/]+@/, '@'));
  return await openAccess(await resolve(connection, {}), { password: cluster.password });
}
