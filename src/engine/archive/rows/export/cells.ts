import { PartedLongRow, type ExportTable, type RowWriter } from './types';

/** What would end a cell, or begin a quoted one. */
const QUOTED = /[\t\r\n]|^"/;

/** Cells as spreadsheets copy and paste them: tabs between, quoted where needed; NULL is an empty cell. */
export function cellsWriter({ columns, header = false }: ExportTable): RowWriter {
  const doubled = (text: string): string => text.replaceAll('"', '""');
  const cell = (text: string | null): string =>
    text === null ? '' : QUOTED.test(text) ? `"${doubled(text)}"` : text;
  const line = (cells: (string | null)[]): string => `${cells.map(cell).join('\t')}\n`;
  return {
    head: () => (header ? line(columns.map(({ name }) => name)) : ''),
    row: ({ values }) => line(values),
    longRow: () => new PartedLongRow({ begin: '', end: '\n', separator: '\t', null: '' }, () => '"', doubled),
    tail: () => '',
  };
}
