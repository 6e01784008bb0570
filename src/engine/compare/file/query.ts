import type { DifferenceQuery, RowDifference } from '../types';

/** Whether a difference is one of those asked for. */
export function fits(row: RowDifference, { changes, column, text }: DifferenceQuery): boolean {
  if (changes && !changes.includes(row.change)) return false;
  if (column !== undefined && !differsIn(row, column)) return false;
  return text === undefined || holds(row, text.toLowerCase());
}

function differsIn({ columns, left, right }: RowDifference, column: number): boolean {
  return columns ? columns.includes(column) : (left ?? right)?.[column] != null;
}

function holds({ left, right }: RowDifference, text: string): boolean {
  return [left, right].some((side) => side?.some((value) => value?.toLowerCase().includes(text)));
}
