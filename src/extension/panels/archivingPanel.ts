import * as vscode from 'vscode';
import type { Connection } from '../../engine/connections/types';
import type { ArchivingHost, ArchivingPage } from '../../shared/archivingPage';
import type { Handlers } from '../../shared/rpc';
import { engine } from '../engine';
import type { Services } from '../services';
import { ArchivingDesk } from './archivingDesk';
import { openPage, pageOptions } from './page';

/** While the page is seen the server is asked again so often. */
const everyMs = 10_000;

const open = new Map<string, { panel: vscode.WebviewPanel; handlers: Handlers<ArchivingHost> }>();

/** Opens the page on how a server archives its WAL, once for each server; gives what the page calls. */
export async function openArchiving(
  services: Services,
  connection: Connection,
): Promise<Handlers<ArchivingHost>> {
  const present = open.get(connection.id);
  if (present) {
    present.panel.reveal();
    return present.handlers;
  }
  const { toFacts } = await engine();
  const desk = new ArchivingDesk(services, connection, (text) => void send('testing', text));
  const panel = vscode.window.createWebviewPanel(
    'restorePoint.archiving',
    vscode.l10n.t('WAL of {0}', connection.name),
    vscode.ViewColumn.Active,
    pageOptions(services.extensionUri),
  );
  const handlers = desk.handlers();
  const page = openPage<ArchivingHost, ArchivingPage>(
    panel.webview,
    services.extensionUri,
    'archiving',
    handlers,
    toFacts,
  );
  const send: typeof page.rpc.call = (name, argument) =>
    page.rpc.call(name, argument).catch(() => undefined) as never;
  open.set(connection.id, { panel, handlers });
  let reading = false;
  const again = async (): Promise<void> => {
    if (!panel.visible || reading) return;
    reading = true;
    try {
      await send('changed', await desk.read({ interactive: false }));
    } catch {
      // What is shown stays; pressing Refresh tells why.
    } finally {
      reading = false;
    }
  };
  const timer = setInterval(() => void again(), everyMs);
  panel.onDidDispose(() => {
    clearInterval(timer);
    open.delete(connection.id);
    page.dispose();
  });
  return handlers;
}
