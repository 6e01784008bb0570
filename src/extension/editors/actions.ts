import * as vscode from 'vscode';
import type { ContentsAction } from '../../shared/contentsPage';
import type { Services } from '../services';
import { revealer } from '../revealer';
import { showError } from '../showError';
import type { ContentsDocument } from './contentsDocument';
import { working } from './working';

/** Does what a button of the page says. */
export async function act(
  action: ContentsAction,
  document: ContentsDocument,
  { log }: Services,
  signal: AbortSignal,
): Promise<void> {
  const { dump, path, uri } = document;
  const target = { artifact: path };
  const reader = async (task: 'locate' | 'countAll', title: string): Promise<void> => {
    try {
      await working({ title, task, dump, signal }, (both) => dump.call(task, null, both));
    } catch (error) {
      await showError(error, log);
    }
  };
  switch (action) {
    case 'restore':
      await vscode.commands.executeCommand('restorePoint.restorePage', target);
      return;
    case 'compare':
      await vscode.commands.executeCommand('restorePoint.compareWith', target);
      return;
    case 'verifyChecksum':
      await vscode.commands.executeCommand('restorePoint.verifyChecksum', target);
      return await document.inspect();
    case 'verifyContents':
      await vscode.commands.executeCommand('restorePoint.verifyContents', target);
      return await document.inspect();
    case 'locate':
      return await reader('locate', vscode.l10n.t('Finding where the data begins'));
    case 'countAll':
      return await reader('countAll', vscode.l10n.t('Counting rows'));
    case 'openAsText':
      await vscode.commands.executeCommand('vscode.openWith', uri, 'default');
      return;
    case 'reveal':
      await revealer(uri)?.reveal();
      return;
    case 'openSetting':
      await vscode.commands.executeCommand('restorePoint.openSettings', 'contents.memory');
      return;
    case 'refresh':
      return dump.restart();
    case 'openFolder':
      await vscode.commands.executeCommand('restorePoint.openAsFolder', target);
      return;
    case 'salvage':
      await vscode.commands.executeCommand('restorePoint.salvage', target);
      return;
  }
}
