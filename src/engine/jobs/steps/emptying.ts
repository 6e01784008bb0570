import type { Client } from 'pg';
import { connectClient, endClient } from '../../connections';
import { until } from '../wait';
import type { StepContext } from './types';

/** How often sessions are looked for while a statement waits for a database to be empty. */
const everyMs = 100;

const endThem = `select pg_catalog.pg_terminate_backend(pid) from pg_catalog.pg_stat_activity
  where datname = any($1) and backend_type = 'client backend'`;

/**
 * Ends the sessions on `databases` while `work` waits for them to be empty. Statements such as ALTER DATABASE …
 * RENAME and CREATE DATABASE … TEMPLATE lock the database first, so that new sessions wait at its door, and then
 * wait up to five seconds for those inside to leave (`CountOtherDBBackends` in procarray.c): whoever is ended now
 * does not come back before the statement is done.
 */
export async function whileEmptying<T>(
  place: { connection: string; database: string },
  databases: string[],
  context: StepContext,
  work: () => Promise<T>,
): Promise<T> {
  const access = await context.access(place.connection);
  const client = await connectClient(access, place.database, {
    signal: context.signal,
    applicationName: context.applicationName,
  });
  client.on('error', () => undefined);
  const done = new AbortController();
  const ending = endSessionsUntil(client, databases, done.signal, context);
  try {
    return await work();
  } finally {
    done.abort();
    await ending;
    await endClient(client);
  }
}

async function endSessionsUntil(
  client: Client,
  databases: string[],
  done: AbortSignal,
  { log, signal }: StepContext,
): Promise<void> {
  try {
    for (let told = 0; !done.aborted && !signal.aborted; await until(everyMs, done)) {
      const { rowCount } = await client.query(endThem, [databases]);
      if (rowCount && told++ === 0) log('info', `pg_terminate_backend: ${rowCount}`, 'sql');
    }
  } catch (error) {
    // A right that is missing: the statement that waits says that the database is in use.
    log('warning', (error as Error).message, 'sql');
  }
}
