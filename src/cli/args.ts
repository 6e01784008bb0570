import { parseArgs, type ParseArgsConfig } from 'node:util';
import * as l10n from '@vscode/l10n';
import { RestorePointError } from '../engine/errors';

/** Wrong use of a verb: exit code 2 and the verb's help. */
export class UsageError extends RestorePointError {
  constructor(what: string, next?: string) {
    super({ code: 'usage', what, why: '', next: next ?? l10n.t('See --help.') });
    this.name = 'UsageError';
  }
}

/** Options every verb knows. */
export const common = {
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/**
 * Strict parsing by Node's own parser; its complaints become usage errors. Node's message may quote a
 * value, and a value may be a secret typed in the wrong place: only option names are repeated.
 */
export function parse<T extends ParseArgsConfig>(
  config: T & { args: string[] },
): ReturnType<typeof parseArgs<T & { strict: true }>> {
  try {
    return parseArgs({ ...config, strict: true }) as ReturnType<typeof parseArgs<T & { strict: true }>>;
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    const option = /'(-{1,2}[^'=\s]+)/.exec(message)?.[1] ?? '';
    if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION')
      throw new UsageError(l10n.t('There is no option {0}.', option));
    if (code === 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL')
      throw new UsageError(l10n.t('There is an argument too many: every value here belongs to an option.'));
    if (code === 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE')
      throw new UsageError(
        /does not take an argument/.test(message)
          ? l10n.t('The option {0} takes no value.', option)
          : l10n.t('The option {0} needs a value; write --option=VALUE when it begins with a dash.', option),
      );
    throw error;
  }
}

/** The only argument of a verb that takes exactly one; anything else is wrong use, as `complaint` says. */
export function theOne(positionals: string[], complaint: string): string {
  const [only, ...more] = positionals;
  if (only === undefined || more.length) throw new UsageError(complaint);
  return only;
}

/** One of a few words, or a usage error that lists them. */
export function oneOf<T extends string>(option: string, value: string, choices: readonly T[]): T {
  const found = choices.find((choice) => choice === value);
  if (found) return found;
  throw new UsageError(l10n.t('--{0} takes one of: {1}.', option, choices.join(', ')));
}

/** `--fallen-by PERCENT` as a share: by how much rows of a table may fall. */
export function fallenBy(percent: string): number {
  const number = wholeNumber('fallen-by', percent, 1);
  if (number <= 100) return number / 100;
  throw new UsageError(l10n.t('--{0} takes at most {1}.', 'fallen-by', 100));
}

/** A whole number of at least `least`. */
export function wholeNumber(option: string, value: string, least = 0): number {
  const number = Number(value);
  if (/^\d+$/.test(value) && Number.isSafeInteger(number) && number >= least) return number;
  throw new UsageError(l10n.t('--{0} takes a whole number of at least {1}.', option, least));
}
