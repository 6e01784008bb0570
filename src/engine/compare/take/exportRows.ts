import type { ReadOptions } from '../../archive';
import type { Change, OpenComparison, RowDifference, TableCompared } from '../types';
import { rowStatement, type Direction } from './rowSql';

export type DifferenceFormat = 'csv' | 'jsonl' | 'sql';

const PIECE = 64 * 1024;

/**
 * Differences of one table as a file's text. `csv`: one line for each side of a difference, with the change and the side before
 * the values; NULL is nothing, an empty value `""`. `jsonl`: one object for each, by column names. `sql`: what `takeRows` makes, line
 * by line in the order of keys.
 */
export async function* exportDifferences(
  comparison: OpenComparison,
  index: number,
  format: DifferenceFormat,
  {
    signal,
    numbers,
    direction = 'toLeft',
  }: ReadOptions & { numbers?: Iterable<number>; direction?: Direction } = {},
): AsyncGenerator<string> {
  const table = comparison.summary.tables[index]!;
  const rows = numbers ? comparison.pick(index, numbers, { signal }) : comparison.rows(index, { signal });
  let text = format === 'csv' ? csvLine(['change', 'side', ...table.columns.map(({ name }) => name)]) : '';
  for await (const row of rows) {
    text += lineOf(table, row, format, direction);
    if (text.length < PIECE) continue;
    yield text;
    text = '';
  }
  if (text) yield text;
}

function lineOf(
  table: TableCompared,
  row: RowDifference,
  format: DifferenceFormat,
  direction: Direction,
): string {
  const { change, left, right } = row;
  switch (format) {
    case 'csv':
      return [
        ...(left ? [csvLine([change, 'left', ...left])] : []),
        ...(right ? [csvLine([change, 'right', ...right])] : []),
      ].join('');
    case 'jsonl':
      return `${JSON.stringify({ change, left: named(table, left, 'left'), right: named(table, right, 'right') } satisfies { change: Change; left: object | null; right: object | null })}\n`;
    case 'sql':
      return `${rowStatement(table, row, direction).sql}\n`;
  }
}

function named(
  { columns }: TableCompared,
  row: readonly (string | null)[] | null,
  side: 'left' | 'right',
): Record<string, string | null> | null {
  return (
    row &&
    Object.fromEntries(
      columns.flatMap((column, at) => (column[side] ? [[column.name, row[at] ?? null]] : [])),
    )
  );
}

function csvLine(values: readonly (string | null)[]): string {
  return `${values
    .map((value) =>
      value === null
        ? ''
        : value === '' || /[",\r\n]/.test(value)
          ? `"${value.replaceAll('"', '""')}"`
          : value,
    )
    .join(',')}\n`;
}
