import { PartedLongRow, type ExportTable, type RowWriter } from './types';

const ESCAPED = /[\b\t\n\v\f\r\\]/;
const ESCAPES: Record<string, string> = {
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\v': '\\v',
  '\f': '\\f',
  '\r': '\\r',
  '\\': '\\\\',
};

/** COPY text as a server writes it, without the end line. */
export function tsvWriter({ columns, header = false }: ExportTable): RowWriter {
  const value = (text: string): string =>
    ESCAPED.test(text) ? text.replace(/[\b\t\n\v\f\r\\]/g, (character) => ESCAPES[character]!) : text;
  return {
    head: () => (header ? `${columns.map(({ name }) => value(name)).join('\t')}\n` : ''),
    row: ({ values }) => `${values.map((text) => (text === null ? '\\N' : value(text))).join('\t')}\n`,
    longRow: () => new PartedLongRow({ begin: '', end: '\n', separator: '\t', null: '\\N' }, () => '', value),
    tail: () => '',
  };
}
