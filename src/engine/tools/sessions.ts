import { withClient, type Access } from '../connections';

/** How long asking the server may take; ending a job must not hang on a server that is gone. */
const patienceMs = 5_000;

/**
 * Ends what is left on the server of a program's sessions: one that was killed leaves its statement
 * running there (CREATE INDEX notices a lost client only at its end). A server that cannot be asked is
 * left alone.
 */
export async function endSessions(access: Access, database: string, applicationName: string): Promise<void> {
  const signal = AbortSignal.timeout(patienceMs);
  for (const name of new Set([database, 'postgres']))
    try {
      await withClient(
        access,
        name,
        (client) =>
          client.query(
            `select pg_catalog.pg_terminate_backend(pid) from pg_catalog.pg_stat_activity
              where application_name = $1 and pid <> pg_catalog.pg_backend_pid()`,
            [applicationName],
          ),
        { signal, applicationName: 'restore-point' },
      );
      return;
    } catch {
      // The database may be gone or refuse more connections: the maintenance database is asked next.
    }
}
