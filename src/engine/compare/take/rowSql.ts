import * as l10n from '@vscode/l10n';
import { RestorePointError } from '../../errors';
import { quoteIdent, quoteLiteral } from '../../quote';
import type { RowDifference, TableCompared } from '../types';

/** `toLeft`: the right side's rows become those of the left (what was, again); `toRight` the other way round. */
export type Direction = 'toLeft' | 'toRight';

/** What one difference takes: its statement, and when it has to run. */
export interface RowStatement {
  phase: 'delete' | 'update' | 'insert';
  sql: string;
}

/** The statement that takes one difference back. Throws `compare.cutValue` where a value of it is not kept whole. */
export function rowStatement(
  table: TableCompared,
  { change, left, right, columns, cut }: RowDifference,
  direction: Direction,
): RowStatement {
  const toLeft = direction === 'toLeft';
  const [old, wanted] = toLeft ? [right, left] : [left, right];
  const cuts = cut?.[toLeft ? 'left' : 'right'] ?? {};
  const name = `${quoteIdent(table.schema)}.${quoteIdent(table.name)}`;
  if (!wanted)
    return { phase: 'delete', sql: `DELETE FROM ${name} WHERE ${whereOf(table, old!, name, direction)};` };
  if (!old) return { phase: 'insert', sql: insertOf(table, name, wanted, cuts) };
  const changed = change === 'changed' ? (columns ?? []) : [];
  const set = changed.map(
    (at) => `${quoteIdent(table.columns[at]!.name)} = ${valueOf(table, wanted, cuts, at)}`,
  );
  return {
    phase: 'update',
    sql: `UPDATE ${name} SET ${set.join(', ')} WHERE ${whereOf(table, old, name, direction)};`,
  };
}

/** Into the columns that both sides have; those of the changed side alone get their defaults. */
function insertOf(
  table: TableCompared,
  name: string,
  row: readonly (string | null)[],
  cuts: Record<number, number>,
): string {
  const isNew = table.state === 'leftOnly' || table.state === 'rightOnly';
  const into = table.columns.flatMap(({ left, right }, at) => (isNew || (left && right) ? [at] : []));
  if (into.length === 0) return `INSERT INTO ${name} DEFAULT VALUES;`;
  const columns = into.map((at) => quoteIdent(table.columns[at]!.name)).join(', ');
  const values = into.map((at) => valueOf(table, row, cuts, at)).join(', ');
  // Numbers of an identity are part of the row; for tables without one the clause changes nothing.
  return `INSERT INTO ${name} (${columns}) OVERRIDING SYSTEM VALUE VALUES (${values});`;
}

function valueOf(
  table: TableCompared,
  row: readonly (string | null)[],
  cuts: Record<number, number>,
  at: number,
): string {
  if (cuts[at] !== undefined)
    throw new RestorePointError({
      code: 'compare.cutValue',
      what: l10n.t('A value of {0} is too long to be taken this way.', `${table.schema}.${table.name}`),
      why: l10n.t(
        'The comparison keeps only the beginning of "{0}", which has {1} characters.',
        table.columns[at]!.name,
        cuts[at],
      ),
      next: l10n.t('Restore the rows from the backup instead.'),
    });
  const value = row[at] ?? null;
  return value === null ? 'NULL' : quoteLiteral(value);
}

/** By the key; without one a single row of the same values, told by their texts as some types have no equality. */
function whereOf(
  table: TableCompared,
  row: readonly (string | null)[],
  name: string,
  direction: Direction,
): string {
  const { columns, key } = table;
  const terms = (ats: number[], asText: boolean): string =>
    ats
      .map((at) => {
        const column = quoteIdent(columns[at]!.name);
        const value = row[at] ?? null;
        if (value === null) return `${column} IS NULL`;
        return asText ? `${column}::text = ${quoteLiteral(value)}` : `${column} = ${quoteLiteral(value)}`;
      })
      .join(' AND ');
  if (key.length > 0)
    return terms(
      columns.flatMap((column, at) => (key.includes(column.name) ? [at] : [])),
      false,
    );
  const has = direction === 'toLeft' ? 'right' : 'left';
  const own = columns.flatMap((column, at) => (column[has] ? [at] : []));
  return `ctid = (SELECT ctid FROM ${name}${own.length > 0 ? ` WHERE ${terms(own, true)}` : ''} LIMIT 1)`;
}
