import * as l10n from '@vscode/l10n';
import type { Client, DatabaseError } from 'pg';
import { quoteIdent, serverFacts, serverKey, withClient } from '../connections';
import { RestorePointError } from '../errors';
import type { LockTarget } from '../plan';
import type { Version } from '../tools/types';
import type { PlanContext } from './types';

/** pg_class.relkind of what pg_dump can select by `--table`. */
export type RelationKind = 'r' | 'p' | 'v' | 'm' | 'f' | 'S';

/** One relation of the database, with what planning asks of it. */
export interface SourceRelation {
  oid: string;
  schema: string;
  name: string;
  kind: RelationKind;
  /** Bytes of rows and TOAST, without indexes. */
  bytes: number;
  /** Estimated; null when never analysed. */
  rows: number | null;
  unlogged: boolean;
  /** Found without naming its schema, for patterns. */
  visible: boolean;
  /** The reading role has USAGE on the schema. */
  schemaUsage: boolean;
  /** The reading role has SELECT. */
  select: boolean;
  /** Row security hides rows from the reading role. */
  rowSecurity: boolean;
  /** Belongs to an extension: pg_dump leaves it to CREATE EXTENSION. */
  ofExtension: boolean;
  /** Partition or child of these relations (oids). */
  parents: string[];
}

/** What planning knows of one database before anything runs. */
export interface Source {
  database: string;
  version: Version;
  inRecovery: boolean;
  /** The stable key of the server, for locks. */
  server: string;
  /** The role that reads: the login, or `--role`. */
  reader: string;
  /** May read pg_authid, which holds the roles' passwords. */
  readsPasswords: boolean;
  relations: SourceRelation[];
  /** Large objects the reading role may not read, by oid; a dump of everything needs them. */
  hiddenLargeObjects: string[];
}

/** Sizes take a brief lock on each relation; where someone holds it for long, pages must do. */
const sizesWaitMs = 3000;

const relationsQuery = (size: string): string => `
  select c.oid::text as oid, n.nspname as schema, c.relname as name, c.relkind as kind,
         coalesce(${size}, 0)::text as bytes, c.reltuples::float8 as rows,
         c.relpersistence = 'u' as unlogged, pg_catalog.pg_table_is_visible(c.oid) as visible,
         pg_catalog.has_schema_privilege(n.oid, 'USAGE') as "schemaUsage",
         case when c.relkind = 'S' then pg_catalog.has_sequence_privilege(c.oid, 'SELECT')
              else pg_catalog.has_table_privilege(c.oid, 'SELECT') end as "select",
         c.relrowsecurity and pg_catalog.row_security_active(c.oid) as "rowSecurity",
         exists (select from pg_catalog.pg_depend d where d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
                  and d.objid = c.oid and d.objsubid = 0 and d.deptype = 'e') as "ofExtension",
         array(select i.inhparent::text from pg_catalog.pg_inherits i where i.inhrelid = c.oid) as parents
    from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
   where c.relkind in ('r', 'p', 'v', 'm', 'f', 'S') and c.relpersistence <> 't'
     and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
   order by n.nspname, c.relname`;

/** Reads on as another role; a server that refuses says which role, and whether it is there at all. */
async function setRole(client: Client, role: string): Promise<void> {
  try {
    await client.query(`set role ${quoteIdent(role)}`);
  } catch (error) {
    const { code: sqlState, message, severity } = error as DatabaseError;
    if (!/^(?:22023|42501)$/.test(sqlState ?? '')) throw error;
    throw new RestorePointError(
      {
        code: 'backup.role',
        what:
          sqlState === '42501'
            ? l10n.t('The user "{0}" may not act as the role "{1}".', client.user ?? '', role)
            : l10n.t('There is no role "{0}" on the server.', role),
        why: `${severity}: ${message} (SQLSTATE ${sqlState})`,
        next:
          sqlState === '42501'
            ? l10n.t(
                'Choose another role, or have it granted: GRANT {0} TO {1};',
                quoteIdent(role),
                quoteIdent(client.user ?? ''),
              )
            : l10n.t('Choose another role, or back up without --role.'),
        sqlState,
      },
      { cause: error },
    );
  }
}

/**
 * Asks a database everything planning needs, as the role that will read it. Throws what `connectClient`
 * throws, and `backup.role` when SET ROLE is refused.
 */
export async function readSource(context: PlanContext, database: string, role?: string): Promise<Source> {
  const { access, signal } = context;
  return await withClient(
    access,
    database,
    async (client) => {
      const facts = await serverFacts(client);
      if (role) await setRole(client, role);
      const { rows } = await client.query<{ reader: string; reads: boolean }>(
        `select current_user as reader,
                pg_catalog.has_table_privilege('pg_catalog.pg_authid', 'SELECT') as reads`,
      );
      return {
        database,
        version: facts.version,
        inRecovery: facts.inRecovery,
        server: serverKey(access.connection, facts),
        reader: rows[0]!.reader,
        readsPasswords: rows[0]!.reads,
        relations: await readRelations(client),
        hiddenLargeObjects: await readHiddenLargeObjects(client),
      };
    },
    { signal, applicationName: 'restore-point plan' },
  );
}

async function readRelations(client: Client): Promise<SourceRelation[]> {
  type Row = Omit<SourceRelation, 'bytes' | 'rows'> & { bytes: string; rows: number };
  const read = async (size: string): Promise<Row[]> => (await client.query<Row>(relationsQuery(size))).rows;
  await client.query(`set lock_timeout = ${sizesWaitMs}`);
  const rows = await read(`case when c.relkind in ('r', 'm') then pg_catalog.pg_table_size(c.oid) end`).catch(
    async (error: { code?: string }) => {
      if (error.code !== '55P03') throw error; // lock_not_available
      return await read(`c.relpages::bigint * pg_catalog.current_setting('block_size')::bigint`);
    },
  );
  return rows.map((row) => ({
    ...row,
    bytes: Number(row.bytes),
    rows: row.rows < 0 ? null : Math.round(row.rows),
  }));
}

/** has_largeobject_privilege came with 18; ownership and grants say the same to all. */
async function readHiddenLargeObjects(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ oid: string }>(
    `select m.oid::text as oid from pg_catalog.pg_largeobject_metadata m
      where pg_catalog.current_setting('lo_compat_privileges') = 'off'
        and not exists (select from pg_catalog.pg_roles where rolname = current_user and rolsuper)
        and not pg_catalog.pg_has_role(m.lomowner, 'USAGE')
        and not exists (select from pg_catalog.aclexplode(m.lomacl) a
                         where a.privilege_type = 'SELECT'
                           and (a.grantee = 0 or pg_catalog.pg_has_role(a.grantee, 'USAGE')))
      order by m.oid limit 1000`,
  );
  return rows.map(({ oid }) => oid);
}

export function lockOf(source: Source, database = source.database): LockTarget {
  return { server: source.server, database };
}
