import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { fixture } from './fixtures';
import { conninfo, postgresBin, type Cluster } from './postgres';

const run = promisify(execFile);

/** A sample's file: `pagila`, `chinook`, or our own `nasty`. */
export function sampleFile(name: 'pagila' | 'chinook' | 'nasty'): string {
  return name === 'nasty' ? fixture('databases', 'nasty.sql') : fixture('samples', `${name}.sql`);
}

/** Roles the samples name; harmless when they exist. */
export async function createSampleRoles(cluster: Cluster): Promise<void> {
  for (const role of ['"Nasty ""Owner"""', 'reader'])
    await cluster.sql(
      `do $do$ begin create role ${role}; exception when duplicate_object then null; end $do$`,
    );
}

export async function loadSample(
  cluster: Cluster,
  name: 'pagila' | 'chinook' | 'nasty',
  database: string = name,
): Promise<void> {
  await createSampleRoles(cluster);
  await cluster.sql(`create database "${database.replaceAll('"', '""')}" template template0`);
  await cluster.load(sampleFile(name), database);
}

/** Runs a client program of some major against a cluster; throws with its standard error. */
export async function runTool(
  cluster: Cluster,
  major: number,
  tool: 'pg_dump' | 'pg_dumpall' | 'pg_restore',
  args: string[],
): Promise<string> {
  const { stdout } = await run(join(postgresBin(major)!, tool), args, {
    env: {
      PATH: process.env.PATH,
      LC_ALL: 'C.UTF-8',
      PGHOST: cluster.socketDir,
      PGPORT: String(cluster.port),
      PGUSER: 'postgres',
    },
    maxBuffer: 1 << 28,
  });
  return stdout;
}

/** The schema as pg_dump of `major` prints it, without what differs from run to run. */
export async function schemaOf(cluster: Cluster, database: string, major: number): Promise<string> {
  const text = await runTool(cluster, major, 'pg_dump', ['--schema-only', '-d', conninfo(database)]);
  return text.replace(/^\\(un)?restrict .*$|^-- Dumped (from|by) .*$/gm, '');
}

/**
 * Every row of every table, sequence and large object, as text: two databases are equal when these are.
 * Partitioned tables as a whole: rows of a hash partition by an enum go by its OIDs, which differ.
 */
export async function rowsOf(cluster: Cluster, database: string): Promise<Record<string, string>> {
  const tables = await cluster.sql(
    `select json_agg(case c.relkind when 'p' then '' else 'only ' end || format('%I.%I', n.nspname, c.relname))
       from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'm', 'p') and not c.relispartition and c.relispopulated and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'`,
    database,
  );
  const found: Record<string, string> = {};
  for (const table of (JSON.parse(tables || 'null') as string[] | null) ?? [])
    found[table] = await cluster.sql(
      `set search_path = ''; select count(*) || ' ' || coalesce(md5(string_agg(t::text, E'\\n' order by t::text collate "C")), '') from ${table} t`,
      database,
    );
  found.sequences = await cluster.sql(
    `select string_agg(schemaname || '.' || sequencename || ' ' || coalesce(last_value::text, '-'), ',' order by schemaname, sequencename) from pg_sequences`,
    database,
  );
  found['large objects'] = await cluster.sql(
    `select string_agg(m.oid || ' ' || pg_get_userbyid(m.lomowner) || ' ' || md5(lo_get(m.oid)), ',' order by m.oid) from pg_largeobject_metadata m`,
    database,
  );
  return found;
}
