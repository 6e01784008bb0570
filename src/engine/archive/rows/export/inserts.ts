import { PartedLongRow, type ExportTable, type RowWriter } from './types';

/** Rows of one statement. */
const ROWS = 100;
/** Types whose values are the same number to SQL as to COPY; a float's `-0` or `1e400` would not be. */
const EXACT = /^(?:(?:small|big)?int(?:eger)?|int[248]|numeric|decimal)(?:\s*\([\d ,]*\))?$/i;
const NUMBER = /^-?\d+(?:\.\d+)?$/;
const BOOLEAN = /^bool(?:ean)?$/i;

/** INSERT statements that psql or any other client can run: every value as its type's input function takes it. */
export function insertsWriter({
  schema,
  name,
  columns,
  identities,
  encoding,
  header = true,
}: ExportTable): RowWriter {
  const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
  const table = `${schema === null ? '' : `${quoted(schema)}.`}${quoted(name)}`;
  const list = columns.map((column) => quoted(column.name)).join(', ');
  const overriding = columns.some((column) => identities.includes(column.name))
    ? 'OVERRIDING SYSTEM VALUE '
    : '';
  const start = `INSERT INTO ${table} (${list}) ${overriding}VALUES\n\t(`;
  const kinds = columns.map(({ type }) =>
    EXACT.test(type ?? '') ? 'number' : BOOLEAN.test(type ?? '') ? 'boolean' : null,
  );
  const value = (text: string | null, column: number): string => {
    if (text === null) return 'NULL';
    const kind = kinds[column];
    if (kind === 'number' && NUMBER.test(text)) return text;
    if (kind === 'boolean' && (text === 't' || text === 'f')) return text === 't' ? 'true' : 'false';
    return `'${text.replaceAll("'", "''")}'`;
  };
  let rows = 0;
  const begin = (): string => (rows++ % ROWS === 0 ? (rows > 1 ? `;\n${start}` : start) : ',\n\t(');
  return {
    head: () =>
      header ? `SET client_encoding = '${encoding}';\nSET standard_conforming_strings = on;\n\n` : '',
    row: ({ values, defaults }) => {
      if (columns.length === 0) return `INSERT INTO ${table} DEFAULT VALUES;\n`;
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
    tail: () => (rows > 0 ? ';\n' : ''),
  };
}
