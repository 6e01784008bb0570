import type { ParseArgsConfig } from 'node:util';
import * as l10n from '@vscode/l10n';
import { optionsFor, type Answers, type ToolOption } from '../../engine/tools';
import { UsageError, common } from '../args';
import { toolOptions } from '../builds';

/** What `backup` takes of its own; everything else is an option of pg_dump or pg_dumpall. */
export const own = {
  ...common,
  ...toolOptions,
  connection: { type: 'string' },
  database: { type: 'string' },
  method: { type: 'string' },
  format: { type: 'string', short: 'F' },
  to: { type: 'string' },
  file: { type: 'string', short: 'f' },
  notes: { type: 'string' },
  verify: { type: 'string' },
  preset: { type: 'string' },
  'save-preset': { type: 'string' },
  'fail-on-suspicious': { type: 'boolean' },
  'fallen-by': { type: 'string' },
  'with-globals': { type: 'boolean' },
  'ignore-missing-rights': { type: 'boolean' },
  'dry-run': { type: 'boolean' },
  verbose: { type: 'boolean', short: 'v' },
  // pg_dumpall
  scope: { type: 'string' },
  // set
  'include-database': { type: 'string', multiple: true },
  // copy
  query: { type: 'string' },
  columns: { type: 'string' },
  header: { type: 'boolean' },
  delimiter: { type: 'string' },
  null: { type: 'string' },
  preview: { type: 'string' },
  // basebackup
  level: { type: 'string' },
  parent: { type: 'string' },
  // offline, low-level
  directory: { type: 'string' },
  stop: { type: 'boolean' },
  'copy-command': { type: 'string' },
  'wal-from': { type: 'string' },
  'wal-timeout': { type: 'string' },
} as const;

/** The newest majors' tables hold every option; one that a chosen client lacks is refused when it is chosen. */
const majors = [15, 16, 17, 18];

type Tool = 'pg_dump' | 'pg_dumpall' | 'pg_basebackup';

function tableOf(tool: Tool): Map<string, ToolOption> {
  return new Map(majors.flatMap((major) => optionsFor(tool, major)).map((option) => [option.flag, option]));
}

/** For Node's parser: our own options and those of both programs. */
export function allOptions(): NonNullable<ParseArgsConfig['options']> {
  const options: NonNullable<ParseArgsConfig['options']> = {};
  const taken = new Set(
    Object.values(own).flatMap((option) => ('short' in option ? [option.short as string] : [])),
  );
  for (const tool of ['pg_basebackup', 'pg_dumpall', 'pg_dump'] as const)
    for (const option of tableOf(tool).values()) {
      const short =
        option.short && !option.managed && !taken.has(option.short) ? { short: option.short } : {};
      options[option.flag] = {
        type: option.takes === 'nothing' ? 'boolean' : 'string',
        multiple: option.takes === 'nothing' ? false : Boolean(option.repeat),
        ...short,
      };
    }
  return { ...dropDoubleShorts(options), ...own };
}

/** pg_dump's meaning of a letter wins; it came last. */
function dropDoubleShorts(options: NonNullable<ParseArgsConfig['options']>): typeof options {
  const owner = new Map(Object.entries(options).map(([flag, { short }]) => [short, flag]));
  return Object.fromEntries(
    Object.entries(options)
      .map(([flag, option]) =>
        option.short && owner.get(option.short) !== flag
          ? [flag, { ...option, short: undefined }]
          : [flag, option],
      )
      .map(([flag, option]) => [flag, withoutUndefined(option as object)]),
  ) as typeof options;
}

function withoutUndefined(option: object): object {
  return Object.fromEntries(Object.entries(option).filter(([, value]) => value !== undefined));
}

/** The given options that are the tool's. Throws UsageError for those of another one and for managed ones. */
export function toolAnswers(
  tool: Tool | null,
  given: Record<string, unknown>,
  except: string[] = [],
): Answers {
  const answers: Answers = {};
  const table = tool ? tableOf(tool) : new Map<string, ToolOption>();
  for (const [flag, value] of Object.entries(given)) {
    if (flag in own || except.includes(flag) || value === undefined) continue;
    const option = table.get(flag);
    if (!option) throw new UsageError(l10n.t('The option --{0} does not belong to this method.', flag));
    if (option.managed)
      throw new UsageError(l10n.t('The option --{0} cannot be set here. {1}', flag, option.managed));
    answers[flag] = value as Answers[string];
  }
  return answers;
}
