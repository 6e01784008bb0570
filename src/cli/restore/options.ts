import type { ParseArgsConfig } from 'node:util';
import * as l10n from '@vscode/l10n';
import { optionsFor, type Answers, type ToolOption } from '../../engine/tools';
import { common, UsageError } from '../args';
import { toolOptions } from '../builds';
import { directoryOptions } from './directory';

/** What `restore` takes of its own; everything else is an option of pg_restore. */
export const own = {
  ...common,
  ...toolOptions,
  ...directoryOptions,
  into: { type: 'string' },
  database: { type: 'string' },
  strategy: { type: 'string' },
  strict: { type: 'boolean' },
  tolerant: { type: 'boolean' },
  'no-clean': { type: 'boolean' },
  'allow-meta-commands': { type: 'boolean' },
  'create-roles': { type: 'boolean' },
  'roles-from-globals': { type: 'boolean' },
  'end-sessions': { type: 'boolean' },
  rehearse: { type: 'boolean' },
  check: { type: 'string', multiple: true },
  resume: { type: 'string' },
  'ignore-room': { type: 'boolean' },
  safety: { type: 'string' },
  pick: { type: 'string', multiple: true },
  existing: { type: 'string' },
  'no-needed': { type: 'boolean' },
  'no-rows': { type: 'boolean' },
  'schema-as': { type: 'string', multiple: true },
  'owner-as': { type: 'string', multiple: true },
  'tablespace-as': { type: 'string', multiple: true },
  'without-extension': { type: 'string', multiple: true },
  confirm: { type: 'string' },
  'dry-run': { type: 'boolean' },
  verbose: { type: 'boolean', short: 'v' },
} as const;

/** The newest majors' tables hold every option; one that the chosen pg_restore lacks is refused when it is chosen. */
const majors = [15, 16, 17, 18];

function restoreOptions(): Map<string, ToolOption> {
  return new Map(
    majors.flatMap((major) => optionsFor('pg_restore', major)).map((option) => [option.flag, option]),
  );
}

/** For Node's parser: our own options and pg_restore's. */
export function allOptions(): NonNullable<ParseArgsConfig['options']> {
  const options: NonNullable<ParseArgsConfig['options']> = {};
  const taken = new Set(['h', 'v']);
  for (const { flag, short, takes, repeat, managed } of restoreOptions().values()) {
    if (flag in own) continue;
    options[flag] = {
      type: takes === 'nothing' ? 'boolean' : 'string',
      multiple: takes !== 'nothing' && Boolean(repeat),
      ...(short && !managed && !taken.has(short) ? { short } : {}),
    };
  }
  return { ...options, ...own };
}

/** The given options that are pg_restore's. Throws UsageError for those we set ourselves. */
export function toolAnswers(given: Record<string, unknown>): Answers {
  const answers: Answers = {};
  const table = restoreOptions();
  for (const [flag, value] of Object.entries(given)) {
    if (flag in own || value === undefined) continue;
    const managed = table.get(flag)?.managed;
    if (managed) throw new UsageError(l10n.t('The option --{0} cannot be set here. {1}', flag, managed));
    answers[flag] = value as Answers[string];
  }
  return answers;
}
