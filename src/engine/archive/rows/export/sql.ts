import * as l10n from '@vscode/l10n';
import { RestorePointError } from '../../../errors';
import { quoteIdent } from '../../../quote';
import type { Column } from '../../types';
import type { ExportTable } from './types';

/** Types whose values are the same number to SQL as to COPY; a float's `-0` or `1e400` would not be. */
const EXACT = /^(?:(?:small|big)?int(?:eger)?|int[248]|numeric|decimal)(?:\s*\([\d ,]*\))?$/i;
const NUMBER = /^-?\d+(?:\.\d+)?$/;
const BOOLEAN = /^bool(?:ean)?$/i;

export function tableName({ schema, name }: Pick<ExportTable, 'schema' | 'name'>): string {
  return `${schema === null ? '' : `${quoteIdent(schema)}.`}${quoteIdent(name)}`;
}

/** What statements need so that every client reads their values alike. */
export function settings({ encoding }: Pick<ExportTable, 'encoding'>): string {
  return `SET client_encoding = '${encoding}';\nSET standard_conforming_strings = on;\n\n`;
}

/** Writes a value of a column, as its type's input function takes it. */
export function sqlValues(columns: readonly Column[]): (text: string | null, column: number) => string {
  const kinds = columns.map(({ type }) =>
    EXACT.test(type ?? '') ? 'number' : BOOLEAN.test(type ?? '') ? 'boolean' : null,
  );
  return (text, column) => {
    if (text === null) return 'NULL';
    const kind = kinds[column];
    if (kind === 'number' && NUMBER.test(text)) return text;
    if (kind === 'boolean' && (text === 't' || text === 'f')) return text === 't' ? 'true' : 'false';
    return `'${text.replaceAll("'", "''")}'`;
  };
}

/** Columns of the primary key. Throws `rows.noKey` for a table without one. */
export function keyOf({ name, columns }: ExportTable): Column[] {
  const keys = columns.filter(({ key }) => key);
  if (keys.length > 0) return keys;
  throw new RestorePointError({
    code: 'rows.noKey',
    what: l10n.t('The table {0} has no primary key in this backup.', name),
    why: l10n.t('Only a key tells which row of the database is which row of the backup.'),
    next: l10n.t('Insert the rows that are missing, or restore the table beside the one there is.'),
  });
}
