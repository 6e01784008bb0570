import { PartedLongRow, type ExportTable, type RowWriter } from './types';

/** Unquoted, an empty value would be NULL and a lone `\.` the end of the data. */
const QUOTED = /[",\r\n]|^(?:\\\.)?$/;

/** RFC 4180 as COPY … WITH (FORMAT csv) reads and writes it, with line feeds only: NULL is nothing, empty is `""`. */
export function csvWriter({ columns, header = true }: ExportTable): RowWriter {
  const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
  const value = (text: string | null): string =>
    text === null ? '' : QUOTED.test(text) ? quoted(text) : text;
  return {
    head: () => (header ? `${columns.map(({ name }) => value(name)).join(',')}\n` : ''),
    row: ({ values }) => {
      let line = '';
      for (let i = 0; i < values.length; i++) line += i === 0 ? value(values[i]!) : `,${value(values[i]!)}`;
      return `${line}\n`;
    },
    longRow: () =>
      new PartedLongRow(
        { begin: '', end: '\n', separator: ',', null: '' },
        () => '"',
        (text) => text.replaceAll('"', '""'),
      ),
    tail: () => '',
  };
}
