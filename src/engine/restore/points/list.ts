import type { Access } from '../../connections/types';
import { keptDatabases, keptDumps, newestFirst, type RestorePoint } from '../../points';
import { withMaintenance } from '../target';

/**
 * The restore points of a server, the newest first: the databases that it keeps and the dumps in `folders`.
 * @param database only those of this database
 */
export async function listPoints(
  access: Access,
  { folders = [], database, signal }: { folders?: string[]; database?: string; signal?: AbortSignal } = {},
): Promise<RestorePoint[]> {
  const databases = await withMaintenance(access, keptDatabases, signal);
  const server = access.host ?? access.connection.settings.hosts[0] ?? access.endpoint;
  const dumps = await keptDumps(folders, `${server.host}:${server.port}`);
  return [...databases, ...dumps]
    .filter((point) => database === undefined || point.of === database)
    .sort(newestFirst);
}
