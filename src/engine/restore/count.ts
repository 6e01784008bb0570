import * as l10n from '@vscode/l10n';
import type { Client } from 'pg';
import { countRows, readContents } from '../archive';
import { copyTarget } from '../archive/restoring';
import { readManifest } from '../artifacts';
import { quoteIdent } from '../connections';
import { RestorePointError } from '../errors';
import type { RestoredTable } from '../plan';

export interface CountedTable {
  schema: string;
  name: string;
  /** Counted on the target; null when the table is not there. */
  rows: number | null;
  /** What the backup holds; null when that cannot be told. */
  expected: number | null;
}

/** A table a backup holds rows of. */
export interface HeldTable {
  schema: string;
  name: string;
  /** By which `heldRows` tells its rows; null where they cannot be compared. */
  key: string | null;
}

export interface CountOptions {
  signal?: AbortSignal;
  /** 0 … 1. */
  onProgress?: (fraction: number, what: string) => void;
}

/** The tables a backup holds rows of, under the names their rows go by; how many there are only `heldRows` tells. */
export async function heldTables(path: string, signal?: AbortSignal): Promise<HeldTable[]> {
  const contents = await readContents(path, { signal });
  const entries = contents.entries.filter((entry) => entry.kind === 'TABLE DATA' && entry.schema !== null);
  return entries.map((entry) => {
    const { schema, name } = { schema: entry.schema!, name: entry.name };
    const into = copyTarget(entry.copyStatement);
    // In scripts the names of entries are comments, where a line's end is a blank.
    if (into && into.table.replace(/[\r\n]/g, ' ') === name.replace(/[\r\n]/g, ' '))
      return { schema: into.schema ?? schema, name: into.table, key: key(schema, name) };
    // Rows loaded by way of the root may go to another partition than they came from.
    const viaRoot = into !== null || entry.definition.startsWith('-- load via partition root');
    return { schema, name, key: viaRoot ? null : key(schema, name) };
  });
}

/**
 * The rows a backup holds, by `HeldTable.key`: from its manifest where they were counted when it was made, else by
 * decoding the file to its last byte.
 */
export async function heldRows(
  path: string,
  { signal, onProgress }: CountOptions = {},
): Promise<Map<string, number | null>> {
  const manifest = await readManifest(path);
  const known = manifest?.method === 'dump' ? manifest.tables.filter((table) => table.rows !== null) : [];
  const counted = known.length
    ? known
    : (await countRows(path, { signal, onProgress: (fraction) => onProgress?.(fraction, '') })).tables;
  return new Map(counted.map((table) => [key(table.schema, table.name), table.rows]));
}

/** Those of the backup's tables that were restored, under the names they have now. */
export function restored(held: HeldTable[], tables: RestoredTable[]): HeldTable[] {
  const keys = new Map(held.map((table) => [key(table.schema, table.name), table.key]));
  return tables.map(({ schema, name, as = { schema, name } }) => ({
    ...as,
    key: keys.get(key(schema, name)) ?? null,
  }));
}

const key = (schema: string, name: string): string => JSON.stringify([schema, name]);

/** Counts the rows of tables on the target, each table's own rows without its children's; null for one that is not there. */
export async function countTables(
  client: Client,
  tables: HeldTable[],
  options: CountOptions = {},
): Promise<(number | null)[]> {
  const counted: (number | null)[] = [];
  for (const [index, { schema, name }] of tables.entries()) {
    options.signal?.throwIfAborted();
    options.onProgress?.(index / tables.length, `${schema}.${name}`);
    counted.push(await countOne(client, schema, name));
  }
  return counted;
}

/** What was counted beside what the backup holds. */
export function compared(
  tables: HeldTable[],
  counted: (number | null)[],
  held: Map<string, number | null>,
): CountedTable[] {
  return tables.map(({ schema, name, key: of }, index) => ({
    ...{ schema, name },
    rows: counted[index] ?? null,
    expected: of === null ? null : (held.get(of) ?? null),
  }));
}

async function countOne(client: Client, schema: string, name: string): Promise<number | null> {
  try {
    const { rows } = await client.query<{ count: string }>(
      `select count(*) from only ${quoteIdent(schema)}.${quoteIdent(name)}`,
    );
    return Number(rows[0]?.count ?? 0);
  } catch (error) {
    // A table that is not there is a finding, everything else a failure.
    if (['42P01', '3F000'].includes((error as { code?: string }).code ?? '')) return null;
    throw error;
  }
}

/** Fails when a table has other rows than the backup. */
export function checkCounts(counted: CountedTable[]): void {
  const differing = counted.filter((table) => table.expected !== null && table.rows !== table.expected);
  if (!differing.length) return;
  const shown = differing
    .slice(0, 5)
    .map(({ schema, name, rows, expected }) =>
      rows === null
        ? l10n.t('{0}.{1} is not there', schema, name)
        : l10n.t('{0}.{1} has {2} rows, the backup {3}', schema, name, rows, expected ?? 0),
    );
  if (differing.length > shown.length) shown.push(l10n.t('and {0} more', differing.length - shown.length));
  throw new RestorePointError({
    code: 'restore.counts',
    what: l10n.t('{0} tables do not have the rows of the backup.', differing.length),
    why: shown.join('; '),
    next: l10n.t('Verify the backup; a tolerant restore keeps what is there.'),
    remedies: [{ do: 'showLog' }, { do: 'retry' }],
  });
}
