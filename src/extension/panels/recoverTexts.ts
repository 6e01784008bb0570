import * as vscode from 'vscode';
import type { RecoverTexts } from '../../shared/recoverPage';
import { livePlanTexts } from './planPanel';

/** Every text of the recovery page, in the editor's language. */
export function recoverTexts(): RecoverTexts {
  const around = (minutes: number, label: string): RecoverTexts['spans'][number] => ({ minutes, label });
  return {
    ...livePlanTexts(vscode.l10n.t('Looking at the backups and the archive…')),
    recover: vscode.l10n.t('Recover'),
    showCommands: vscode.l10n.t('Show Commands'),
    hideCommands: vscode.l10n.t('Hide Commands'),
    refresh: vscode.l10n.t('Read the Folders Again'),
    cluster: vscode.l10n.t('Cluster'),
    nothingHere: vscode.l10n.t(
      'There is no base backup in the listed folders: back up a server by pg_basebackup first, or add the folder it is in.',
    ),
    wal: vscode.l10n.t('WAL archive'),
    noWal: vscode.l10n.t('none is known: only the ends of backups can be reached'),
    chooseWal: vscode.l10n.t('Choose…'),
    timeLine: vscode.l10n.t('Time line: backups, WAL and the target'),
    backups: vscode.l10n.t('Backups'),
    zoomIn: vscode.l10n.t('Closer'),
    zoomOut: vscode.l10n.t('Farther'),
    handle: vscode.l10n.t('Target time'),
    keys: vscode.l10n.t(
      'Arrow keys move it, with Shift by a second; Home and End go to the first and the last moment that can be reached.',
    ),
    target: vscode.l10n.t('Target'),
    kinds: {
      time: vscode.l10n.t('Time'),
      lsn: vscode.l10n.t('Place in the WAL (LSN)'),
      xid: vscode.l10n.t('Transaction (xid)'),
      name: vscode.l10n.t('Named restore point'),
      immediate: vscode.l10n.t('End of the backup'),
      latest: vscode.l10n.t('Latest: all WAL there is'),
    },
    value: vscode.l10n.t('Moment'),
    exclusive: vscode.l10n.t('Just before it'),
    timeline: vscode.l10n.t('Timeline'),
    newestTimeline: vscode.l10n.t('The newest timeline that leads there'),
    from: vscode.l10n.t('Begin with'),
    newestBackup: vscode.l10n.t('The newest backup that fits'),
    reach: vscode.l10n.t('Answer'),
    reachable: vscode.l10n.t('Reachable {0}', '{0}'),
    before: vscode.l10n.t('Just before this'),
    look: vscode.l10n.t('Look into the WAL'),
    looking: vscode.l10n.t('Looking into the WAL'),
    stop: vscode.l10n.t('Stop'),
    around: vscode.l10n.t('How far around the target'),
    spans: [
      around(10, vscode.l10n.t('10 minutes around the target')),
      around(60, vscode.l10n.t('An hour around the target')),
      around(360, vscode.l10n.t('6 hours around the target')),
      around(1440, vscode.l10n.t('A day around the target')),
    ],
    onlyLosses: vscode.l10n.t('Only what loses tables or rows'),
    noEvents: vscode.l10n.t('Nothing of the kind stands in the WAL there.'),
    cut: vscode.l10n.t('There is more before these: look closer around an earlier target.'),
    takeEvent: vscode.l10n.t('Recover to just before: {0}', '{0}'),
    where: vscode.l10n.t('Into'),
    directory: vscode.l10n.t('Data directory of the side cluster'),
    browse: vscode.l10n.t('Browse…'),
    port: vscode.l10n.t('Port'),
    user: vscode.l10n.t('Superuser'),
    tablespaces: vscode.l10n.t('Tablespaces'),
  };
}
