import * as l10n from '@vscode/l10n';
import { RestorePointError } from '../../errors';
import { checkBaseBackup } from '../../pgdata/restoring';
import type { CheckBackupStep } from '../../plan';
import { keepFailure } from './rehearsalEvidence';
import type { Executor } from './types';

const namedAtMost = 5;

/** Nothing is made of a damaged backup. */
export const checkBackup: Executor<CheckBackupStep> = async ({ folder, wal, artifact, title }, context) => {
  const { signal, progress, log } = context;
  const { faults, moreFaults } = await checkBaseBackup(folder, {
    wal,
    signal,
    onProgress: (fraction) => progress(fraction, title),
  });
  if (faults.length === 0) return;
  const said = faults.map(({ entry, what }) => (entry ? `${entry}: ${what}` : what));
  for (const line of said) log('error', line, 'check');
  const error = new RestorePointError({
    code: 'artifact.damaged',
    what: l10n.t(
      'The backup is damaged: {0} files are not what the server sent.',
      faults.length + moreFaults,
    ),
    why: said.slice(0, namedAtMost).join('\n'),
    next: l10n.t('Use another backup, or salvage from this one by hand: nothing was made of it.'),
    remedies: [{ do: 'showLog' }],
  });
  if (artifact !== undefined) await keepFailure(artifact, context, error);
  throw error;
};
