import * as l10n from '@vscode/l10n';
import type { Column } from '../../archive';
import type { UniqueKey } from '../../archive/comparing';
import type { OpenSide, SideTable } from '../sides';
import type { CompareOptions, TableCompared } from '../types';
import { keysOf, referencesOf } from './keys';
import { grouped } from './partitions';
import type { Rows } from './source';

/** Two tables that are compared, or one that the other side does not have. */
export interface TablePair {
  /** What is known before rows are read. */
  table: TableCompared;
  /** Null: there is nothing to read, `table` says why. */
  sides: [Rows, Rows] | null;
  /** Bytes that have to be read of both, about. */
  bytes: number;
}

/** Finds the tables of both sides that belong together, with their columns and keys, in order of schema and name. */
export function pairTables(left: OpenSide, right: OpenSide, options: CompareOptions): TablePair[] {
  const [ofLeft, ofRight] = grouped(left, right);
  const keys = [keysOf(right.contents), keysOf(left.contents)];
  const references = new Map([...referencesOf(left.contents), ...referencesOf(right.contents)]);
  const pairs = [...new Set([...ofLeft.keys(), ...ofRight.keys()])].map((key) =>
    pairOf(
      key,
      [
        { side: left, tables: ofLeft.get(key) ?? [] },
        { side: right, tables: ofRight.get(key) ?? [] },
      ],
      keys,
      references,
      options,
    ),
  );
  const order = ({ table: { database = '', schema, name } }: TablePair): string =>
    JSON.stringify([database, schema, name]);
  return pairs.sort((a, b) => (order(a) < order(b) ? -1 : 1));
}

interface Half {
  side: OpenSide;
  tables: SideTable[];
}

function pairOf(
  key: string,
  halves: [Half, Half],
  keys: Map<string, UniqueKey[]>[],
  references: Map<string, string[]>,
  options: CompareOptions,
): TablePair {
  const [database, schema, name] = JSON.parse(key) as [string | null, string, string];
  const [left, right] = halves;
  const names = columnsOf(left.tables, right.tables);
  const { columns, from } = keyOf(key, names, keys, options);
  const table: TableCompared = {
    ...{ schema, name, ...(database === null ? {} : { database }) },
    state: !left.tables.length ? 'rightOnly' : !right.tables.length ? 'leftOnly' : 'same',
    key: columns,
    keyFrom: from,
    columns: names.map(({ column, left, right }) => ({
      ...{
        name: column.name,
        type: column.type,
        left,
        right,
        key: columns.includes(column.name),
        changed: 0,
      },
    })),
    ...{ added: null, removed: null, changed: null, same: null, leftRows: null, rightRows: null, kept: 0 },
    refersTo: references.get(key) ?? [],
    notes: [],
  };
  const all = [...left.tables, ...right.tables];
  if (all.length > 2 || all.some((one) => one.name !== name))
    table.parts = [...new Set(all.map((one) => one.name))];
  const missing = all.find(({ part }) => !part);
  if (missing) {
    table.state = 'notCompared';
    const { facts } = left.tables.includes(missing) ? left.side : right.side;
    table.notes.push(`${facts.title}: ${missing.why ?? ''}`);
    return { table, sides: null, bytes: 0 };
  }
  const at = new Map(names.map(({ column }, index) => [column.name, index]));
  const rows = ({ side, tables }: Half): Rows => {
    const parts = tables.map(({ part }) => part!);
    return {
      side,
      tables,
      parts,
      columns: parts.map((part) => part.columns.map((one) => at.get(one) ?? -1)),
    };
  };
  return {
    table,
    sides: [rows(left), rows(right)],
    bytes: all.reduce((sum, { part }) => sum + (part?.bytes ?? 0), 0),
  };
}

interface Named {
  column: Column;
  left: boolean;
  right: boolean;
}

/** The right side's columns in its order, then those that only the left one has. */
function columnsOf(left: SideTable[], right: SideTable[]): Named[] {
  const found = new Map<string, Named>();
  for (const { columns } of right)
    for (const column of columns) found.set(column.name, { column, left: false, right: true });
  for (const { columns } of left)
    for (const column of columns) {
      const known = found.get(column.name);
      if (!known) found.set(column.name, { column, left: true, right: false });
      else {
        known.left = true;
        if (known.column.type === null) known.column = { ...known.column, type: column.type };
      }
    }
  return [...found.values()];
}

/** What was chosen, else the best key that both sides can be told by. */
function keyOf(
  key: string,
  names: Named[],
  keys: Map<string, UniqueKey[]>[],
  { keys: chosen = {} }: CompareOptions,
): { columns: string[]; from: TableCompared['keyFrom'] } {
  const [, schema, name] = JSON.parse(key) as [string | null, string, string];
  const onBoth = new Set(names.filter(({ left, right }) => left === right).map(({ column }) => column.name));
  const asked = chosen[`${schema}.${name}`];
  if (asked?.every((column) => names.some((one) => one.column.name === column)))
    return { columns: asked, from: 'chosen' };
  const one = names.every(({ left }) => !left) || names.every(({ right }) => !right);
  for (const side of keys)
    for (const { columns, from } of side.get(key) ?? [])
      if (
        columns.every((column) =>
          one ? names.some(({ column: { name } }) => name === column) : onBoth.has(column),
        )
      )
        return { columns, from };
  // Dumps tell the key's columns even where they hold no statement that makes it.
  const known = names
    .filter(({ column }) => column.key && onBoth.has(column.name))
    .map(({ column }) => column.name);
  return known.length > 0 ? { columns: known, from: 'primaryKey' } : { columns: [], from: 'none' };
}

/** A sentence for a table whose rows nothing tells apart. */
export function noKeyNote(): string {
  return l10n.t('Nothing tells its rows apart: a changed row is shown as one removed and one added.');
}
