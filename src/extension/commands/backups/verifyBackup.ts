import * as vscode from 'vscode';
import { signalOf } from '../../cancel';
import { engine } from '../../engine';
import { count } from '../../format';
import type { Services } from '../../services';
import { chooseBackup } from '../choose';
import type { Call, Command } from '../command';

/** Verifies and says what was found; the evidence is kept with the backup. */
async function verifyBackup(
  services: Services,
  { target }: Call,
  level: 'checksum' | 'contents',
): Promise<unknown> {
  const { backups } = services;
  const { verify } = await engine();
  const { path } = await chooseBackup(services, target, vscode.l10n.t('Verify Backup'));
  const evidence = await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: vscode.l10n.t('Verifying {0}', path),
      cancellable: true,
    },
    (progress, token) => {
      let shown = 0;
      return verify(path, level, {
        signal: signalOf(token),
        onProgress: (fraction) => {
          const percent = Math.floor(fraction * 100);
          progress.report({ increment: percent - shown, message: vscode.l10n.t('{0} %', percent) });
          shown = percent;
        },
      });
    },
  );
  backups.refresh();
  const { ok, rows, faults = [] } = evidence;
  if (!ok) {
    const first = faults[0];
    void vscode.window.showErrorMessage(
      vscode.l10n.t('This backup is damaged: {0}', [first?.entry, first?.what].filter(Boolean).join(': ')),
    );
  } else if (level === 'checksum') {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('Verified: the bytes are those that were written.'),
    );
  } else {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('Verified: decoded to the last byte, {0} rows.', count(rows ?? 0)),
    );
  }
  return evidence;
}

/** The bytes against the manifest's checksums. */
export const verifyChecksum: Command = {
  id: 'restorePoint.verifyChecksum',
  run: (services, call) => verifyBackup(services, call, 'checksum'),
};

/** Everything decoded to its last byte, rows counted. */
export const verifyContents: Command = {
  id: 'restorePoint.verifyContents',
  run: (services, call) => verifyBackup(services, call, 'contents'),
};
