import * as l10n from '@vscode/l10n';
import type { Archive, Column, Entry, Row } from '../../engine/archive';
import type { Io } from '../io';
import { printable, printResult, table } from '../output';
import { oneOfColumns } from './columns';
import type { Find } from './search';

/** More rows than this are for `export`: here they are held to print one document. */
export const MOST_ROWS = 100_000;
/** Longer values are cut in tables for people, never in JSON. */
const SHOWN = 60;

export interface RowsWanted {
  rows: number;
  offset: number;
  /** Only rows that fit. */
  find?: Find;
}

/** Prints a page of a table's rows. */
export async function printRows(io: Io, archive: Archive, entry: Entry, wanted: RowsWanted): Promise<void> {
  const { signal } = io;
  const columns = archive.columns(entry.id);
  const range = { from: wanted.offset, limit: wanted.rows, signal };
  const rows: Row[] = [];
  if (wanted.find) {
    const { columnName, ...query } = wanted.find;
    const column = columnName === undefined ? {} : { column: oneOfColumns(columns, columnName) };
    for await (const { row } of archive.search(entry.id, { ...query, ...column }, range)) rows.push(row);
  } else for await (const row of archive.rows(entry.id, range)) rows.push(row);
  const known = archive.known(entry.id);
  const { id, schema, name } = entry;
  printResult(
    io,
    {
      table: { id, schema, name },
      columns: columns.map((column) => column.name),
      types: columns.map(({ type }) => type),
      offset: wanted.offset,
      total: known.complete ? known.rows : null,
      rows: rows.map(({ values }) => values),
      ...(wanted.find ? { numbers: rows.map(({ at }) => at) } : {}),
    },
    describeRows(columns, rows),
  );
}

function describeRows(columns: Column[], rows: Row[]): string {
  const head = [l10n.t('row'), ...columns.map(({ name }) => printable(name))];
  const lines = rows.map(({ at, values, defaults = [] }) => [
    String(at),
    ...values.map((value, i) => (defaults.includes(i) ? 'DEFAULT' : shown(value))),
  ]);
  return `${table([head, ...lines], [0])}\n\n${l10n.t('{0} rows', rows.length)}`;
}

/** NULL as the word, and a text that is that word in quotes. */
function shown(value: string | null): string {
  if (value === null) return 'NULL';
  if (value === '' || value === 'NULL') return `'${value}'`;
  const characters = [...value.slice(0, 2 * SHOWN + 2)];
  return printable(characters.length > SHOWN ? characters.slice(0, SHOWN).join('') + '…' : value);
}
