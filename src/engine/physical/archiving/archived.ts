import type { Client } from 'pg';
import { isDatabaseError } from '../../connections';

/** https://www.postgresql.org/docs/current/errcodes-appendix.html */
const insufficientPrivilege = '42501';

/**
 * What is not archived by what the server notes for its archiver (XLogArchiveIsBusy in xlogarchive.c): `.done` once it is, and
 * neither that nor the segment once its file is used again. Who may not look there is told the last name that was archived.
 */
export async function notArchived(client: Client, segments: string[]): Promise<string[]> {
  const { rows } = await client
    .query<{ name: string }>(
      `with status as materialized (select name from pg_catalog.pg_ls_archive_statusdir())
       select name from pg_catalog.unnest($1::text[]) with ordinality as needed (name, at)
        where name || '.done' not in (select name from status)
          and (name || '.ready' in (select name from status) or name in (select name from pg_catalog.pg_ls_waldir()))
        order by at`,
      [segments],
    )
    .catch((error: unknown) => {
      if (isDatabaseError(error) && error.code === insufficientPrivilege) return { rows: null };
      throw error;
    });
  if (rows !== null) return rows.map(({ name }) => name);
  const last = await lastArchived(client);
  return segments.filter((segment) => segment > last);
}

/**
 * Segments are archived in their order. What was archived last may also be a backup's history, which has the name of an older segment,
 * before or after the newest: then only a later segment tells.
 */
async function lastArchived(client: Client): Promise<string> {
  const { rows } = await client.query<{ name: string | null }>(
    `select last_archived_wal as name from pg_catalog.pg_stat_archiver where last_archived_wal !~ '[.]'`,
  );
  return rows[0]?.name ?? '';
}
