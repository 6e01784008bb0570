import type { Entry } from '../archive';
import type { Relation } from '../plan';

/** Sizes of the tables' rows in the archive, for honest progress. */
export function relationsOf(entries: Entry[]): Relation[] {
  return entries
    .filter((entry) => entry.kind === 'TABLE DATA' && entry.hasData)
    .map((entry) => ({ schema: entry.schema ?? '', name: entry.name, bytes: entry.bytes ?? 0, rows: null }));
}
