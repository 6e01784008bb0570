import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import { connectClient, endClient, type Access } from '../connections';

/** A server that takes no session within this time is not waited for: what is left there ends by itself. */
const connectMs = 3000;

/**
 * Ends the server sessions of those application names and waits until they are gone: a program that
 * was killed leaves its statement running there (CREATE INDEX notices a lost client only at its end).
 * A role may end its own sessions.
 *
 * @returns how many were still there at the first look.
 */
export async function endSessions(access: Access, names: string[], withinMs = 10_000): Promise<number> {
  if (names.length === 0) return 0;
  const client = await connectAnywhere(access, AbortSignal.timeout(Math.min(withinMs, connectMs)));
  try {
    client.on('error', () => undefined);
    const began = performance.now();
    for (let found: number | undefined; ;) {
      const { rows } = await client.query<{ ended: boolean }>(
        `select pg_catalog.pg_terminate_backend(pid) as ended from pg_catalog.pg_stat_activity
         where application_name = any($1) and pid <> pg_catalog.pg_backend_pid() and usename = current_user`,
        [names],
      );
      found ??= rows.length;
      if (rows.length === 0 || performance.now() - began > withinMs) return found;
      await sleep(50);
    }
  } finally {
    await endClient(client);
  }
}

/** Any database will do; the connection's own may be the one that was just dropped. */
async function connectAnywhere(access: Access, signal: AbortSignal): Promise<Client> {
  const own = access.connection.settings.database;
  const options = { applicationName: 'restore-point', signal };
  try {
    return await connectClient(access, own, options);
  } catch (error) {
    if (own === 'postgres') throw error;
    return await connectClient(access, 'postgres', options);
  }
}
