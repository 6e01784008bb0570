import type { Client, QueryResult } from 'pg';
import type { Relation } from '../plan';
import { isDatabaseError } from './explain';
import { quoteLiteral } from '../quote';

export interface DatabaseInfo {
  name: string;
  owner: string;
  /** Bytes on disk; null when it was not asked for, or this user may not know. */
  bytes: number | null;
  /** False also for a database whose removal was interrupted. */
  allowConnections: boolean;
  isTemplate: boolean;
}

export interface SchemaInfo {
  name: string;
  owner: string;
  /** Tables, views and the like in it; sequences are not counted. */
  tables: number;
}

export type RelationKind =
  'table' | 'partitioned table' | 'view' | 'materialized view' | 'foreign table' | 'sequence';

export interface RelationInfo {
  schema: string;
  name: string;
  kind: RelationKind;
  /** Bytes with indexes and out-of-line values; null for what has no storage. */
  bytes: number | null;
  /** Estimated; null when never analysed, and for what has no rows of its own. */
  rows: number | null;
}

export interface Page {
  /** The last name of the page before. */
  after?: string;
  /** Most rows to return; all when absent. */
  limit?: number;
}

/** Databases that are restore points say so in their comment (`points/marker.ts`); they are listed as such. */
const notKept = `coalesce(pg_catalog.shobj_description(oid, 'pg_database'), '') !~ '(^|\\n)restore-point: \\{[^\\n]*$'`;

/** No list in an editor is worth more waiting. */
const statementTimeoutMs = 20_000;
/** Somebody rebuilding a table locks its size away; then the last known size must do. */
const lockTimeoutMs = 500;

const userSchemas = `n.nspname !~ '^pg_(toast|temp)' and n.nspname not in ('pg_catalog', 'information_schema')`;

/** Sizes cost a walk over the database's files (some ms each), and nobody may know those of closed databases. */
const databaseSize = `case when pg_catalog.has_database_privilege(d.oid, 'CONNECT')
                             or pg_catalog.pg_has_role('pg_read_all_stats', 'USAGE')
                           then pg_catalog.pg_database_size(d.oid)::text end`;

/**
 * Databases by name, template0 left out. Sizes never fail: one that may not be known is null. For long
 * lists ask without sizes first, then for those in sight (`databaseSizes`).
 */
export async function listDatabases(
  client: Client,
  page: Page & { /** Default true. */ sizes?: boolean } = {},
): Promise<DatabaseInfo[]> {
  // The size is taken of the page's databases only, after the limit.
  const { rows } = await quickQuery(
    client,
    `select d.datname as name, pg_catalog.pg_get_userbyid(d.datdba) as owner,
            ${page.sizes === false ? 'null::text' : databaseSize} as bytes,
            d.datallowconn and d.datconnlimit <> -2 as allow, d.datistemplate as template
       from (select * from pg_catalog.pg_database
              where datname <> 'template0' and ${notKept} ${afterName('datname', page)}
              order by datname collate "C" ${limit(page)}) d
      order by d.datname collate "C"`,
  );
  return rows.map((row) => ({
    name: row.name,
    owner: row.owner,
    bytes: toNumber(row.bytes),
    allowConnections: row.allow,
    isTemplate: row.template,
  }));
}

/** Bytes on disk of the named databases; null where this user may not know. Databases that are gone are left out. */
export async function databaseSizes(client: Client, names: string[]): Promise<Map<string, number | null>> {
  if (!names.length) return new Map();
  const { rows } = await quickQuery(
    client,
    `select d.datname as name, ${databaseSize} as bytes from pg_catalog.pg_database d
      where d.datname in (${names.map(quoteLiteral).join(', ')})`,
  );
  return new Map(rows.map(({ name, bytes }) => [name, toNumber(bytes)]));
}

/** Schemas of the database by name, the system's own left out. */
export async function listSchemas(client: Client): Promise<SchemaInfo[]> {
  const { rows } = await quickQuery(
    client,
    `select n.nspname as name, pg_catalog.pg_get_userbyid(n.nspowner) as owner,
            coalesce(c.count, 0)::int as tables
       from pg_catalog.pg_namespace n
       left join (select relnamespace, count(*) from pg_catalog.pg_class
                   where relkind in ('r', 'p', 'v', 'm', 'f') group by 1) c on c.relnamespace = n.oid
      where ${userSchemas}
      order by n.nspname collate "C"`,
  );
  return rows.map(({ name, owner, tables }) => ({ name, owner, tables }));
}

const kinds: Record<string, RelationKind> = {
  r: 'table',
  p: 'partitioned table',
  v: 'view',
  m: 'materialized view',
  f: 'foreign table',
  S: 'sequence',
};

/** Relations of a schema by name. Sequences only when asked for. */
export async function listRelations(
  client: Client,
  schema: string,
  page: Page & { sequences?: boolean } = {},
): Promise<RelationInfo[]> {
  const wanted = page.sequences ? `('r', 'p', 'v', 'm', 'f', 'S')` : `('r', 'p', 'v', 'm', 'f')`;
  const { rows } = await withSizes(
    client,
    'pg_total_relation_size',
    (size) => `
      select c.relname as name, c.relkind as kind,
             case when c.relkind in ('r', 'm', 'S') then ${size} end as bytes,
             case when c.reltuples >= 0 and c.relkind in ('r', 'p', 'm', 'f')
                  then c.reltuples::bigint::text end as rows
        from (select c.* from pg_catalog.pg_class c
                join pg_catalog.pg_namespace n on n.oid = c.relnamespace
               where n.nspname = ${quoteLiteral(schema)} and c.relkind in ${wanted}
                     ${afterName('c.relname', page)}
               order by c.relname collate "C" ${limit(page)}) c
       order by c.relname collate "C"`,
  );
  return rows.map((row) => ({
    schema,
    name: row.name,
    kind: kinds[row.kind] ?? 'table',
    bytes: toNumber(row.bytes),
    rows: toNumber(row.rows),
  }));
}

/** Every table with rows of its own in the database, with the bytes of its rows (no indexes): a dump's work. */
export async function relationSizes(client: Client): Promise<Relation[]> {
  const { rows } = await withSizes(
    client,
    'pg_table_size',
    (size) => `
      select n.nspname as schema, c.relname as name, ${size} as bytes,
             case when c.reltuples >= 0 then c.reltuples::bigint::text end as rows
        from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
       where c.relkind = 'r' and c.relpersistence <> 't' and ${userSchemas}
       order by 1, 2`,
  );
  return rows.map((row) => ({
    schema: row.schema,
    name: row.name,
    bytes: toNumber(row.bytes) ?? 0,
    rows: toNumber(row.rows),
  }));
}

/**
 * Sizes need a short lock on each relation. Where somebody holds one against it, the size of the last
 * VACUUM or ANALYZE stands in for all, so that a list never waits.
 */
async function withSizes(
  client: Client,
  sizeFunction: 'pg_total_relation_size' | 'pg_table_size',
  query: (size: string) => string,
): Promise<QueryResult> {
  try {
    return await quickQuery(client, query(`pg_catalog.${sizeFunction}(c.oid)::text`));
  } catch (error) {
    if (!isDatabaseError(error) || error.code !== '55P03') throw error;
    const pages = `(c.relpages::bigint * pg_catalog.current_setting('block_size')::bigint)::text`;
    return await quickQuery(client, query(pages));
  }
}

/** One round trip: the limits hold for this statement only, by the implicit transaction of a multi-statement query. */
export async function quickQuery(
  client: Client,
  query: string,
  timeoutMs = statementTimeoutMs,
): Promise<QueryResult> {
  const results = (await client.query(
    `set local statement_timeout = ${timeoutMs}; set local lock_timeout = ${lockTimeoutMs}; ${query}`,
  )) as unknown as QueryResult[];
  const last = results.at(-1);
  if (!last) throw new Error('no result');
  return last;
}

/** Keyset paging by the bytes of the name: stable whatever the database's collation. */
function afterName(column: string, { after }: Page): string {
  return after === undefined ? '' : `and ${column} collate "C" > ${quoteLiteral(after)}`;
}

function limit({ limit: most }: Page): string {
  return most === undefined ? '' : `limit ${Math.max(0, Math.floor(most))}`;
}

function toNumber(text: string | null): number | null {
  return text === null ? null : Number(text);
}
