import { dirname } from 'node:path';
import * as l10n from '@vscode/l10n';
import { RestorePointError } from './errors';

/** A failure of the file system in three parts: `disk.full`, `folder.unwritable`, `file.io`. */
export function explainFileError(error: unknown, path: string): Error {
  if (error instanceof RestorePointError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  if (!code) return error as Error;
  if (code === 'ENOSPC' || code === 'EDQUOT') return diskFull(path, message);
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') return unwritable(path, message);
  return new RestorePointError(
    {
      code: 'file.io',
      what: l10n.t('{0} cannot be read or written.', path),
      why: message,
      next: l10n.t('Check the path and the disk, or choose another folder.'),
      remedies: [{ do: 'chooseFolder', with: { folder: dirname(path) } }, { do: 'retry' }],
    },
    { cause: error },
  );
}

/** @param path null when it is not known which disk (the server's, say). */
export function diskFull(path: string | null, why: string): RestorePointError {
  return new RestorePointError({
    code: 'disk.full',
    what: path ? l10n.t('The disk of {0} is full.', path) : l10n.t('The disk is full.'),
    why,
    next: l10n.t('Make room, or choose a folder on another disk; nothing half-made was kept.'),
    remedies: [{ do: 'chooseFolder', ...(path ? { with: { folder: dirname(path) } } : {}) }, { do: 'retry' }],
  });
}

export function unwritable(path: string, why: string): RestorePointError {
  return new RestorePointError({
    code: 'folder.unwritable',
    what: l10n.t('{0} cannot be written.', path),
    why,
    next: l10n.t('Choose another folder, or give yourself the right to write there.'),
    remedies: [{ do: 'chooseFolder', with: { folder: dirname(path) } }],
  });
}
