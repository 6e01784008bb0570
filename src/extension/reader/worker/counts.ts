import type { Entry } from '../../../engine/archive';
import { verifiedRows } from '../../../engine/artifacts';
import { recall, remember } from '../../../engine/remembered';

const kind = 'rows';

/** Rows of tables that were counted before, by entry: by "Count All Rows", a verification or the backup itself. */
export async function keptCounts(path: string, entries: readonly Entry[]): Promise<Map<number, number>> {
  const counts = new Map((await recall<[number, number][]>(kind, path)) ?? []);
  const byName = new Map<string, number | null>();
  for (const { database, schema, name, rows } of await verifiedRows(path).catch(() => [])) {
    const key = keyOf(database, schema, name);
    // Of two tables of the same name nobody knows which is which.
    byName.set(key, byName.has(key) ? null : rows);
  }
  if (byName.size === 0) return counts;
  for (const entry of entries) {
    if (entry.kind !== 'TABLE DATA') continue;
    const rows = byName.get(keyOf(entry.database, entry.schema, entry.name));
    if (typeof rows === 'number') counts.set(entry.id, rows);
  }
  return counts;
}

/** Keeps the rows of all tables until the file changes. */
export async function keepCounts(path: string, counts: [id: number, rows: number][]): Promise<void> {
  await remember(kind, path, counts);
}

function keyOf(database: string | undefined, schema: string | null, name: string): string {
  return [database ?? '', schema ?? '', name].join('\u0000');
}
