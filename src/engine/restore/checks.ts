import * as l10n from '@vscode/l10n';
import type { Client } from 'pg';
import { quoteIdent } from '../connections';
import type { Evidence } from '../artifacts/types';
import type { UserCheck } from '../plan';

type Fault = NonNullable<Evidence['faults']>[number];

/** B-tree indexes that can be checked; those of the system are as good as the server that made them, unless files were copied. */
function indexesOf(system: boolean): string {
  return `select n.nspname as schema, c.relname as name, c.oid::text as oid
  from pg_catalog.pg_index i join pg_catalog.pg_class c on c.oid = i.indexrelid
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace join pg_catalog.pg_am a on a.oid = c.relam
 where a.amname = 'btree' and c.relkind = 'i' and i.indisvalid${system ? ` and c.relpersistence = 'p'` : notSystem}`;
}

/** Tables, materialized views and what is stored apart from their rows. */
const heaps = `select n.nspname as schema, c.relname as name, c.oid::text as oid
  from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  join pg_catalog.pg_am a on a.oid = c.relam
 where a.amname = 'heap' and c.relkind in ('r', 'm', 't') and c.relpersistence = 'p'`;

const notSystem = `
   and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'`;

/** Faults of one table that are named. */
const mostOfHeap = 10;

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

export interface AmcheckOptions {
  /** The files were copied: catalogs are checked, too, and every table's own pages. */
  files?: boolean;
  /** That each row is in each index, too. Default true. */
  heapAllIndexed?: boolean;
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
  { files = false, heapAllIndexed = true }: AmcheckOptions = {},
): Promise<Fault[] | null> {
  try {
    await client.query('create extension if not exists amcheck schema pg_catalog');
  } catch {
    return null;
  }
  const faults: Fault[] = [];
  interface Relation {
    schema: string;
    name: string;
    oid: string;
  }
  const tables = files ? (await client.query<Relation>(heaps)).rows : [];
  const indexes = (await client.query<Relation>(indexesOf(files))).rows;
  const total = tables.length + indexes.length;
  const check = async (
    at: number,
    kind: 'TABLE' | 'INDEX',
    { schema, name }: Relation,
    work: () => Promise<string[]>,
  ): Promise<void> => {
    signal.throwIfAborted();
    onProgress(at / total, `${schema}.${name}`);
    const entry = `${kind} ${schema}.${name}`;
    try {
      for (const what of await work()) faults.push({ what, entry, offset: null });
    } catch (error) {
      if (!saysDamage(error)) throw error;
      const [what = ''] = (error as Error).message.split('\n');
      faults.push({ what, entry, offset: null });
    }
  };
  for (const [at, table] of tables.entries())
    await check(at, 'TABLE', table, async () => {
      const { rows } = await client.query<{ msg: string }>(
        `select pg_catalog.format('block %s, line %s: %s', blkno, offnum, msg) as msg
           from pg_catalog.verify_heapam($1::pg_catalog.oid::pg_catalog.regclass, check_toast => true) limit ${mostOfHeap}`,
        [table.oid],
      );
      return rows.map(({ msg }) => msg);
    });
  for (const [at, index] of indexes.entries())
    await check(tables.length + at, 'INDEX', index, async () => {
      await client.query(
        'select pg_catalog.bt_index_check($1::pg_catalog.oid::pg_catalog.regclass, $2::pg_catalog.bool)',
        [index.oid, heapAllIndexed],
      );
      return [];
    });
  return faults;
}

/** Class XX is what is wrong with the data, 58 what is wrong with its files; anything else (a right, a cancel) says nothing of it. */
export function saysDamage(error: unknown): boolean {
  return /^(?:XX|58)/.test((error as { code?: string }).code ?? '');
}

/**
 * Counts the rows of every table of a database; one that cannot be read to its end is a fault. Unlogged tables have none in a
 * base backup.
 */
export async function countEveryTable(
  client: Client,
  signal: AbortSignal,
  onProgress: (fraction: number, what: string) => void,
): Promise<{ tables: { schema: string; name: string; rows: number | null }[]; faults: Fault[] }> {
  const { rows: found } = await client.query<{ schema: string; name: string }>(
    `select n.nspname as schema, c.relname as name
       from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'm') and c.relpersistence = 'p'${notSystem} order by 1, 2`,
  );
  const tables: { schema: string; name: string; rows: number | null }[] = [];
  const faults: Fault[] = [];
  for (const [at, { schema, name }] of found.entries()) {
    signal.throwIfAborted();
    onProgress(at / found.length, `${schema}.${name}`);
    try {
      const { rows } = await client.query<{ count: string }>(
        `select count(*) from only ${quoteIdent(schema)}.${quoteIdent(name)}`,
      );
      tables.push({ schema, name, rows: Number(rows[0]?.count) });
    } catch (error) {
      if (!saysDamage(error)) throw error;
      tables.push({ schema, name, rows: null });
      faults.push({ what: (error as Error).message, entry: `TABLE ${schema}.${name}`, offset: null });
    }
  }
  return { tables, faults };
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
