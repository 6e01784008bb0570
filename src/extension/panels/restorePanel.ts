import * as vscode from 'vscode';
import type { RestoreDraft, RestoreHost, RestorePage, RestoreSubject } from '../../shared/restorePage';
import type { Handlers } from '../../shared/rpc';
import { engine } from '../engine';
import { openPage, pageOptions } from './page';
import { restoreTexts } from './restoreTexts';

/** What the page needs of the shell. */
export interface RestorePanel extends Omit<Handlers<RestoreHost>, 'ready' | 'copy' | 'run' | 'plan'> {
  subject(): RestoreSubject;
  connections(): Promise<{ id: string; name: string; role: string }[]>;
  plan: Handlers<RestoreHost>['plan'];
  /** Starts the job; the panel closes when it was started. */
  start(draft: RestoreDraft): Promise<boolean>;
  /** Tells when other entries were ticked. */
  onTicked(listener: (ticked: RestoreSubject['ticked']) => void): vscode.Disposable;
}

/** Opens the page that holds everything about one restore. */
export async function openRestore(
  extensionUri: vscode.Uri,
  first: RestoreDraft,
  shell: RestorePanel,
): Promise<void> {
  const { toFacts } = await engine();
  const title = shell.subject().title;
  const panel = vscode.window.createWebviewPanel(
    'restorePoint.restore',
    title,
    vscode.ViewColumn.Active,
    pageOptions(extensionUri),
  );
  // The page is taken down while it is hidden: what was said last is kept here.
  let draft = first;
  const handlers: Handlers<RestoreHost> = {
    ready: async () => ({
      subject: shell.subject(),
      draft,
      connections: await shell.connections(),
      texts: restoreTexts(),
    }),
    databases: (connection, signal) => shell.databases(connection, signal),
    plan: (asked, signal) => {
      draft = asked;
      return shell.plan(asked, signal);
    },
    settle: (what, signal) => shell.settle(what, signal),
    run: async (asked) => {
      const started = await shell.start(asked);
      if (started) panel.dispose();
      return started;
    },
    rehearse: (asked, signal) => shell.rehearse(asked, signal),
    compare: (asked, signal) => shell.compare(asked, signal),
    choose: (nothing, signal) => shell.choose(nothing, signal),
    copy: async (text) => {
      await vscode.env.clipboard.writeText(text);
    },
  };
  const page = openPage<RestoreHost, RestorePage>(panel.webview, extensionUri, 'restore', handlers, toFacts);
  const ticks = shell.onTicked((ticked) => void page.rpc.call('ticked', ticked).catch(() => undefined));
  panel.onDidDispose(() => {
    ticks.dispose();
    page.dispose();
  });
}
