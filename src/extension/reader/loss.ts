import * as vscode from 'vscode';
import type { ErrorFacts } from '../../engine/errors';

/** Why the reader's thread is gone, and what helps. */
export function lossFacts(error: Error | undefined, path: string): ErrorFacts {
  if (error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY')
    return {
      code: 'reader.memory',
      what: vscode.l10n.t('Reading "{0}" took more memory than it may.', path),
      why: vscode.l10n.t('The setting restorePoint.contents.memory bounds it.'),
      next: vscode.l10n.t('Raise it and open the dump again.'),
      remedies: [{ do: 'openSetting', with: { setting: 'contents.memory' } }],
    };
  return {
    code: 'reader.lost',
    what: vscode.l10n.t('Reading "{0}" ended unexpectedly.', path),
    why: error?.message ?? '',
    next: vscode.l10n.t('Open the dump again.'),
  };
}
