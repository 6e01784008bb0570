import type { Client } from 'pg';
import * as l10n from '@vscode/l10n';
import { serverFacts, serverKey, withClient } from '../connections';
import { RestorePointError } from '../errors';
import type { Access } from '../connections/types';
import type { LockTarget } from '../plan';
import { ident, qualified } from './copyStatement';
import type { TableName } from './types';

/** What COPY must know of a table before it names it. */
export interface CopyTable {
  kind: string;
  bytes: number;
  rows: number | null;
  /** In order, generated ones left out: COPY neither writes nor takes them. */
  columns: string[];
  lock: LockTarget;
}

/** Throws `copy.noTable` when there is none of that name, and what connecting throws. */
export async function readCopyTable(
  access: Access,
  database: string,
  table: TableName,
  signal?: AbortSignal,
): Promise<CopyTable> {
  return await withClient(
    access,
    database,
    async (client) => {
      const lock = await readLock(client, access, database);
      const { rows } = await client.query<{ kind: string; bytes: string; rows: number; columns: string[] }>(
        `select c.relkind as kind, coalesce(pg_catalog.pg_table_size(c.oid), 0)::text as bytes,
                c.reltuples::float8 as rows,
                array(select a.attname::text from pg_catalog.pg_attribute a
                       where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
                       order by a.attnum) as columns
           from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
          where n.nspname = $1 and c.relname = $2 and c.relkind in ('r', 'p', 'v', 'm', 'f')`,
        [table.schema, table.name],
      );
      const found = rows[0];
      if (!found)
        throw new RestorePointError({
          code: 'copy.noTable',
          what: l10n.t('There is no table {0} in database {1}.', qualified(table), database),
          why: l10n.t('Names are taken as they are, with their upper and lower case.'),
          next: l10n.t('Check schema and name.'),
          sqlState: '42P01',
        });
      return {
        ...found,
        bytes: Number(found.bytes),
        rows: found.rows < 0 ? null : Math.round(found.rows),
        lock,
      };
    },
    { signal },
  );
}

export async function readLock(client: Client, access: Access, database: string): Promise<LockTarget> {
  return { server: serverKey(access.connection, await serverFacts(client)), database };
}

/**
 * COPY reads plain tables only (and leaves partitions out): everything else goes through a query that
 * names the columns COPY could take back.
 */
export function copyableQuery(table: TableName, source: CopyTable, columns?: string[]): string | undefined {
  if (source.kind === 'r') return undefined;
  const names = columns?.length ? columns : source.columns;
  return `select ${names.map(ident).join(', ')} from ${qualified(table)}`;
}
