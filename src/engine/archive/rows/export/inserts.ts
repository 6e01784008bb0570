import { quoteIdent } from '../../../quote';
import { settings, sqlValues, tableName } from './sql';
import { PartedLongRow, type ExportTable, type RowWriter } from './types';

/** Rows of one statement. */
const ROWS = 100;

/**
 * INSERT statements that psql or any other client can run: every value as its type's input function takes it.
 *
 * @param behind what ends each statement: an ON CONFLICT clause
 */
export function insertsWriter(exported: ExportTable, behind = ''): RowWriter {
  const { columns, identities, header = true } = exported;
  const table = tableName(exported);
  const list = columns.map((column) => quoteIdent(column.name)).join(', ');
  const end = behind ? `\n${behind};\n` : ';\n';
  const overriding = columns.some((column) => identities.includes(column.name))
    ? 'OVERRIDING SYSTEM VALUE '
    : '';
  const start = `INSERT INTO ${table} (${list}) ${overriding}VALUES\n\t(`;
  const value = sqlValues(columns);
  let rows = 0;
  const begin = (): string => (rows++ % ROWS === 0 ? (rows > 1 ? `${end}${start}` : start) : ',\n\t(');
  return {
    head: () => (header ? settings(exported) : ''),
    row: ({ values, defaults }) => {
      if (columns.length === 0) return `INSERT INTO ${table} DEFAULT VALUES${end}`;
      let line = begin();
      for (let i = 0; i < values.length; i++)
        line += (i === 0 ? '' : ', ') + (defaults?.includes(i) ? 'DEFAULT' : value(values[i]!, i));
      return `${line})`;
    },
    longRow: () =>
      new PartedLongRow(
        { begin: begin(), end: ')', separator: ', ', null: 'NULL', default: 'DEFAULT' },
        () => "'",
        (text) => text.replaceAll("'", "''"),
      ),
    tail: () => (rows > 0 ? end : ''),
  };
}
