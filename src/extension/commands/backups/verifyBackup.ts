import * as vscode from 'vscode';
import type { Verified } from '../../../engine/artifacts';
import { working } from '../../editors/working';
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
  const { backups, dumps } = services;
  const { path } = await chooseBackup(services, target, vscode.l10n.t('Verify Backup'));
  const lease = dumps.use(path);
  try {
    const { signal } = new AbortController();
    const title = vscode.l10n.t('Verifying {0}', path);
    const evidence = await working({ title, task: 'verify', dump: lease.dump, signal }, (both) =>
      lease.dump.call('verify', level, both),
    );
    backups.refresh();
    tell(evidence);
    return evidence;
  } finally {
    lease.dispose();
  }
}

function tell({ ok, level, rows, faults = [] }: Verified): void {
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
