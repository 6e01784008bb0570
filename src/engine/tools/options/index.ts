import * as l10n from '@vscode/l10n';
import { RestorePointError } from '../../errors';
import type { ToolName } from '../types';
import { pgBasebackup } from './pg_basebackup';
import { pgCombinebackup } from './pg_combinebackup';
import { pgDump } from './pg_dump';
import { pgDumpall } from './pg_dumpall';
import { pgReceivewal } from './pg_receivewal';
import { pgRestore } from './pg_restore';
import { psql } from './psql';
import type { Answers, Release, ToolOption } from './types';

export type { Answers, OptionGroup, Release, ToolOption } from './types';

const tables: Partial<Record<ToolName, ToolOption[]>> = {
  pg_dump: pgDump,
  pg_dumpall: pgDumpall,
  pg_restore: pgRestore,
  psql,
  pg_basebackup: pgBasebackup,
  pg_combinebackup: pgCombinebackup,
  pg_receivewal: pgReceivewal,
};

/** Every option the program of that release has, also the managed ones; a newer major than known gets the newest's. */
export function optionsFor(tool: ToolName, release: Release): ToolOption[] {
  return (tables[tool] ?? []).filter((option) => isKnown(option, release));
}

function isKnown(option: ToolOption, release: Release): boolean {
  const { major, minor } = typeof release === 'number' ? { major: release, minor: Infinity } : release;
  if (major < (option.since ?? 0) || major > (option.until ?? Infinity)) return false;
  return minor >= (option.sinceMinor?.[major] ?? 0);
}

/**
 * The arguments for a person's answers, in the order of the table; each option is one word (`--table=a`),
 * so that no value is read as an option. Throws `option.unknown`, `option.managed`, `option.value` or
 * `option.conflict`.
 */
export function toArguments(tool: ToolName, release: Release, answers: Answers): string[] {
  const options = optionsFor(tool, release);
  const known = new Map(options.map((option) => [option.flag, option]));
  const given = new Map(Object.entries(answers).filter(([, answer]) => isAnswered(answer)));
  for (const flag of given.keys()) {
    const option = known.get(flag);
    if (!option) throw unknown(tool, release, flag);
    if (option.managed) throw managed(tool, option);
    checkCompany(tool, option, given);
  }
  return options.flatMap((option) => {
    const answer = given.get(option.flag);
    return answer === undefined ? [] : words(tool, option, answer);
  });
}

function isAnswered(answer: Answers[string] | undefined): boolean {
  return (
    answer !== undefined && answer !== false && answer !== '' && !(Array.isArray(answer) && !answer.length)
  );
}

function words(tool: ToolName, option: ToolOption, answer: Answers[string]): string[] {
  const name = `--${option.flag}`;
  if (option.takes === 'nothing') {
    if (answer !== true) throw wrongValue(tool, option, l10n.t('It takes no value.'));
    return [name];
  }
  if (answer === true) throw wrongValue(tool, option, l10n.t('It needs a value.'));
  const values = Array.isArray(answer) ? answer : [answer];
  if (values.length > 1 && !option.repeat)
    throw wrongValue(tool, option, l10n.t('It can be given only once.'));
  return values.map((value) => {
    const fault = faultOf(option, value);
    if (fault) throw wrongValue(tool, option, fault);
    return `${name}=${value}`;
  });
}

/** What is wrong with a value, as a sentence; null when nothing is. */
function faultOf(option: ToolOption, value: string | number | boolean): string | null {
  const text = String(value);
  if (text === '') return l10n.t('The value is empty.');
  if (text.includes('\0')) return l10n.t('The value contains a zero byte.');
  if (option.takes === 'choice' && !option.choices?.includes(text))
    return l10n.t('{0} is none of {1}.', text, option.choices?.join(', ') ?? '');
  if (option.takes === 'number') {
    const { min = -Infinity, max = Infinity } = option;
    if (!/^-?\d+$/.test(text)) return l10n.t('{0} is not a whole number.', text);
    if (Number(text) < min) return l10n.t('{0} is less than {1}.', text, min);
    if (Number(text) > max) return l10n.t('{0} is more than {1}.', text, max);
  }
  if (option.match && !new RegExp(`^(?:${option.match})$`).test(text))
    return l10n.t('{0} is not what it understands.', text);
  return null;
}

function checkCompany(tool: ToolName, option: ToolOption, given: Map<string, unknown>): void {
  const rival = option.excludes?.find((flag) => given.has(flag));
  if (rival)
    throw new RestorePointError({
      code: 'option.conflict',
      what: l10n.t('{0} cannot use --{1} and --{2} together.', tool, option.flag, rival),
      why: '',
      next: l10n.t('Take one of them away.'),
    });
  if (option.needs && !option.needs.some((flag) => given.has(flag)))
    throw new RestorePointError({
      code: 'option.conflict',
      what: l10n.t('{0} cannot use --{1} alone.', tool, option.flag),
      why: '',
      next: l10n.t('Add one of these: {0}.', option.needs.map((flag) => `--${flag}`).join(', ')),
    });
}

function unknown(tool: ToolName, release: Release, flag: string): RestorePointError {
  const all = (tables[tool] ?? []).filter((option) => option.flag === flag);
  const version = typeof release === 'number' ? String(release) : `${release.major}.${release.minor}`;
  const since = all
    .map((option) => option.since ?? 0)
    .filter((major) => major > Number.parseInt(version, 10));
  return new RestorePointError({
    code: 'option.unknown',
    what: l10n.t('{0} {1} has no option --{2}.', tool, version, flag),
    why: since.length ? l10n.t('It came with PostgreSQL {0}.', Math.min(...since)) : '',
    next: l10n.t('Take it away, or use another release of the programs.'),
    remedies: since.length ? [{ do: 'installTools', with: { major: String(Math.min(...since)) } }] : [],
  });
}

function managed(tool: ToolName, option: ToolOption): RestorePointError {
  return new RestorePointError({
    code: 'option.managed',
    what: l10n.t('--{0} of {1} cannot be set here.', option.flag, tool),
    why: option.managed ?? '',
    next: l10n.t('Take it away.'),
  });
}

function wrongValue(tool: ToolName, option: ToolOption, why: string): RestorePointError {
  return new RestorePointError({
    code: 'option.value',
    what: l10n.t('{0} would not understand the value of --{1}.', tool, option.flag),
    why,
    next: l10n.t('Correct the value.'),
  });
}
