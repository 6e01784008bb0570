import type { Cluster } from '../support/postgres';

/**
 * A database like an application's: one dominant table, some text that repeats and some that does not.
 *
 * @param megabytes about how large its relations get
 */
export async function fillDatabase(cluster: Cluster, name: string, megabytes: number): Promise<void> {
  await cluster.sql(`CREATE DATABASE ${name}`);
  const orders = megabytes * 5_000;
  await cluster.sql(
    `CREATE TABLE customers AS
       SELECT id, 'Customer ' || id AS name, md5(id::text) || '@example.com' AS email,
              now() - id * interval '1 minute' AS since
       FROM generate_series(1, ${Math.ceil(orders / 10)}) id;
     ALTER TABLE customers ADD PRIMARY KEY (id);
     CREATE TABLE orders AS
       SELECT id, 1 + id % ${Math.ceil(orders / 10)} AS customer, now() - id * interval '1 second' AS placed_at,
              (ARRAY['open', 'paid', 'sent', 'refunded'])[1 + id % 4] AS status,
              round((random() * 1000)::numeric, 2) AS total,
              'Please leave the parcel with the neighbour at number ' || id % 300 AS note,
              md5(random()::text) AS reference
       FROM generate_series(1, ${orders}) id;
     ALTER TABLE orders ADD PRIMARY KEY (id);
     CREATE INDEX ON orders (customer);
     ANALYZE;`,
    name,
  );
}

/** As the command line wants it: the password comes from elsewhere. */
export function uriWithoutPassword(cluster: Cluster, database = 'postgres'): string {
  return `postgresql://${cluster.superuser}@127.0.0.1:${cluster.port}/${database}`;
}
