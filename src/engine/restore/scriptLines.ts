import * as l10n from '@vscode/l10n';
import { openUnwrapped } from '../archive';
import { RestorePointError } from '../errors';
import { eachLine } from './lines';

/** A statement of one line that sets a setting, by itself or for a database or role. */
const sets =
  /^(?:SET|ALTER\s+(?:DATABASE|ROLE|USER)\s.*\sSET)\s+(?:(?:SESSION|LOCAL)\s+)?[\w.]+\s*(?:=|\sTO\s)[^;]*;\s*$/i;

/**
 * The lines of a script a person wants left out, looked at: each has to be a statement of its own that sets a setting.
 * Throws `script.line` for any other.
 */
export async function linesLeftOut(path: string, asked: readonly number[]): Promise<number[]> {
  if (!asked.length) return [];
  const last = Math.max(...asked);
  const { stream } = await openUnwrapped(path);
  const fitting = new Set<number>();
  try {
    await eachLine(stream as AsyncIterable<Buffer>, (line, number) => {
      if (asked.includes(number) && sets.test(line.subarray(0, 10_000).toString('utf8'))) fitting.add(number);
      return number < last;
    });
  } finally {
    stream.destroy();
  }
  const other = asked.find((line) => !fitting.has(line));
  if (other === undefined) return [...asked];
  throw new RestorePointError({
    code: 'script.line',
    what: l10n.t('Line {0} of the script cannot be left out.', other),
    why: l10n.t('It is not a statement of its own that sets a setting.'),
    next: l10n.t('Change the script, or restore tolerantly: then what fails is told and the rest goes on.'),
  });
}
