import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as l10n from '@vscode/l10n';
import { RestorePointError } from '../../errors';

const logTail = 64 * 1024;

/** What a server said when it gave a recovery up; null where it says nothing we know. */
export async function recoveryFailure(folder: string): Promise<RestorePointError | null> {
  const log = join(folder, 'restore-point.log');
  const said = (await readFile(log, 'utf8').catch(() => '')).slice(-logTail);
  const last = said.split('\n').findLast((line) => /FATAL|PANIC/.test(line)) ?? '';
  const why = last.replace(/^.*?(FATAL|PANIC):\s*/, '');
  if (/recovery ended before configured recovery target was reached/.test(last))
    return new RestorePointError({
      code: 'recovery.notReached',
      what: l10n.t('The WAL ended before the target was met.'),
      why: [why, ...lastCommit(said)].join(' '),
      next: l10n.t('Recover to "latest", or to an earlier moment.'),
    });
  if (/requested recovery stop point is before consistent recovery point/.test(last))
    return new RestorePointError({
      code: 'recovery.beforeBackup',
      what: l10n.t('The target lies before the end of the backup.'),
      why,
      next: l10n.t('Choose an older backup, or a later moment.'),
    });
  if (/could not restore file .* from archive: child process exited with exit code 200/.test(last))
    return new RestorePointError({
      code: 'recovery.damagedWal',
      what: l10n.t('A file of the WAL archive is damaged: the recovery was ended there.'),
      why,
      next: l10n.t('Look at it with restore-point wal check --deep, and recover to a moment before it.'),
    });
  return null;
}

/** `last completed transaction was at log time 2026-11-30 04:12:07.1+00` */
function lastCommit(said: string): string[] {
  const time = /last completed transaction was at log time (.+)$/m.exec(said)?.[1];
  return time === undefined ? [] : [l10n.t('The last transaction it has is of {0}.', time)];
}
