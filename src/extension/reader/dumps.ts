import { join } from 'node:path';
import * as vscode from 'vscode';
import { Disposables } from '../dispose';
import { OpenDump } from './openDump';

/** A dump in use: its thread ends with the last one who lets go. */
export interface Lease extends vscode.Disposable {
  readonly dump: OpenDump;
}

/** All dumps that are open, one thread each, shared by pages and documents. */
export class Dumps extends Disposables {
  readonly #script: string;
  readonly #open = new Map<string, { dump: OpenDump; users: number }>();

  readonly #restarted = this.own(new vscode.EventEmitter<string>());
  /** Path of a dump that is read from its beginning: nothing known of it holds any more. */
  readonly onDidRestart = this.#restarted.event;

  constructor({ extensionUri }: { extensionUri: vscode.Uri }) {
    super();
    this.#script = join(extensionUri.fsPath, 'dist', 'engine', 'reader.mjs');
    this.own({ dispose: () => [...this.#open.values()].forEach(({ dump }) => dump.dispose()) });
  }

  /** @param path file, or folder of a directory dump */
  use(path: string): Lease {
    const entry = this.#open.get(path) ?? { dump: this.#make(path), users: 0 };
    this.#open.set(path, entry);
    entry.users++;
    let held = true;
    return {
      dump: entry.dump,
      dispose: () => {
        if (!held) return;
        held = false;
        if (--entry.users > 0) return;
        this.#open.delete(path);
        entry.dump.dispose();
      },
    };
  }

  #make(path: string): OpenDump {
    const dump = new OpenDump(path, this.#script);
    dump.onDidRestart(() => this.#restarted.fire(path));
    return dump;
  }

  /** Dumps with a thread, for tests and the log. */
  get paths(): string[] {
    return [...this.#open.keys()];
  }
}
