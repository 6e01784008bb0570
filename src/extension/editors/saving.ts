import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { Ask, FileQuestion } from '../ask';
import { isQuiet, signalOf } from '../cancel';

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

/** Writes a file behind a notification that can be cancelled, and offers to look at it. */
export async function saving<T>(
  path: string,
  signal: AbortSignal,
  work: (signal: AbortSignal, report: (fraction: number) => void) => Promise<T>,
): Promise<T> {
  const result = await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: vscode.l10n.t('Writing {0}', basename(path)),
      cancellable: true,
    },
    (progress, token) => {
      let shown = 0;
      const report = (fraction: number): void => {
        const percent = Math.floor(fraction * 100);
        progress.report({ increment: percent - shown, message: vscode.l10n.t('{0} %', percent) });
        shown = percent;
      };
      return work(AbortSignal.any([signal, signalOf(token)]), report);
    },
  );
  const reveal = vscode.l10n.t('Show File');
  void vscode.window
    .showInformationMessage(vscode.l10n.t('{0} is written.', path), reveal)
    .then((pressed) => {
      if (pressed === reveal) void vscode.commands.executeCommand('revealFileInOS', vscode.Uri.file(path));
    });
  return result;
}
