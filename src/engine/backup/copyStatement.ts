import * as l10n from '@vscode/l10n';
import { RestorePointError } from '../errors';
import type { CopyShape, TableName } from './types';

/** An identifier, always quoted. */
export function ident(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

export function qualified(table: TableName): string {
  return `${ident(table.schema)}.${ident(table.name)}`;
}

/** A string constant that needs no server setting to be read right. */
function constant(text: string): string {
  return text.includes('\\')
    ? `E'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`
    : `'${text.replaceAll("'", "''")}'`;
}

/** The `WITH (…)` of a COPY in either direction. Throws `copy.option` for what COPY would refuse. */
export function copyOptions(shape: CopyShape): string {
  const options = [`FORMAT ${{ csv: 'csv', tsv: 'text', binary: 'binary' }[shape.format]}`];
  if (shape.format === 'binary') {
    const given = (['header', 'delimiter', 'null'] as const).find(
      (key) => shape[key] !== undefined && shape[key] !== false,
    );
    if (given) throw wrongOption(l10n.t('The binary format has no {0}.', given));
  } else {
    if (shape.header) options.push('HEADER true');
    if (shape.delimiter !== undefined) {
      checkDelimiter(shape.delimiter);
      options.push(`DELIMITER ${constant(shape.delimiter)}`);
    }
    if (shape.null !== undefined) {
      if (/[\r\n]/.test(shape.null))
        throw wrongOption(l10n.t('What stands for NULL cannot hold a line break.'));
      options.push(`NULL ${constant(shape.null)}`);
    }
  }
  if (shape.encoding !== undefined) options.push(`ENCODING ${constant(shape.encoding)}`);
  return `WITH (${options.join(', ')})`;
}

function checkDelimiter(delimiter: string): void {
  if (Buffer.byteLength(delimiter) !== 1 || /[\r\n\\"]/.test(delimiter))
    throw wrongOption(
      l10n.t('The delimiter must be one single-byte character, and no quote, backslash or line break.'),
    );
}

function wrongOption(why: string): RestorePointError {
  return new RestorePointError({
    code: 'copy.option',
    what: l10n.t('COPY cannot do this.'),
    why,
    next: l10n.t('Change the option or leave it out.'),
  });
}

/** `COPY … TO STDOUT`: from a table as it is, or from a query where `source.query` is given. */
export function copyOutStatement(
  source: { table?: TableName; query?: string; columns?: string[] },
  shape: CopyShape,
): string {
  const columns = source.columns?.length ? ` (${source.columns.map(ident).join(', ')})` : '';
  // A line break before the bracket: the query may end in a comment.
  const from =
    source.query !== undefined
      ? `(${source.query.replace(/[;\s]+$/, '')}\n)`
      : `${qualified(source.table!)}${columns}`;
  return `COPY ${from} TO STDOUT ${copyOptions(shape)}`;
}

/** `COPY … FROM STDIN`. */
export function copyInStatement(table: TableName, columns: string[] | undefined, shape: CopyShape): string {
  const list = columns?.length ? ` (${columns.map(ident).join(', ')})` : '';
  return `COPY ${qualified(table)}${list} FROM STDIN ${copyOptions(shape)}`;
}
