import * as vscode from 'vscode';
import { viewIds } from './ids';
import { Log } from './log';
import { Tree } from './trees/tree';

/** The parts list: constructs, passes on, registers. */
export function activate(context: vscode.ExtensionContext): void {
  const log = new Log();
  const none = (): Promise<[]> => Promise.resolve([]);
  context.subscriptions.push(
    log,
    new Tree(viewIds.connections, none, { several: true }),
    new Tree(viewIds.backups, none, { several: true }),
    new Tree(viewIds.jobs, none, { several: true }),
    vscode.commands.registerCommand('restorePoint.showLog', () => log.show()),
  );
}
