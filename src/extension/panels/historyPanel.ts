import * as vscode from 'vscode';
import type { HistoryHost, HistoryPage } from '../../shared/historyPage';
import type { Handlers } from '../../shared/rpc';
import { engine } from '../engine';
import type { Services } from '../services';
import { HistoryBackups } from './historyBackups';
import { historyHandlers } from './historyHandlers';
import { openPage, pageOptions } from './page';

/** Opens the page with the backups of one database over time; gives what the page calls. */
export async function openHistory(services: Services, database: string): Promise<Handlers<HistoryHost>> {
  const { extensionUri } = services;
  const { toFacts } = await engine();
  const backups = new HistoryBackups(services.backups, database);
  await backups.read();
  const panel = vscode.window.createWebviewPanel(
    'restorePoint.history',
    vscode.l10n.t('History of {0}', database),
    vscode.ViewColumn.Active,
    pageOptions(extensionUri),
  );
  const handlers = historyHandlers(
    services,
    backups,
    (progress) => void page.rpc.call('reading', progress).catch(() => undefined),
  );
  const page = openPage<HistoryHost, HistoryPage>(panel.webview, extensionUri, 'history', handlers, toFacts);
  backups.onDidChange((view) => void page.rpc.call('changed', view).catch(() => undefined));
  panel.onDidDispose(() => {
    backups.dispose();
    page.dispose();
  });
  return handlers;
}
