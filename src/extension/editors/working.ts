import * as vscode from 'vscode';
import { signalOf } from '../cancel';
import type { OpenDump } from '../reader/openDump';

/** Long work of a dump's reader behind a notification that shows how far it is and can be cancelled. */
export async function working<T>(
  { title, task, dump, signal }: { title: string; task: string; dump: OpenDump; signal: AbortSignal },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  return await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title, cancellable: true },
    async (progress, token) => {
      let shown = 0;
      const listener = dump.onDidProgress(({ task: of, fraction }) => {
        if (of !== task || fraction === null) return;
        const percent = Math.floor(fraction * 100);
        progress.report({ increment: percent - shown, message: vscode.l10n.t('{0} %', percent) });
        shown = percent;
      });
      try {
        return await work(AbortSignal.any([signal, signalOf(token)]));
      } finally {
        listener.dispose();
      }
    },
  );
}

/** What the reader is busy with, as a person reads it. */
export function taskText(task: string): string {
  switch (task.split(' ')[0]) {
    case 'open':
      return vscode.l10n.t('Reading the contents…');
    case 'locate':
      return vscode.l10n.t('Finding where the data begins…');
    case 'count':
    case 'countAll':
      return vscode.l10n.t('Counting rows…');
    case 'search':
      return vscode.l10n.t('Searching rows…');
    case 'exportRows':
      return vscode.l10n.t('Writing rows…');
    case 'copyRows':
      return vscode.l10n.t('Copying rows…');
    case 'verify':
      return vscode.l10n.t('Verifying…');
    case 'salvage':
      return vscode.l10n.t('Salvaging…');
    case 'largeObjects':
      return vscode.l10n.t('Listing large objects…');
    default:
      return vscode.l10n.t('Reading rows…');
  }
}
