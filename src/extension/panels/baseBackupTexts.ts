import * as vscode from 'vscode';
import type { BaseBackupTexts } from '../../shared/baseBackupPage';

/** Every text of the page of a base backup, in the editor's language. */
export function baseBackupTexts(): BaseBackupTexts {
  return {
    actions: vscode.l10n.t('Actions'),
    warnings: vscode.l10n.t('What to look out for'),
    details: vscode.l10n.t('Details'),
    verify: vscode.l10n.t('Verify'),
    reading: vscode.l10n.t('Reading the backup manifest…'),
    refresh: vscode.l10n.t('Open Again'),
    room: vscode.l10n.t('What takes the room'),
    databases: vscode.l10n.t('Databases'),
    shared: vscode.l10n.t('Shared by all databases'),
    tablespaces: vscode.l10n.t('Tablespaces'),
    largest: vscode.l10n.t('Largest files'),
    name: vscode.l10n.t('Name'),
    size: vscode.l10n.t('Size'),
    share: vscode.l10n.t('Share'),
    files: vscode.l10n.t('Files'),
    noManifest: vscode.l10n.t('not known: it has no backup manifest'),
    chain: vscode.l10n.t('Chain'),
    children: vscode.l10n.t('Taken against this one'),
    here: vscode.l10n.t('this one'),
    wal: vscode.l10n.t('WAL it needs'),
    receipt: vscode.l10n.t('Last rehearsal'),
    passed: vscode.l10n.t('passed:'),
    failed: vscode.l10n.t('failed:'),
  };
}
