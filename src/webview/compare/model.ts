import type { TableCompared } from '../../shared/comparePage';

/** Rows of a table that differ. */
export function differencesOf({ added, removed, changed }: TableCompared): number {
  return (added ?? 0) + (removed ?? 0) + (changed ?? 0);
}

export function sumOf(tables: readonly TableCompared[]): number {
  return tables.reduce((sum, table) => sum + differencesOf(table), 0);
}

/** Signs that tell changes without colour. */
export const signs = { added: '+', removed: '−', changed: '~' } as const;

/** `app.orders` */
export function tableName({ schema, name }: { schema: string | null; name: string }): string {
  return schema ? `${schema}.${name}` : name;
}

/** Columns as they are shown: what tells a row, then what changed most, then the others. Indexes of the table's columns. */
export function shownColumns({ columns }: TableCompared): number[] {
  const rank = (at: number): number => (columns[at]!.key ? -1 : columns[at]!.changed > 0 ? 0 : 1);
  return columns
    .map((_, at) => at)
    .sort((a, b) => rank(a) - rank(b) || columns[b]!.changed - columns[a]!.changed || a - b);
}
