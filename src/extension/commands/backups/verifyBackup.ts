import * as vscode from 'vscode';
import type { Verified } from '../../../engine/artifacts';
import type { VerifiedBase } from '../../../engine/physical';
import { working } from '../../editors/working';
import { count } from '../../format';
import type { Services } from '../../services';
import { clientBuilds } from '../../tools';
import { chooseBackup } from '../choose';
import type { Call, Command } from '../command';

/** Verifies and says what was found; the evidence is kept with the backup. */
async function verifyBackup(
  services: Services,
  { target }: Call,
  level: 'checksum' | 'contents',
): Promise<unknown> {
  const { path, recognised } = await chooseBackup(services, target, vscode.l10n.t('Verify Backup'));
  if (recognised.kind === 'basebackup') {
    const found = await verifyBase(services, path, level, new AbortController().signal);
    tellBase(found);
    return found;
  }
  const evidence = await verifyPath(services, path, level, new AbortController().signal);
  tell(evidence);
  return evidence;
}

/** The same of a base backup: its own manifest tells the files; `contents` is its whole chain and its WAL. */
async function verifyBase(
  { backups, dumps }: Services,
  path: string,
  level: 'checksum' | 'contents',
  signal: AbortSignal,
): Promise<VerifiedBase> {
  // Only they read WAL record by record.
  const builds = level === 'contents' ? await clientBuilds() : [];
  const lease = dumps.use(path);
  try {
    const title = vscode.l10n.t('Verifying {0}', path);
    return await working({ title, task: 'verify', dump: lease.dump, signal }, (both) =>
      lease.dump.call('verifyBase', { level, builds }, both),
    );
  } finally {
    lease.dispose();
    backups.refresh();
  }
}

function tellBase({ ok, level, files, chain, wal, faults = [] }: VerifiedBase): void {
  if (!ok) tellDamage(faults);
  else if (level === 'checksum')
    void vscode.window.showInformationMessage(
      vscode.l10n.t('Verified: {0} files are what the server sent.', count(files)),
    );
  else
    void vscode.window.showInformationMessage(
      vscode.l10n.t(
        'Verified: {0} files are whole (backups in the chain: {1}, WAL segments: {2}).',
        count(files),
        chain.length,
        wal.length,
      ),
    );
}

/** Verifies behind a notification; the evidence is kept with the backup. */
export async function verifyPath(
  { backups, dumps }: Services,
  path: string,
  level: 'checksum' | 'contents',
  signal: AbortSignal,
): Promise<Verified> {
  const lease = dumps.use(path);
  try {
    const title = vscode.l10n.t('Verifying {0}', path);
    const evidence = await working({ title, task: 'verify', dump: lease.dump, signal }, (both) =>
      lease.dump.call('verify', level, both),
    );
    backups.refresh();
    return evidence;
  } finally {
    lease.dispose();
  }
}

function tellDamage([first]: NonNullable<Verified['faults']>): void {
  void vscode.window.showErrorMessage(
    vscode.l10n.t('This backup is damaged: {0}', [first?.entry, first?.what].filter(Boolean).join(': ')),
  );
}

function tell({ ok, level, rows, faults = [] }: Verified): void {
  if (!ok) {
    tellDamage(faults);
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
