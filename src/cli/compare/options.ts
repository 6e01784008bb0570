import type { CompareOptions, Ignorable } from '../../engine/compare';
import { common, oneOf, UsageError, wholeNumber } from '../args';
import { toolOptions } from '../builds';
import * as l10n from '@vscode/l10n';

export const compareOptions = {
  ...common,
  ...toolOptions,
  data: { type: 'boolean' },
  format: { type: 'string' },
  direction: { type: 'string' },
  output: { type: 'string' },
  'left-database': { type: 'string' },
  'right-database': { type: 'string' },
  schema: { type: 'string', multiple: true },
  table: { type: 'string', multiple: true },
  kind: { type: 'string', multiple: true },
  ignore: { type: 'string', multiple: true },
  key: { type: 'string', multiple: true },
  numeric: { type: 'string' },
  'json-values': { type: 'string' },
  most: { type: 'string' },
  rate: { type: 'string' },
  'statement-timeout': { type: 'string' },
  'dry-run': { type: 'boolean' },
  verbose: { type: 'boolean', short: 'v' },
} as const;

export type Given = Record<string, string | boolean | string[] | undefined>;

/** What is ignored, as it is written on a command line. */
const ignorables: Record<string, Ignorable> = {
  owners: 'owners',
  privileges: 'privileges',
  comments: 'comments',
  tablespaces: 'tablespaces',
  'column-order': 'columnOrder',
  whitespace: 'whitespace',
  statistics: 'statistics',
};

const spellings = ['text', 'value'] as const;

/** Throws UsageError for what does not fit. */
export function optionsOf(given: Given): CompareOptions {
  const text = (key: string): string | undefined => given[key] as string | undefined;
  const list = (key: string): string[] | undefined => given[key] as string[] | undefined;
  const number = (key: string): number | undefined =>
    text(key) === undefined ? undefined : wholeNumber(key, text(key)!);
  const ignore = list('ignore')?.map((name) => ignorables[oneOf('ignore', name, Object.keys(ignorables))]!);
  const values = {
    ...(text('numeric') === undefined ? {} : { numeric: oneOf('numeric', text('numeric')!, spellings) }),
    ...(text('json-values') === undefined
      ? {}
      : { json: oneOf('json-values', text('json-values')!, spellings) }),
  };
  const most = number('most');
  const rate = number('rate');
  const timeout = number('statement-timeout');
  return {
    rows: Boolean(given.data),
    ...(list('schema') ? { schemas: list('schema')! } : {}),
    ...(list('table') ? { tables: list('table')! } : {}),
    ...(list('kind') ? { kinds: list('kind')!.map((kind) => kind.toUpperCase()) } : {}),
    ...(ignore ? { ignore } : {}),
    ...(Object.keys(values).length > 0 ? { values } : {}),
    ...(list('key') ? { keys: keysOf(list('key')!) } : {}),
    ...(most === undefined ? {} : { most }),
    ...(rate === undefined ? {} : { rate: rate * 1024 * 1024 }),
    ...(timeout === undefined ? {} : { statementTimeout: timeout * 1000 }),
  };
}

/** `app.orders=id,at` */
function keysOf(given: readonly string[]): Record<string, string[]> {
  return Object.fromEntries(
    given.map((one) => {
      const at = one.indexOf('=');
      const columns = one.slice(at + 1).split(',');
      if (at < 1 || !one.slice(0, at).includes('.') || columns.some((column) => !column))
        throw new UsageError(l10n.t('--key is written as SCHEMA.TABLE=COLUMN,COLUMN.'));
      return [one.slice(0, at), columns];
    }),
  );
}
