import * as vscode from 'vscode';
import type { RecoverHost, RecoverPage } from '../../shared/recoverPage';
import type { Handlers, Rpc } from '../../shared/rpc';
import { engine } from '../engine';
import type { Services } from '../services';
import { openPage, pageOptions } from './page';

/** Opens the page that holds everything about one recovery; it closes when the job was started. Returns what it calls. */
export async function openRecover(
  { backups, extensionUri }: Services,
  make: (onScanned: (share: number) => void) => Handlers<RecoverHost> | Promise<Handlers<RecoverHost>>,
): Promise<Handlers<RecoverHost>> {
  const { toFacts } = await engine();
  // The page is opened last, and called only from then on.
  const calls: { rpc?: Rpc<RecoverHost, RecoverPage> } = {};
  const own = await make((share) => void calls.rpc?.call('scanned', share).catch(() => undefined));
  const panel = vscode.window.createWebviewPanel(
    'restorePoint.recover',
    vscode.l10n.t('Recover to a Moment'),
    vscode.ViewColumn.Active,
    pageOptions(extensionUri),
  );
  // The page is taken down while it is hidden: what was said last is kept here.
  let said: { draft?: Parameters<typeof own.reach>[0] } = {};
  const handlers: Handlers<RecoverHost> = {
    ...own,
    ready: async (nothing, signal) => ({ ...(await own.ready(nothing, signal)), ...said }),
    reach: (draft, signal) => {
      said = { draft };
      return own.reach(draft, signal);
    },
    run: async (draft, signal) => {
      const started = await own.run(draft, signal);
      if (started) panel.dispose();
      return started;
    },
  };
  const page = openPage<RecoverHost, RecoverPage>(panel.webview, extensionUri, 'recover', handlers, toFacts);
  calls.rpc = page.rpc;
  const changes = backups.onDidChange(() => void page.rpc.call('stale', null).catch(() => undefined));
  panel.onDidDispose(() => {
    changes.dispose();
    page.dispose();
  });
  return handlers;
}
