import * as vscode from 'vscode';
import type { ContentsAction } from '../../shared/contentsPage';
import type { Services } from '../services';
import { showError } from '../showError';
import type { ContentsDocument } from './contentsDocument';

/** Does what a button of the page says. */
export async function act(
  action: ContentsAction,
  document: ContentsDocument,
  { log }: Services,
): Promise<void> {
  const { dump, path, uri } = document;
  const target = { artifact: path };
  switch (action) {
    case 'restore':
      await vscode.commands.executeCommand('restorePoint.restore', target);
      return;
    case 'verifyChecksum':
      await vscode.commands.executeCommand('restorePoint.verifyChecksum', target);
      return await document.inspect();
    case 'verifyContents':
      await vscode.commands.executeCommand('restorePoint.verifyContents', target);
      return await document.inspect();
    case 'locate':
      return await dump.call('locate', null).catch((error: unknown) => showError(error, log));
    case 'countAll':
      return await dump.call('countAll', null).catch((error: unknown) => showError(error, log));
    case 'openAsText':
      await vscode.commands.executeCommand('vscode.openWith', uri, 'default');
      return;
    case 'reveal':
      await vscode.commands.executeCommand('revealFileInOS', uri);
      return;
    case 'openSetting':
      await vscode.commands.executeCommand('restorePoint.openSettings', 'contents.memory');
      return;
    case 'refresh':
      return dump.restart();
    case 'openFolder':
    case 'salvage':
      return;
  }
}
