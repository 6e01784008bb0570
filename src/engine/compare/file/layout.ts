import type { Comparison, ObjectDifference, ScriptStatement, TableCompared } from '../types';

/**
 * A comparison's file is JSON lines, so that other programs can read it: a first line that says what it is, the differences
 * of rows table by table, what there may be many of (objects, tables, statements) one by one, the summary, and a last line of fixed length that says where the summary begins.
 */
export const EXTENSION = '.rpcompare';

export const FIRST = { restorePointComparison: 1 } as const;

/** Every so many differences their place is kept. */
export const STRIDE = 256;

/** Bytes of the last line with its line feed. */
export const LAST = 64;

/** Where a table's differences lie: the place of its first and of every `STRIDE`-th behind it, then that of its end. */
export type Places = number[];

/** Of lists a line each, so that no line is long and reading them can stop for others in between. */
export type ListLine =
  | { object: ObjectDifference }
  | { table: TableCompared }
  | { toLeft: ScriptStatement }
  | { toRight: ScriptStatement };

export interface SummaryLine {
  /** With empty lists. */
  summary: Comparison;
  /** Where the lists begin; they end where the summary begins. */
  listsAt: number;
  /** By table; empty for tables without differences. */
  places: Places[];
}

export function lastLine(at: number): string {
  return `${JSON.stringify({ summaryAt: at }).padEnd(LAST - 1)}\n`;
}
