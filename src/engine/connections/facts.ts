import type { Client } from 'pg';
import type { Version } from '../tools/types';
import type { ResolvedConnection } from './types';

export interface ServerFacts {
  version: Version;
  /** The cluster's own number; null where the user may not ask (some managed services). */
  systemIdentifier: string | null;
  /** Position in the write-ahead log, `0/16B3748`; null where the user may not ask. */
  lsn: string | null;
  inRecovery: boolean;
}

/** Who the server is and where it stands now. */
export async function serverFacts(client: Client): Promise<ServerFacts> {
  const { rows } = await client.query<{ num: string; text: string; standby: boolean }>(
    `select pg_catalog.current_setting('server_version_num') as num,
            pg_catalog.current_setting('server_version') as text,
            pg_catalog.pg_is_in_recovery() as standby`,
  );
  const [row] = rows;
  if (!row) throw new Error('The server did not say its version.');
  const num = Number(row.num);
  const inRecovery = row.standby;
  // Each alone: some services (and servers that are not quite PostgreSQL) refuse one of them.
  const systemIdentifier = await ask(
    client,
    'select system_identifier::text as value from pg_catalog.pg_control_system()',
  );
  const lsn = await ask(
    client,
    inRecovery
      ? 'select pg_catalog.pg_last_wal_replay_lsn()::text as value'
      : 'select pg_catalog.pg_current_wal_lsn()::text as value',
  );
  return { version: versionOf(num, row.text), systemIdentifier, lsn, inRecovery };
}

/** From `server_version_num`: two parts since 10 (150018 is 15.18), three before (90624 is 9.6). */
export function versionOf(num: number, text: string): Version {
  return num >= 100000
    ? { num, major: Math.floor(num / 10000), minor: num % 10000, text }
    : { num, major: Math.floor(num / 10000), minor: Math.floor((num % 10000) / 100), text };
}

async function ask(client: Client, query: string): Promise<string | null> {
  try {
    const { rows } = await client.query<{ value: string | null }>(query);
    return rows[0]?.value ?? null;
  } catch {
    return null;
  }
}

/**
 * A stable key of a server, the same by whatever name or tunnel it is reached: its system identifier,
 * else host and port. Names the server in locks.
 */
export function serverKey(
  resolved: ResolvedConnection,
  facts: Pick<ServerFacts, 'systemIdentifier'>,
): string {
  if (facts.systemIdentifier) return facts.systemIdentifier;
  const [host] = resolved.settings.hosts;
  const through = resolved.ssh ? `${resolved.ssh.destination}>` : '';
  return host ? `${through}${host.host}:${host.port}` : `${through}localhost:5432`;
}
