import * as l10n from '@vscode/l10n';
import { RestorePointError } from '../errors';

/** A file of a cluster or base backup that is not what it should be. */
export function unreadable(file: string, why: string): RestorePointError {
  return new RestorePointError({
    code: 'pgdata.unreadable',
    what: l10n.t('"{0}" of the backup cannot be read.', file),
    why,
    next: l10n.t('Verify the backup, and use another one if it is damaged.'),
  });
}
