import type { Client } from 'pg';
import { serverFacts, serverKey, withClient } from '../../connections';
import type { Version } from '../../tools/types';
import type { PlanContext } from '../types';

/** What planning a base backup knows of the server. */
export interface BaseServer {
  version: Version;
  inRecovery: boolean;
  /** Stable key of the server. */
  server: string;
  systemIdentifier: string | null;
  user: string;
  /** The role has REPLICATION, or is a superuser. */
  replicates: boolean;
  walLevel: string;
  maxWalSenders: number;
  walSenders: number;
  maxSlots: number;
  slots: { name: string; active: boolean; physical: boolean }[];
  walKeepMegabytes: number;
  /** By itself: a standby does with `archive_mode = always` only. */
  archiving: boolean;
  /** Of the last checkpoint; null when it may not be asked. */
  fullPageWrites: boolean | null;
  /** 17 and later; null before. */
  summarizesWal: boolean | null;
  /** Where the oldest WAL summary begins; null when there is none, or it may not be asked. */
  oldestSummary: string | null;
  /** Compressions the server was built with, as `wal_compression` lists them (15 and later). */
  compressions: string[];
  /** Null when it may not be asked. */
  dataDirectory: string | null;
  tablespaces: { oid: number; name: string; location: string }[];
  databases: { oid: number; name: string }[];
  /** Bytes of all databases that may be asked. */
  bytes: number;
}

/** Asks the server everything that planning a base backup needs. Throws what connecting throws. */
export async function readBaseServer({ access, signal }: PlanContext): Promise<BaseServer> {
  return await withClient(
    access,
    access.connection.settings.database,
    async (client) => {
      const { systemIdentifier, version, inRecovery, ...facts } = await serverFacts(client);
      const { rows } = await client.query<Omit<BaseServer, 'version'> & { bytes: string }>(
        `select current_user as user, r.rolreplication or r.rolsuper as replicates,
                pg_catalog.current_setting('wal_level') as "walLevel",
                pg_catalog.current_setting('max_wal_senders')::int as "maxWalSenders",
                (select count(*)::int from pg_catalog.pg_stat_replication) as "walSenders",
                pg_catalog.current_setting('max_replication_slots')::int as "maxSlots",
                (pg_catalog.pg_size_bytes(pg_catalog.current_setting('wal_keep_size')) / 1048576)::int
                  as "walKeepMegabytes",
                case when pg_catalog.pg_is_in_recovery() then pg_catalog.current_setting('archive_mode') = 'always'
                     else pg_catalog.current_setting('archive_mode') <> 'off' end as archiving
           from pg_catalog.pg_roles r where r.rolname = current_user`,
      );
      const list = async <T extends object>(query: string): Promise<T[]> =>
        (await client.query<T>(query)).rows;
      return {
        ...rows[0]!,
        version,
        inRecovery,
        systemIdentifier,
        fullPageWrites: flag(await ask(client, fullPageWrites)),
        server: serverKey(access.connection, { ...facts, systemIdentifier }),
        slots: await list(
          `select slot_name::text as name, active, slot_type = 'physical' as physical
             from pg_catalog.pg_replication_slots`,
        ),
        summarizesWal: version.major >= 17 ? (await ask(client, summarizing)) === 'on' : null,
        oldestSummary: version.major >= 17 ? await ask(client, oldestSummary) : null,
        compressions: ((await ask(client, compressions)) ?? '').split(','),
        dataDirectory: await ask(client, `select pg_catalog.current_setting('data_directory') as value`),
        tablespaces: await list(
          `select oid::int8::float8 as oid, spcname::text as name, pg_catalog.pg_tablespace_location(oid) as location
             from pg_catalog.pg_tablespace where pg_catalog.pg_tablespace_location(oid) <> '' order by oid`,
        ),
        databases: await list(
          'select oid::int8::float8 as oid, datname::text as name from pg_catalog.pg_database order by oid',
        ),
        bytes: Number((await ask(client, sizes)) ?? 0),
      };
    },
    { signal, applicationName: 'restore-point plan' },
  );
}

const fullPageWrites = `select full_page_writes::text as value from pg_catalog.pg_control_checkpoint()`;
const summarizing = `select pg_catalog.current_setting('summarize_wal') as value`;
const oldestSummary = `select min(start_lsn)::text as value from pg_catalog.pg_available_wal_summaries()`;
/** `wal_compression` can be set to what the server was built with, and to nothing else. */
const compressions = `select pg_catalog.array_to_string(enumvals, ',') as value
  from pg_catalog.pg_settings where name = 'wal_compression'`;
const sizes = `select sum(pg_catalog.pg_database_size(oid))::text as value from pg_catalog.pg_database
  where pg_catalog.has_database_privilege(oid, 'CONNECT')`;

function flag(text: string | null): boolean | null {
  return text === null ? null : text === 'true';
}

/** A value that not every role may ask for, and not every server has. */
async function ask(client: Client, query: string): Promise<string | null> {
  try {
    return (await client.query<{ value: string | null }>(query)).rows[0]?.value ?? null;
  } catch {
    return null;
  }
}
