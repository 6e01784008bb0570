import { connectClient, endClient } from '../connections';
import type { Access } from '../connections/types';
import { until } from './wait';

/**
 * Ends the server sessions of those application names and waits until they are gone (a session that
 * is in a long step on the server takes its time). A role may end its own sessions.
 *
 * @returns how many were still there at the first look.
 */
export async function endSessions(access: Access, names: string[], withinMs = 10_000): Promise<number> {
  if (names.length === 0) return 0;
  const client = await connectAnywhere(access);
  try {
    client.on('error', () => undefined);
    const began = performance.now();
    for (let found: number | undefined; ;) {
      const { rows } = await client.query<{ ended: boolean }>(
        `select pg_terminate_backend(pid) as ended from pg_stat_activity
         where application_name = any($1) and pid <> pg_backend_pid() and usename = current_user`,
        [names],
      );
      found ??= rows.length;
      if (rows.length === 0 || performance.now() - began > withinMs) return found;
      await until(50);
    }
  } finally {
    await endClient(client);
  }
}

/** Any database will do; the connection's own may be the one that was just dropped. */
async function connectAnywhere(access: Access) {
  const own = access.connection.settings.database;
  const applicationName = 'restore-point';
  try {
    return await connectClient(access, own, { applicationName });
  } catch (error) {
    if (own === 'postgres') throw error;
    return await connectClient(access, 'postgres', { applicationName });
  }
}
