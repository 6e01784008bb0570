import { resolve } from 'node:path';
import * as l10n from '@vscode/l10n';
import {
  methods,
  PresetStore,
  type Answered,
  type Answers,
  type BackupRequest,
  type CopyFormat,
  type TableName,
} from '../../engine/backup';
import type { Method } from '../../engine/artifacts/types';
import type { Home } from '../../engine/home';
import { oneOf, UsageError } from '../args';
import { names, tableName, tabOf } from '../names';
import { toolAnswers } from './options';

/** What the parser gave. */
export type Values = Record<string, string | boolean | (string | boolean)[] | undefined>;

const scopes = ['all', 'globals', 'roles', 'tablespaces', 'schema', 'data'] as const;
const verifyLevels = ['checksum', 'contents'] as const;
const letters: Record<string, string> = { c: 'custom', d: 'directory', t: 'tar', p: 'plain' };

/**
 * The request a command line means: a preset's answers, and over them what was given. Throws UsageError.
 * @param extra words after `--`, for the tool as they are
 */
export async function requestOf(
  values: Values,
  extra: string[],
  database: string,
  where?: Home,
): Promise<BackupRequest> {
  const text = (key: string): string | undefined => values[key] as string | undefined;
  const preset = await presetOf(text('preset'), where);
  const method = oneOf(
    'method',
    text('method') ?? preset?.method ?? 'dump',
    Object.keys(methods) as Method[],
  );
  if (preset && preset.method !== method)
    throw new UsageError(
      l10n.t('The preset is made for the method {0}, not for {1}.', preset.method, method),
    );
  const { verify, file } = { verify: text('verify'), file: text('file') };
  const common = {
    ...preset,
    ...(extra.length ? { extra } : {}),
    ...(text('notes') === undefined ? {} : { notes: text('notes')! }),
    ...(verify === undefined ? {} : { verify: oneOf('verify', verify, verifyLevels) }),
    ...(file === undefined ? {} : { path: resolve(file) }),
    ...(values['ignore-missing-rights'] ? { ignoreMissingRights: true } : {}),
  };
  const tool = methods[method].tool;
  const except = method === 'copy' ? ['table', 'encoding'] : method === 'set' ? ['exclude-database'] : [];
  refuseForeign(method, values);
  const answers = toolAnswers(tool, values, except);
  const options: Answers = { ...preset?.options, ...answers };
  const format = formatOf(method, text('format') ?? (preset?.format as string | undefined));
  switch (method) {
    case 'dump':
      return {
        ...common,
        method,
        database,
        format: format as 'custom',
        options,
        ...(values['with-globals'] ? { withGlobals: true } : {}),
      };
    case 'dumpall':
      return {
        ...common,
        method,
        scope: oneOf('scope', text('scope') ?? (preset?.scope as string | undefined) ?? 'all', scopes),
        options,
      };
    case 'set': {
      const include = values['include-database'] as string[] | undefined;
      const exclude = values['exclude-database'] as string[] | undefined;
      const databases = {
        ...(preset?.databases as object),
        ...(include ? { include } : {}),
        ...(exclude ? { exclude } : {}),
      };
      return { ...common, method, format: format as 'custom', options, databases };
    }
    case 'copy': {
      const given = (key: 'delimiter' | 'null' | 'encoding'): object =>
        text(key) === undefined ? {} : { [key]: tabOf(text(key)!) };
      return {
        ...common,
        method,
        database,
        format: format as CopyFormat,
        ...tableOf(values),
        ...(text('query') === undefined ? {} : { query: text('query')! }),
        ...(text('columns') === undefined ? {} : { columns: names(text('columns')!, ',', 'columns') }),
        ...(values.header ? { header: true } : {}),
        ...given('delimiter'),
        ...given('null'),
        ...given('encoding'),
      };
    }
  }
}

async function presetOf(name: string | undefined, where?: Home): Promise<Answered | undefined> {
  if (name === undefined) return undefined;
  const store = new PresetStore(where);
  const preset = await store.get(name);
  if (preset) return preset.request;
  const known = (await store.list()).map((one) => one.name).join(', ');
  throw new UsageError(
    l10n.t('There is no preset "{0}".', name),
    known ? l10n.t('There are: {0}.', known) : l10n.t('Save one with --save-preset NAME.'),
  );
}

/** Our own options that mean something to one method only. */
const belongsTo: Record<string, Method[]> = {
  'with-globals': ['dump'],
  scope: ['dumpall'],
  'include-database': ['set'],
  query: ['copy'],
  columns: ['copy'],
  header: ['copy'],
  delimiter: ['copy'],
  null: ['copy'],
  preview: ['copy'],
};

function refuseForeign(method: Method, values: Values): void {
  for (const [flag, owners] of Object.entries(belongsTo))
    if (values[flag] !== undefined && !owners.includes(method))
      throw new UsageError(l10n.t('The option --{0} belongs to the method {1}.', flag, owners.join(', ')));
}

function formatOf(method: Method, given: string | undefined): string {
  const formats: string[] = method === 'set' ? ['custom', 'directory'] : methods[method].formats;
  return oneOf('format', given === undefined ? formats[0]! : (letters[given] ?? given), formats);
}

/** The one table of the method copy. */
function tableOf(values: Values): { table?: TableName } {
  const [given, ...more] = (values.table as string[] | undefined) ?? [];
  if (more.length) throw new UsageError(l10n.t('The method copy takes one table.'));
  return given === undefined ? {} : { table: tableName(given) };
}
