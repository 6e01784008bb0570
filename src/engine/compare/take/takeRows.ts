import * as l10n from '@vscode/l10n';
import type { ReadOptions } from '../../archive';
import type { OpenComparison, TableCompared } from '../types';
import { rowStatement, type Direction, type RowStatement } from './rowSql';

/** Rows of one table: all that are kept, or some by their numbers. */
export interface TakenRows {
  /** Index of the table. */
  table: number;
  rows: 'all' | Iterable<number>;
}

/**
 * The SQL that takes differences of rows over to one side, in an order that keys and foreign keys allow: what goes first,
 * from tables that refer to others on, then changes, then what comes, into tables that others refer to first.
 * `most`: characters at most; `complete` tells whether all of it was written. Throws `compare.cutValue`.
 */
export async function takeRows(
  comparison: OpenComparison,
  taken: readonly TakenRows[],
  direction: Direction,
  { signal, most = Infinity }: ReadOptions & { most?: number } = {},
): Promise<{ sql: string; rows: number; complete: boolean }> {
  const { tables } = comparison.summary;
  const order = ordered(
    tables,
    taken.map(({ table }) => table),
  );
  const byTable = new Map(taken.map((one) => [one.table, one]));
  const phases: Record<RowStatement['phase'], string[]> = { delete: [], update: [], insert: [] };
  let rows = 0;
  let length = 0;
  for (const index of order) {
    const { rows: wanted } = byTable.get(index)!;
    const table = tables[index]!;
    const own: Record<RowStatement['phase'], string[]> = { delete: [], update: [], insert: [] };
    const source =
      wanted === 'all' ? comparison.rows(index, { signal }) : comparison.pick(index, wanted, { signal });
    for await (const row of source) {
      const { phase, sql } = rowStatement(table, row, direction);
      if ((length += sql.length + 1) > most) return { sql: join(phases), rows, complete: false };
      own[phase].push(sql);
      rows++;
    }
    // Tables that refer to others come last here.
    phases.delete.unshift(...own.delete);
    phases.update.push(...own.update);
    phases.insert.push(...own.insert);
  }
  return { sql: join(phases), rows, complete: true };
}

function join({ delete: gone, update, insert }: Record<RowStatement['phase'], string[]>): string {
  const part = (title: string, statements: string[]): string[] =>
    statements.length > 0 ? [`-- ${title}\n${statements.join('\n')}`] : [];
  return [
    ...part(l10n.t('Rows that go'), gone),
    ...part(l10n.t('Rows that change'), update),
    ...part(l10n.t('Rows that come'), insert),
  ].join('\n\n');
}

/** Tables that others refer to before these, as far as there is no circle. */
function ordered(tables: readonly TableCompared[], wanted: readonly number[]): number[] {
  const byName = new Map(tables.map(({ schema, name }, index) => [`${schema}.${name}`, index]));
  const set = new Set(wanted);
  const done = new Set<number>();
  const order: number[] = [];
  const visit = (index: number): void => {
    if (done.has(index)) return;
    done.add(index);
    for (const name of tables[index]?.refersTo ?? []) {
      const other = byName.get(name);
      if (other !== undefined) visit(other);
    }
    if (set.has(index)) order.push(index);
  };
  for (const index of wanted) visit(index);
  return order;
}
