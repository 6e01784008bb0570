import { connectClient, endClient } from '../../connections';
import type { Access } from '../../connections/types';
import { until } from '../wait';
import type { Observation } from './workList';

const everyMs = 750;

/** Names are known only of relations in the asking session's own database. */
const relation = `case when p.datname = current_database() then
  (select n.nspname || '.' || c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.oid = p.relid) end`;

const views = {
  // From 14 on.
  pg_stat_progress_copy: `select 'copy' as kind, ${relation} as relation,
      case when bytes_total > 0 then bytes_processed::float8 / bytes_total end as fraction,
      tuples_processed::float8 as tuples, bytes_processed::float8 as bytes
    from pg_stat_progress_copy p join pg_stat_activity a using (pid)
    where a.application_name = $1 and a.pid <> pg_backend_pid()`,
  // From 12 on. Scanning the table is about half of building an index, sorting and loading the rest.
  pg_stat_progress_create_index: `select 'index' as kind, ${relation} as relation,
      case when tuples_total > 0 then 0.5 + 0.5 * tuples_done::float8 / tuples_total
           when blocks_total > 0 then 0.5 * blocks_done::float8 / blocks_total else 0 end as fraction,
      tuples_done::float8 as tuples, 0::float8 as bytes
    from pg_stat_progress_create_index p join pg_stat_activity a using (pid)
    where a.application_name = $1 and a.pid <> pg_backend_pid()`,
  // From 13 on; what it counts is what is read, however it is sent.
  pg_stat_progress_basebackup: `select 'basebackup' as kind, phase as relation,
      case when backup_total > 0 then least(1, backup_streamed::float8 / backup_total) end as fraction,
      0::float8 as tuples, coalesce(backup_streamed, 0)::float8 as bytes
    from pg_stat_progress_basebackup p join pg_stat_activity a using (pid)
    where a.application_name = $1 and a.pid <> pg_backend_pid()`,
} as const;

/**
 * Asks the server on a connection of our own, again and again, how far the sessions of that name are.
 * It is a nicety: when it cannot connect or may not look, the tool's own messages must do.
 */
export function watchServerProgress(
  access: Access,
  database: string,
  applicationName: string,
  onObserved: (observations: Observation[]) => void,
): { stop(): Promise<void> } {
  const stop = new AbortController();
  const done = watch(access, database, applicationName, onObserved, stop.signal).catch(() => undefined);
  return {
    async stop() {
      stop.abort();
      await done;
    },
  };
}

async function watch(
  access: Access,
  database: string,
  applicationName: string,
  onObserved: (observations: Observation[]) => void,
  signal: AbortSignal,
): Promise<void> {
  // A short step does not pay for a connection.
  await until(everyMs, signal);
  if (signal.aborted) return;
  const client = await connectClient(access, database, { signal, applicationName });
  try {
    client.on('error', () => undefined);
    const { rows } = await client.query<{ name: keyof typeof views }>(
      `select name from unnest($1::text[]) name where to_regclass('pg_catalog.' || name) is not null`,
      [Object.keys(views)],
    );
    const query = rows.map(({ name }) => views[name]).join(' union all ');
    while (query && !signal.aborted) {
      const answer = await client.query<Observation>(query, [applicationName]);
      if (!signal.aborted) onObserved(answer.rows);
      await until(everyMs, signal);
    }
  } finally {
    await endClient(client);
  }
}
