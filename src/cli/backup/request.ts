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
import { oneOf, UsageError, wholeNumber } from '../args';
import { names, tableName, tabOf } from '../names';
import { toolAnswers } from './options';

/** What the parser gave. */
export type Values = Record<string, string | boolean | (string | boolean)[] | undefined>;

const scopes = ['all', 'globals', 'roles', 'tablespaces', 'schema', 'data'] as const;
const verifyLevels = ['checksum', 'contents'] as const;
const levels = ['full', 'incremental', 'differential'] as const;
const checkpoints = ['fast', 'spread'] as const;
/** Options of a tool that mean something to a method without that tool. */
const ownMeaning: Partial<Record<Method, string[]>> = {
  copy: ['table', 'encoding'],
  set: ['exclude-database'],
  'low-level': ['label', 'checkpoint'],
};
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
  const readBack =
    verify === undefined || isPhysical(method) ? {} : { verify: oneOf('verify', verify, verifyLevels) };
  const common = {
    ...preset,
    ...readBack,
    ...(extra.length ? { extra } : {}),
    ...(text('notes') === undefined ? {} : { notes: text('notes')! }),
    ...(file === undefined ? {} : { path: resolve(file) }),
    ...(values['ignore-missing-rights'] ? { ignoreMissingRights: true } : {}),
  };
  const tool = methods[method].tool;
  refuseForeign(method, values);
  const answers = toolAnswers(tool, values, ownMeaning[method] ?? []);
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
    case 'offline':
      return {
        ...common,
        method,
        directory: directoryOf(text('directory') ?? (preset?.directory as string | undefined)),
        ...readBackPhysical(verify),
        ...(values.stop ? { stop: true } : {}),
      };
    case 'low-level': {
      const own = (key: 'label' | 'checkpoint'): Answers =>
        text(key) === undefined
          ? {}
          : { [key]: key === 'checkpoint' ? oneOf(key, text(key)!, checkpoints) : text(key)! };
      const seconds = text('wal-timeout');
      return {
        ...common,
        method,
        options: { ...options, ...own('label'), ...own('checkpoint') },
        ...readBackPhysical(verify),
        ...(text('copy-command') === undefined ? {} : { copyCommand: text('copy-command')! }),
        ...(text('directory') === undefined ? {} : { directory: resolve(text('directory')!) }),
        ...(text('wal-from') === undefined ? {} : { walFrom: resolve(text('wal-from')!) }),
        ...(seconds === undefined ? {} : { walSeconds: wholeNumber('wal-timeout', seconds, 1) }),
      };
    }
    case 'basebackup': {
      const level = text('level') ?? (preset?.level as string | undefined);
      return {
        ...common,
        method,
        format: format as 'basebackup-tar',
        options,
        ...readBackPhysical(verify),
        ...(level === undefined ? {} : { level: oneOf('level', level, levels) }),
        ...(text('parent') === undefined ? {} : { parent: resolve(text('parent')!) }),
      };
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

/** Methods that copy the files of a server. */
function isPhysical(method: Method): boolean {
  return methods[method].formats.includes('basebackup-plain');
}

function readBackPhysical(verify: string | undefined): { verify?: 'none' | (typeof verifyLevels)[number] } {
  return verify === undefined ? {} : { verify: oneOf('verify', verify, ['none', ...verifyLevels] as const) };
}

/** As data directories are found by PostgreSQL's own programs, too. */
function directoryOf(given: string | undefined): string {
  if (given === undefined)
    throw new UsageError(l10n.t('The method offline needs the data directory: --directory FOLDER.'));
  return resolve(given);
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
  level: ['basebackup'],
  parent: ['basebackup'],
  directory: ['offline', 'low-level'],
  stop: ['offline'],
  'copy-command': ['low-level'],
  'wal-from': ['low-level'],
  'wal-timeout': ['low-level'],
};
/** Options that mean nothing to a method that asks no server. */
const ofServers = ['connection', 'database'];

function refuseForeign(method: Method, values: Values): void {
  for (const [flag, owners] of Object.entries(belongsTo))
    if (values[flag] !== undefined && !owners.includes(method))
      throw new UsageError(l10n.t('The option --{0} belongs to the method {1}.', flag, owners.join(', ')));
  const asked = method === 'offline' ? ofServers.find((flag) => values[flag] !== undefined) : undefined;
  if (asked !== undefined)
    throw new UsageError(l10n.t('The method offline connects to no server: --{0} has no meaning.', asked));
}

function formatOf(method: Method, given: string | undefined): string {
  if (method === 'offline' || method === 'low-level')
    return `basebackup-${oneOf('format', baseFormat(given ?? 'plain'), ['plain'])}`;
  if (method === 'basebackup') return `basebackup-${oneOf('format', baseFormat(given), ['tar', 'plain'])}`;
  const formats: string[] = method === 'set' ? ['custom', 'directory'] : methods[method].formats;
  return oneOf('format', given === undefined ? formats[0]! : (letters[given] ?? given), formats);
}

/** `tar`, `plain`, `t`, `p`; presets have the whole name. */
function baseFormat(given = 'tar'): string {
  return letters[given] ?? given.replace(/^basebackup-/, '');
}

/** The one table of the method copy. */
function tableOf(values: Values): { table?: TableName } {
  const [given, ...more] = (values.table as string[] | undefined) ?? [];
  if (more.length) throw new UsageError(l10n.t('The method copy takes one table.'));
  return given === undefined ? {} : { table: tableName(given) };
}
