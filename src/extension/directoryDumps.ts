import { dirname } from 'node:path';
import * as vscode from 'vscode';
import { Disposables } from './dispose';
import { contextKeys } from './ids';

/** More are not looked for: a menu entry is not worth a long search. */
const mostFolders = 200;

/** Files that a backup in a folder is known by, and the key of the Explorer's menu for such folders. */
const marks = [
  { pattern: '**/toc.dat', key: contextKeys.directoryDumps },
  {
    pattern: '**/{backup_manifest,base.tar,base.tar.gz,base.tar.zst,base.tar.lz4}',
    key: contextKeys.baseBackups,
  },
] as const;

/** Tells the Explorer's menu which folders of the workspace are directory dumps or base backups. */
export class DirectoryDumps extends Disposables {
  constructor() {
    super();
    for (const mark of marks) {
      const watcher = this.own(vscode.workspace.createFileSystemWatcher(mark.pattern, false, true, false));
      this.own(watcher.onDidCreate(() => this.#look(mark)));
      this.own(watcher.onDidDelete(() => this.#look(mark)));
      this.#look(mark);
    }
  }

  #look({ pattern, key }: (typeof marks)[number]): void {
    void vscode.workspace.findFiles(pattern, undefined, mostFolders).then((files) => {
      const folders = Object.fromEntries(files.map(({ fsPath }) => [dirname(fsPath), true]));
      void vscode.commands.executeCommand('setContext', key, folders);
    });
  }
}
