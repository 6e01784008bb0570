import type { Entry } from '../../engine/archive';

/** What an entry is called in ticks: so a reload of a changed file keeps them. Names may hold anything but what parts them. */
export function entryKey({
  database,
  kind,
  schema,
  name,
}: Pick<Entry, 'database' | 'kind' | 'schema' | 'name'>): string {
  return [database ?? '', kind, schema ?? '', name].join('\u0000');
}
