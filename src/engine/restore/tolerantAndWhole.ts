import * as l10n from '@vscode/l10n';
import { RestorePointError } from '../errors';

/** Going on after failures and being one transaction do not go together. */
export function tolerantAndWhole(): RestorePointError {
  return new RestorePointError({
    code: 'restore.options',
    what: l10n.t('A restore cannot be tolerant and stop at the first error.'),
    why: l10n.t('One transaction ends at the first error.'),
    next: l10n.t('Choose one of the two.'),
  });
}
