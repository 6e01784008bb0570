import * as l10n from '@vscode/l10n';
import { Script, createContext, type Context } from 'node:vm';
import { RestorePointError } from '../../errors';
import type { RowQuery } from '../types';

/** Tells for many rows at once which of their values fit; the answers are lists of columns, empty for none. */
export type Matcher = (rows: readonly (string | null)[][], first: number) => number[][];

/** A regular expression sees no more of a value than this many characters. */
const MOST_FOR_PATTERN = 256 * 1024;
/** Milliseconds a regular expression may take for one row; for a batch of rows, before they are tried one by one. */
const ROW_TIME = 1000;
const BATCH_TIME = 250;

/** Prepares a query; a pattern that is none throws `rows.badPattern`. */
export function makeMatcher(query: RowQuery): Matcher {
  const { column } = query;
  const test = query.regex ? null : plainTest(query);
  if (!test) return patternMatcher(query);
  return (rows) =>
    rows.map((values) => {
      if (column !== undefined) return fits(values[column], test) ? [column] : [];
      const found: number[] = [];
      for (let i = 0; i < values.length; i++) if (fits(values[i], test)) found.push(i);
      return found;
    });
}

function fits(value: string | null | undefined, test: (value: string) => boolean): boolean {
  return value !== null && value !== undefined && test(value);
}

/** Without regard to case means: as a regular expression with the flag i. */
export function plainTest({ text, matchCase, wholeValue }: RowQuery): (value: string) => boolean {
  if (matchCase) return wholeValue ? (value) => value === text : (value) => value.includes(text);
  const pattern = new RegExp(wholeValue ? `^(?:${escaped(text)})$` : escaped(text), 'i');
  return (value) => pattern.test(value);
}

export function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}

/**
 * Regular expressions run inside of V8's own time limit, which ends them even in the middle of one test: JavaScript has
 * no pattern engine that is safe from exponential patterns, and no other way to stop it.
 */
function patternMatcher({ text, matchCase, wholeValue, column }: RowQuery): Matcher {
  const source = wholeValue ? `^(?:${text})$` : text;
  const pattern = compile(source, matchCase ? '' : 'i');
  const none: number[] = [];
  const test = (rows: readonly (string | null)[][]): number[][] =>
    rows.map((values) => {
      let found = none;
      const end = column === undefined ? values.length : Math.min(column + 1, values.length);
      for (let i = column ?? 0; i < end; i++) {
        const value = values[i]!;
        if (value === null) continue;
        const seen = value.length > MOST_FOR_PATTERN ? value.slice(0, MOST_FOR_PATTERN) : value;
        if (pattern.test(seen)) (found === none ? (found = []) : found).push(i);
      }
      return found;
    });
  const context: Context = createContext({ work: null });
  // The time limit holds for what the script calls as well; inside of it every name would be looked up slowly.
  const script = new Script('work()');
  const run = (rows: readonly (string | null)[][], timeout: number): number[][] | null => {
    context.work = () => test(rows);
    try {
      return script.runInContext(context, { timeout }) as number[][];
    } catch (error) {
      if ((error as { code?: string }).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return null;
      throw error;
    } finally {
      context.work = null;
    }
  };
  return (rows, first) =>
    run(rows, BATCH_TIME) ??
    rows.map((values, i) => {
      const found = run([values], ROW_TIME);
      if (!found) throw slowPattern(first + i + 1);
      return found[0]!;
    });
}

function compile(source: string, flags: string): RegExp {
  try {
    return new RegExp(source, `${flags}u`);
  } catch {
    // The flag u refuses what many patterns have, as `\\-`.
  }
  try {
    return new RegExp(source, flags);
  } catch (error) {
    throw new RestorePointError({
      code: 'rows.badPattern',
      what: l10n.t('This is not a regular expression.'),
      why: (error as Error).message,
      next: l10n.t('Correct it, or look for it as plain text.'),
    });
  }
}

function slowPattern(row: number): RestorePointError {
  return new RestorePointError({
    code: 'rows.slowPattern',
    what: l10n.t('The regular expression takes too long for row {0}.', row),
    why: l10n.t('It can match in too many ways; one row may take {0} ms.', ROW_TIME),
    next: l10n.t('Make it simpler: no repetition inside of a repetition.'),
  });
}
