import { execFile, spawn } from 'node:child_process';
import { open } from 'node:fs/promises';
import { once } from 'node:events';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { conninfo, type Cluster } from './postgres';
import { fixture } from './fixtures';

const run = promisify(execFile);

/** Databases of the samples and of hard cases, with the number of rows of every table. */
export const sampleDatabases = ['chinook', 'pagila', 'nasty "db"'] as const;

export async function loadSamples(cluster: Cluster): Promise<void> {
  for (const database of sampleDatabases) {
    await cluster.sql(`CREATE DATABASE "${database.replaceAll('"', '""')}"`);
    const file = database.startsWith('nasty') ? fixture('nasty.sql') : fixture(`samples/${database}.sql`);
    await cluster.load(file, database);
  }
}

/** `schema.name=rows` of every table with rows of its own, sorted. */
export async function liveCounts(cluster: Cluster, database: string): Promise<string[]> {
  const text = await cluster.sql(
    `select json_agg(json_build_array(n.nspname, c.relname,
       (xpath('/row/c/text()', query_to_xml(format('select count(*) as c from only %I.%I', n.nspname, c.relname),
         false, true, '')))[1]::text::bigint))
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind = 'r' and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'`,
    database,
  );
  const tables = JSON.parse(text) as [string, string, number][];
  return tables.map(([schema, name, rows]) => `${schema}.${name}=${rows}`).sort();
}

function connection(cluster: Cluster, database: string | null): string[] {
  const server = ['-h', cluster.socketDir, '-p', String(cluster.port), '-U', 'postgres'];
  return database === null ? server : [...server, '-d', conninfo(database)];
}

const env = { PATH: process.env.PATH, LC_ALL: 'C.UTF-8' };

/** Runs pg_dump (or, for no database, pg_dumpall) with `-f`. */
export async function dump(
  cluster: Cluster,
  database: string | null,
  path: string,
  options: string[],
): Promise<void> {
  const tool = join(cluster.bin, database === null ? 'pg_dumpall' : 'pg_dump');
  await run(tool, [...connection(cluster, database), '-f', path, ...options], { env });
}

/** Runs pg_dump with its standard output in a file (as `>` does) or in a pipe (as `|` does). */
export async function dumpToOutput(
  cluster: Cluster,
  database: string,
  path: string,
  options: string[],
  how: 'redirect' | 'pipe',
): Promise<void> {
  const file = await open(path, 'w');
  try {
    const child = spawn(join(cluster.bin, 'pg_dump'), [...connection(cluster, database), ...options], {
      env,
      stdio: ['ignore', how === 'redirect' ? file.fd : 'pipe', 'inherit'],
    });
    const closed = once(child, 'close');
    if (child.stdout) for await (const part of child.stdout) await file.write(part as Buffer);
    const [code] = await closed;
    if (code !== 0) throw new Error(`pg_dump ended with ${code}`);
  } finally {
    await file.close();
  }
}

/** What `pg_restore -l` of the same major prints. */
export async function restoreList(cluster: Cluster, path: string): Promise<string> {
  const { stdout } = await run(join(cluster.bin, 'pg_restore'), ['-l', path], { env, maxBuffer: 1 << 26 });
  return stdout;
}
