import * as l10n from '@vscode/l10n';
import type { RowQuery } from '../../engine/archive';
import { UsageError } from '../args';

/** Options that choose rows by what is in them, the same for every verb that shows rows. */
export const findOptions = {
  find: { type: 'string' },
  column: { type: 'string' },
  regex: { type: 'boolean' },
  'match-case': { type: 'boolean' },
  'whole-value': { type: 'boolean' },
} as const;

export const findUsage = `  --find TEXT      only rows with this text in a value; --column NAME, --match-case, --whole-value and --regex
                   narrow it down`;

export type Find = Omit<RowQuery, 'column'> & { columnName?: string };

/** What `--find` and its helpers ask for, null without `--find`. */
export function queryOf(values: {
  find?: string;
  column?: string;
  regex?: boolean;
  'match-case'?: boolean;
  'whole-value'?: boolean;
}): Find | null {
  const { find, column, regex, 'match-case': matchCase, 'whole-value': wholeValue } = values;
  if (find !== undefined)
    return {
      text: find,
      ...(regex ? { regex } : {}),
      ...(matchCase ? { matchCase } : {}),
      ...(wholeValue ? { wholeValue } : {}),
      ...(column === undefined ? {} : { columnName: column }),
    };
  for (const [option, value] of Object.entries({
    column,
    regex,
    'match-case': matchCase,
    'whole-value': wholeValue,
  }))
    if (value !== undefined) throw new UsageError(l10n.t('--{0} needs --find.', option));
  return null;
}
