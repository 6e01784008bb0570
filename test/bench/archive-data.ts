import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { conninfo, type Cluster } from '../support/postgres';

const run = promisify(execFile);

/** Bytes of COPY text in one row of `events`, about. */
const ROW = 203;

/**
 * A database whose rows are `megabytes` of COPY text: integers, timestamps, text with escapes, JSON, numerics and
 * NULLs, most of it in one table, the rest in three smaller ones.
 */
export async function fillRows(cluster: Cluster, name: string, megabytes: number): Promise<void> {
  await cluster.sql(`CREATE DATABASE ${name}`);
  const rows = Math.ceil((megabytes * 1024 * 1024) / ROW);
  const events = (table: string, from: number, to: number): string => `
    CREATE UNLOGGED TABLE ${table} AS
      SELECT n AS id, 1 + n % 9973 AS customer, n % 7 = 0 AS urgent,
             timestamptz '2024-01-01' + n * interval '1.7 seconds' AS placed_at,
             (ARRAY['open', 'paid', 'sent', 'refunded'])[1 + n % 4] AS status,
             round((n * 7919 % 1000003)::numeric / 100, 2) AS total,
             CASE WHEN n % 5 = 0 THEN NULL
                  ELSE 'Please leave it with the neighbour at no. ' || n % 300 || E'\\n\\tor at the back door' END AS note,
             md5(n::text) AS reference,
             jsonb_build_object('sku', 'A-' || n % 5000, 'tags', jsonb_build_array('x', n % 12), 'w', n % 977 / 8.0) AS item
      FROM generate_series(${from}::bigint, ${to}) n;`;
  const share = Math.floor(rows / 8);
  await cluster.sql(
    events('archive_2022', 1, share) +
      events('archive_2023', share + 1, 2 * share) +
      events('events', 2 * share + 1, rows) +
      `CREATE TABLE customers AS SELECT n AS id, 'Customer ' || n AS name, md5(n::text) || '@example.com' AS email
         FROM generate_series(1, 9973) n;`,
    name,
  );
}

/** A database whose dump has about 50,000 entries: tables with keys and comments, functions with comments. */
export async function fillEntries(cluster: Cluster, name: string): Promise<void> {
  await cluster.sql(`CREATE DATABASE ${name}`);
  // Several transactions: one would lock more objects than the server has room for.
  for (let part = 0; part < 10; part++)
    await cluster.sql(
      `DO $$ BEGIN FOR n IN ${part * 500}..${part * 500 + 499} LOOP
         EXECUTE format('CREATE TABLE t%s (id int PRIMARY KEY, customer int NOT NULL, note text, at timestamptz DEFAULT now())', n);
         EXECUTE format('COMMENT ON TABLE t%s IS %L', n, 'What customers wrote in shard ' || n);
       END LOOP; END $$`,
      name,
    );
  await cluster.sql(
    `DO $$ BEGIN FOR n IN 1..15000 LOOP
       EXECUTE format('CREATE FUNCTION f%s(a int, b text) RETURNS text LANGUAGE sql AS %L', n,
         'SELECT b || a || ' || n || ' FROM generate_series(1, 3)');
       EXECUTE format('COMMENT ON FUNCTION f%s(int, text) IS %L', n, 'Adds ' || n);
     END LOOP; END $$`,
    name,
  );
}

export async function dumpCustom(
  { bin, socketDir, port }: Cluster,
  database: string,
  path: string,
  compress: string,
): Promise<void> {
  const connection = ['-h', socketDir, '-p', String(port), '-U', 'postgres', '-d', conninfo(database)];
  await run(join(bin, 'pg_dump'), [...connection, '-Fc', '-Z', compress, '-f', path]);
}
