import type { Change, RowDifference, TableCompared } from '../types';
import type { Sortable } from './sorter';
import type { KeptValue } from './values';

/** A row without an equal on the other side, as it is sorted. */
export interface LooseRow extends Sortable {
  side: 0 | 1;
  /** By compared column; null for one the side does not have. */
  values: (KeptValue | null)[];
}

export function looseRow(side: 0 | 1, values: (KeptValue | undefined)[]): LooseRow {
  let weight = 64;
  const all = values.map((value) => {
    weight += 40 + (value?.text?.length ?? 0) + (value?.by?.length ?? 0);
    return value ?? null;
  });
  return { side, values: all, weight };
}

/** What a value is compared by; null for NULL. */
function by(value: KeptValue | null | undefined): string | null {
  return value ? (value.by ?? value.text) : null;
}

const NUMBER = /^(?:smallint|integer|bigint|oid|numeric\b.*|real|double precision)$/;

/** Orders rows by the columns of their key (all columns where there is none), numbers by value. */
export function rowOrder({ columns, key }: TableCompared): (a: LooseRow, b: LooseRow) => number {
  const order = columns
    .map(({ name, type, left, right }, at) => ({
      name,
      at,
      both: left && right,
      number: NUMBER.test(type ?? ''),
    }))
    .filter(({ name, both }) => (key.length > 0 ? key.includes(name) : both))
    .sort((a, b) => key.indexOf(a.name) - key.indexOf(b.name));
  return (a, b) => {
    for (const { at, number } of order) {
      const way = compareValues(by(a.values[at]), by(b.values[at]), number);
      if (way !== 0) return way;
    }
    return 0;
  };
}

function compareValues(a: string | null, b: string | null, number: boolean): number {
  if (a === b) return 0;
  if (a === null) return 1;
  if (b === null) return -1;
  if (number) {
    const [left, right] = [Number(a), Number(b)];
    if (left < right) return -1;
    if (left > right) return 1;
  }
  return a < b ? -1 : 1;
}

const MOST_ALIKE = 50_000;

/** What came of a table's loose rows. */
export interface Tally {
  added: number;
  removed: number;
  changed: number;
  /** Rows that are the same but for how they are written. */
  alike: number;
  /** Keys that several rows of one side have. */
  repeated: number;
}

/**
 * Joins rows in the order of `rowOrder` into differences: those of one key that differ in no column are the same; of the others
 * as many as there are on both sides are changed. Counts changes of columns in `table`.
 */
export async function* joined(
  rows: AsyncIterable<LooseRow>,
  table: TableCompared,
  compare: (a: LooseRow, b: LooseRow) => number,
  tally: Tally,
): AsyncGenerator<RowDifference> {
  const compared = table.columns.flatMap(({ left, right }, at) => (left && right ? [at] : []));
  let group: [LooseRow[], LooseRow[]] = [[], []];
  let first: LooseRow | null = null;
  for await (const row of rows) {
    if (first && compare(first, row) !== 0) {
      yield* differences(group, table, compared, tally);
      group = [[], []];
      first = null;
    }
    first ??= row;
    group[row.side].push(row);
    // So many rows that nothing tells apart: they cannot all be kept until it is known whether the other side writes them otherwise.
    if (group[row.side].length >= MOST_ALIKE && table.key.length === 0) {
      yield* differences(group, table, compared, tally);
      group = [[], []];
    }
  }
  if (first) yield* differences(group, table, compared, tally);
}

function* differences(
  [left, right]: [LooseRow[], LooseRow[]],
  table: TableCompared,
  compared: readonly number[],
  tally: Tally,
): Generator<RowDifference> {
  const hasKey = table.key.length > 0;
  if (hasKey && (left.length > 1 || right.length > 1)) tally.repeated++;
  // By all values, so that of rows with one key those that are the same find each other.
  const others = new Map<string, LooseRow[]>();
  const text = ({ values }: LooseRow): string => JSON.stringify(compared.map((at) => by(values[at])));
  for (const row of right) {
    const same = others.get(text(row));
    if (same) same.push(row);
    else others.set(text(row), [row]);
  }
  const removed: LooseRow[] = [];
  for (const row of left)
    if (others.get(text(row))?.pop()) tally.alike++;
    else removed.push(row);
  const added = [...others.values()].flat();
  const pairs = hasKey ? Math.min(removed.length, added.length) : 0;
  for (let at = 0; at < pairs; at++) {
    const [before, after] = [removed[at]!, added[at]!];
    const columns = compared.filter((column) => by(before.values[column]) !== by(after.values[column]));
    for (const column of columns) table.columns[column]!.changed++;
    tally.changed++;
    yield { ...difference('changed', before, after), columns };
  }
  for (const row of removed.slice(pairs)) {
    tally.removed++;
    yield difference('removed', row, null);
  }
  for (const row of added.slice(pairs)) {
    tally.added++;
    yield difference('added', null, row);
  }
}

function difference(change: Change, left: LooseRow | null, right: LooseRow | null): RowDifference {
  const texts = (row: LooseRow | null) => row && row.values.map((value) => value?.text ?? null);
  const cutLeft = left && cuts(left);
  const cutRight = right && cuts(right);
  return {
    change,
    left: texts(left),
    right: texts(right),
    ...(cutLeft || cutRight
      ? { cut: { ...(cutLeft ? { left: cutLeft } : {}), ...(cutRight ? { right: cutRight } : {}) } }
      : {}),
  };
}

function cuts({ values }: LooseRow): Record<number, number> | null {
  const found = values.flatMap((value, at) =>
    value?.length === undefined ? [] : [[at, value.length] as const],
  );
  return found.length > 0 ? Object.fromEntries(found) : null;
}
