import * as vscode from 'vscode';
import type { Ask, FileQuestion } from '../ask';
import { isQuiet } from '../cancel';

/** Asks where to save; undefined when the person gave up. */
export async function chooseFile(
  ask: Ask,
  question: Omit<FileQuestion, 'what'>,
): Promise<string | undefined> {
  try {
    return await ask.file({ ...question, what: 'save' });
  } catch (error) {
    if (isQuiet(error)) return undefined;
    throw error;
  }
}

/** Tells that a file is there, and offers to look at it. */
export function tellSaved(path: string): void {
  const show = vscode.l10n.t('Show File');
  void vscode.window.showInformationMessage(vscode.l10n.t('{0} is written.', path), show).then((pressed) => {
    if (pressed === show) void vscode.commands.executeCommand('revealFileInOS', vscode.Uri.file(path));
  });
}
