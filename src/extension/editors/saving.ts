import * as vscode from 'vscode';
import type { Ask, FileQuestion } from '../ask';
import { isQuiet } from '../cancel';
import { revealer } from '../revealer';

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
  const place = revealer(vscode.Uri.file(path));
  const text = vscode.l10n.t('{0} is written.', path);
  void vscode.window.showInformationMessage(text, ...(place ? [place.label] : [])).then((pressed) => {
    if (place && pressed === place.label) void place.reveal();
  });
}
