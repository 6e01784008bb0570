import * as l10n from '@vscode/l10n';
import { serverFacts, serverKey, withClient } from '../connections';
import type { Access } from '../connections/types';
import { RestorePointError, isCancelled } from '../errors';
import type { Version } from '../tools/types';

export interface TargetDatabase {
  encoding: string;
  /** Clients that are connected. */
  sessions: number;
  /** Some of them: `psql (me)`. */
  who: string[];
  allowConnections: boolean;
  tablespace: string;
  /** Whether the role we are may rename and drop it. */
  owned: boolean;
  comment: string | null;
  /** Prepared transactions: the database cannot be renamed or copied before they are decided. */
  prepared: number;
  /** Logical replication slots: they stay with the database, whatever its name is. */
  slots: number;
}

/** What is known of the target server before anything is planned. */
export interface Target {
  version: Version;
  /** `LockTarget.server`. */
  server: string;
  /** The database our own statements and cluster scripts start from. */
  maintenance: string;
  inRecovery: boolean;
  user: string;
  superuser: boolean;
  createDb: boolean;
  databases: Map<string, TargetDatabase>;
  roles: Set<string>;
  /** Installed on the machine, whether or not in a database; null when that is not known beforehand. */
  extensions: Set<string> | null;
  /** A cluster that is made for it, with the locale C. */
  fresh?: boolean;
  tablespaces: Set<string>;
  /** Names of all settings the server knows. */
  settings: Set<string>;
  /** Encoding of template0, which a new database has unless told otherwise. */
  encoding: string;
}

/** Databases tried in order when none is known to exist. */
function maintenanceNames(access: Access): string[] {
  return [...new Set(['postgres', access.connection.settings.database, 'template1'])];
}

/** Runs `fn` on the first database of the server that lets us in. */
export async function withMaintenance<T>(
  access: Access,
  fn: (client: Parameters<Parameters<typeof withClient>[2]>[0], database: string) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  let refused: unknown;
  for (const database of maintenanceNames(access)) {
    try {
      return await withClient(access, database, (client) => fn(client, database), { signal });
    } catch (error) {
      const absent = error instanceof RestorePointError && error.code === 'connection.database';
      const kept = error instanceof RestorePointError && error.code === 'connection.hba';
      if (isCancelled(error) || !(absent || kept)) throw error;
      refused ??= error;
    }
  }
  throw refused;
}

export async function lookAtTarget(access: Access, signal?: AbortSignal): Promise<Target> {
  return await withMaintenance(
    access,
    async (client, maintenance) => {
      const facts = await serverFacts(client);
      const column = async (sql: string): Promise<Set<string>> =>
        new Set((await client.query<{ name: string }>(sql)).rows.map((row) => row.name));
      const me = await client.query<{ user: string; superuser: boolean; createDb: boolean }>(
        `select rolname as "user", rolsuper as superuser, rolcreatedb as "createDb" from pg_catalog.pg_roles where rolname = current_user`,
      );
      const databases = await client.query<TargetDatabase & { name: string }>(
        `select d.datname as name, pg_catalog.pg_encoding_to_char(d.encoding) as encoding,
                d.datallowconn as "allowConnections", t.spcname as tablespace,
                pg_catalog.pg_has_role(d.datdba, 'USAGE') as owned,
                pg_catalog.shobj_description(d.oid, 'pg_database') as comment,
                (select count(*)::int from pg_catalog.pg_stat_activity a
                  where a.datid = d.oid and a.backend_type = 'client backend'
                    and a.pid <> pg_catalog.pg_backend_pid()) as sessions,
                array(select distinct pg_catalog.concat(nullif(a.application_name, ''), ' (', a.usename, ')')
                        from pg_catalog.pg_stat_activity a
                       where a.datid = d.oid and a.backend_type = 'client backend'
                         and a.pid <> pg_catalog.pg_backend_pid() limit 5) as who,
                (select count(*)::int from pg_catalog.pg_prepared_xacts x where x.database = d.datname) as prepared,
                (select count(*)::int from pg_catalog.pg_replication_slots s where s.database = d.datname) as slots
           from pg_catalog.pg_database d join pg_catalog.pg_tablespace t on t.oid = d.dattablespace`,
      );
      const byName = new Map(databases.rows.map(({ name, ...rest }) => [name, rest]));
      return {
        version: facts.version,
        server: serverKey(access.connection, facts),
        maintenance,
        inRecovery: facts.inRecovery,
        user: me.rows[0]?.user ?? access.connection.settings.user,
        superuser: me.rows[0]?.superuser ?? false,
        createDb: me.rows[0]?.createDb ?? false,
        databases: byName,
        roles: await column('select rolname as name from pg_catalog.pg_roles'),
        extensions: await column('select name from pg_catalog.pg_available_extensions'),
        tablespaces: await column('select spcname as name from pg_catalog.pg_tablespace'),
        settings: await column('select name from pg_catalog.pg_settings'),
        encoding: byName.get('template0')?.encoding ?? 'UTF8',
      };
    },
    signal,
  );
}

/** Bytes on disk; null where the right to ask is missing. */
export async function databaseBytes(
  access: Access,
  database: string,
  signal?: AbortSignal,
): Promise<number | null> {
  return await withMaintenance(
    access,
    async (client) => {
      try {
        const { rows } = await client.query<{ bytes: string }>(
          'select pg_catalog.pg_database_size($1) as bytes',
          [database],
        );
        return Number(rows[0]?.bytes ?? 0);
      } catch {
        return null;
      }
    },
    signal,
  );
}

/** A standby cannot be restored into, whatever the strategy. */
export function refuseStandby(target: Target): void {
  if (!target.inRecovery) return;
  throw new RestorePointError({
    code: 'restore.standby',
    what: l10n.t('The server is a standby: it only reads.'),
    why: l10n.t('It follows another server and takes no writes of its own.'),
    next: l10n.t('Restore on the primary server.'),
    remedies: [{ do: 'editConnection' }],
  });
}
