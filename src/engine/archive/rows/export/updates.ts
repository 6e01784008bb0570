import { quoteIdent } from '../../../quote';
import { keyOf, settings, sqlValues, tableName } from './sql';
import type { ExportTable, LongRowWriter, RowWriter } from './types';

/** An UPDATE statement for each row, which changes the row of the same primary key where there is one. */
export function updatesWriter(table: ExportTable): RowWriter {
  keyOf(table);
  const { columns, identities, header = true } = table;
  const value = sqlValues(columns);
  const isSet = columns.map(({ name, key }) => !key && !identities.includes(name));
  const begin = `UPDATE ${tableName(table)} SET `;
  const named = (column: number, text: string): string => `${quoteIdent(columns[column]!.name)} = ${text}`;
  const where = (keys: readonly string[]): string => ` WHERE ${keys.join(' AND ')};\n`;
  return {
    head: () => (header ? settings(table) : ''),
    row: ({ values, defaults }) => {
      const set: string[] = [];
      const keys: string[] = [];
      for (const [column, { key }] of columns.entries()) {
        const text = defaults?.includes(column) ? 'DEFAULT' : value(values[column] ?? null, column);
        if (key) keys.push(named(column, text));
        else if (isSet[column]) set.push(named(column, text));
      }
      return set.length === 0 ? '' : begin + set.join(', ') + where(keys);
    },
    longRow: () => new LongUpdate({ isSet, isKey: columns.map(({ key }) => key), begin, named, where }),
    tail: () => '',
  };
}

interface Form {
  isSet: readonly boolean[];
  isKey: readonly boolean[];
  begin: string;
  named(column: number, text: string): string;
  where(keys: readonly string[]): string;
}

/** Values are written as they come; those of the key are kept for the end of the statement. */
class LongUpdate implements LongRowWriter {
  readonly #form: Form;
  readonly #keys: string[] = [];
  #key = '';
  #values = 0;
  #inside = false;

  constructor(form: Form) {
    this.#form = form;
  }

  value(column: number, text: string | null, last: boolean, isDefault = false): string {
    const { isSet, isKey, begin, named } = this.#form;
    const piece = text === null ? (isDefault ? 'DEFAULT' : 'NULL') : text.replaceAll("'", "''");
    const quote = text === null ? '' : "'";
    if (isKey[column]) {
      this.#key += piece;
      if (last) {
        this.#keys.push(named(column, quote + this.#key + quote));
        this.#key = '';
      }
      return '';
    }
    if (!isSet[column]) return '';
    const start = this.#inside ? '' : (this.#values++ === 0 ? begin : ', ') + named(column, quote);
    this.#inside = !last;
    return start + piece + (last ? quote : '');
  }

  end(): string {
    return this.#values === 0 ? '' : this.#form.where(this.#keys);
  }
}
