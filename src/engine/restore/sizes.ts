import { withClient, type Access } from '../connections';

export interface TableSize {
  schema: string;
  name: string;
  /** As SQL writes it: `app."Order"`. */
  written: string;
  /** With its indexes. */
  bytes: number;
  /** The server's estimate; -1 where it never counted. */
  rows: number;
}

/** The tables of a database with what they take. */
export async function tableSizes(
  access: Access,
  database: string,
  signal?: AbortSignal,
): Promise<TableSize[]> {
  const { rows } = await withClient(
    access,
    database,
    (client) =>
      client.query<Omit<TableSize, 'bytes' | 'rows'> & { bytes: string; rows: string }>(
        `select n.nspname as schema, c.relname as name,
                pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname) as written,
                pg_catalog.pg_total_relation_size(c.oid)::text as bytes, c.reltuples::bigint::text as rows
           from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
          where c.relkind in ('r', 'p') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'`,
      ),
    { signal },
  );
  return rows.map((row) => ({ ...row, bytes: Number(row.bytes), rows: Number(row.rows) }));
}
