import * as l10n from '@vscode/l10n';
import type { TableName } from '../engine/backup';
import { UsageError } from './args';

/** Names as SQL reads them: folded to lower case unless in double quotes. */
export function names(text: string, separator: ',' | '.', option: string): string[] {
  const name = String.raw`\s*(?:"((?:[^"]|"")+)"|([^"${separator}]+))\s*`;
  if (!new RegExp(`^${name}(?:\\${separator}${name})*$`, 's').test(text))
    throw new UsageError(l10n.t('--{0} is not written as SQL writes names.', option));
  return [...text.matchAll(new RegExp(`${name}(?:\\${separator}|$)`, 'gs'))].map(([, quoted, plain]) =>
    quoted === undefined ? plain!.trim().toLowerCase() : quoted.replaceAll('""', '"'),
  );
}

/** `schema.table`, quoted as in SQL where need be; without a schema it is in `public`. */
export function tableName(text: string): TableName {
  const [first = '', second, ...more] = names(text, '.', 'table');
  if (more.length) throw new UsageError(l10n.t('--table takes SCHEMA.NAME.'));
  return second === undefined ? { schema: 'public', name: first } : { schema: first, name: second };
}

/** `\\t` on a command line is a tab: a real one is hard to type. */
export function tabOf(text: string): string {
  return text === '\\t' ? '\t' : text;
}
