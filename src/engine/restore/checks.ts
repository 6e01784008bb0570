import * as l10n from '@vscode/l10n';
import type { Client } from 'pg';
import type { Evidence } from '../artifacts/types';
import type { UserCheck } from '../plan';

type Fault = NonNullable<Evidence['faults']>[number];

/** What of the index check is used: `bt_index_check(index, heapallindexed)`. */
const indexCheck = `select n.nspname as schema, c.relname as name, c.oid::text as oid
  from pg_catalog.pg_index i join pg_catalog.pg_class c on c.oid = i.indexrelid
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace join pg_catalog.pg_am a on a.oid = c.relam
 where a.amname = 'btree' and c.relkind = 'i' and i.indisvalid and n.nspname !~ '^pg_'
   and n.nspname <> 'information_schema'`;

/** Indexes and constraints of the database that are not valid. */
export async function validity(client: Client): Promise<Fault[]> {
  const indexes = await client.query<{ what: string }>(
    `select pg_catalog.format('%I.%I', n.nspname, c.relname) as what
       from pg_catalog.pg_index i join pg_catalog.pg_class c on c.oid = i.indexrelid
       join pg_catalog.pg_namespace n on n.oid = c.relnamespace
      where not (i.indisvalid and i.indisready)`,
  );
  return indexes.rows.map(({ what }) => ({
    what: l10n.t('the index is not valid'),
    entry: `INDEX ${what}`,
    offset: null,
  }));
}

/**
 * Every B-tree index against its table, by the extension amcheck where it can be installed.
 * @returns null where it cannot
 * @see https://www.postgresql.org/docs/current/amcheck.html
 */
export async function amcheck(
  client: Client,
  signal: AbortSignal,
  onProgress: (fraction: number, what: string) => void,
): Promise<Fault[] | null> {
  try {
    await client.query('create extension if not exists amcheck schema pg_catalog');
  } catch {
    return null;
  }
  const faults: Fault[] = [];
  const { rows } = await client.query<{ schema: string; name: string; oid: string }>(indexCheck);
  for (const [at, { schema, name, oid }] of rows.entries()) {
    signal.throwIfAborted();
    onProgress(at / rows.length, `${schema}.${name}`);
    try {
      await client.query('select pg_catalog.bt_index_check($1::pg_catalog.oid::pg_catalog.regclass, true)', [
        oid,
      ]);
    } catch (error) {
      // Class XX is what is wrong with the data; anything else (a right, a cancel) says nothing of it.
      if (!(error as { code?: string }).code?.startsWith('XX')) throw error;
      const [what = ''] = (error as Error).message.split('\n');
      faults.push({ what, entry: `INDEX ${schema}.${name}`, offset: null });
    }
  }
  return faults;
}

/** A check is fine when its query gives no rows, or one row with one value that is true. */
export async function userCheck(client: Client, { name, sql }: UserCheck): Promise<Fault | null> {
  const fault = (what: string): Fault => ({ what, entry: name, offset: null });
  await client.query('begin read only');
  try {
    await client.query("set local statement_timeout = '60s'");
    const result = await client.query({ text: sql, rowMode: 'array' });
    const rows = (Array.isArray(result) ? result.at(-1) : result).rows as unknown[][];
    const [first] = rows;
    if (!first || (rows.length === 1 && first.length === 1 && first[0] === true)) return null;
    if (rows.length === 1 && first.length === 1 && first[0] === false)
      return fault(l10n.t('the check says no'));
    return fault(
      l10n.t('the check found {0} rows: {1}', rows.length, first.map(String).join(', ').slice(0, 200)),
    );
  } catch (error) {
    return fault((error as Error).message);
  } finally {
    await client.query('rollback');
  }
}
