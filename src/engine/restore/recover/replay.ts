import type { Client } from 'pg';

/** How far a server has replayed WAL. */
export interface Replay {
  recovering: boolean;
  /** Asked to wait; it does so at its target. */
  paused: boolean;
  /** Of a server that was opened: where it writes. */
  lsn: string | null;
  /** Of the last transaction that it replayed, ISO 8601 with microseconds. */
  time: string | null;
}

/** Asks a server: chapter "Recovery Information Functions" of the manual. */
export async function readReplay(client: Client): Promise<Replay> {
  const { rows } = await client.query<Replay>(
    `select r as recovering, case when r then pg_catalog.pg_is_wal_replay_paused() else false end as paused,
            case when r then pg_catalog.pg_last_wal_replay_lsn() else pg_catalog.pg_current_wal_lsn() end::text as lsn,
            pg_catalog.to_char(pg_catalog.pg_last_xact_replay_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as time
     from (select pg_catalog.pg_is_in_recovery() as r) s`,
  );
  return rows[0]!;
}
