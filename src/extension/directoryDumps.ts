import { dirname } from 'node:path';
import * as vscode from 'vscode';
import { Disposables } from './dispose';
import { contextKeys } from './ids';

/** More are not looked for: a menu entry is not worth a long search. */
const mostFolders = 200;

/** Tells the Explorer's menu which folders of the workspace are directory dumps: they hold a `toc.dat`. */
export class DirectoryDumps extends Disposables {
  constructor() {
    super();
    const watcher = this.own(vscode.workspace.createFileSystemWatcher('**/toc.dat', false, true, false));
    this.own(watcher.onDidCreate(() => this.#look()));
    this.own(watcher.onDidDelete(() => this.#look()));
    this.#look();
  }

  #look(): void {
    void vscode.workspace.findFiles('**/toc.dat', undefined, mostFolders).then((files) => {
      const folders = Object.fromEntries(files.map(({ fsPath }) => [dirname(fsPath), true]));
      void vscode.commands.executeCommand('setContext', contextKeys.directoryDumps, folders);
    });
  }
}
