import * as vscode from 'vscode';
import { Disposables } from '../dispose';
import { setting } from '../settings';
import { RpcError } from '../../shared/rpc';
import type { EntrySize, Opened, ReaderNews } from './contract';
import { lossFacts } from './loss';
import { Reader } from './reader';

const megabyte = 1024 * 1024;

/** One dump and its thread, which starts at the first call and anew after it was lost or the file changed. */
export class OpenDump extends Disposables {
  readonly path: string;
  readonly #script: string;
  readonly #opened = this.own(new vscode.EventEmitter<Opened>());
  /** More is known of the contents. */
  readonly onDidOpen = this.#opened.event;
  readonly #progress = this.own(new vscode.EventEmitter<Parameters<ReaderNews['progress']>[0]>());
  readonly onDidProgress = this.#progress.event;
  readonly #sizes = this.own(new vscode.EventEmitter<EntrySize[]>());
  readonly onDidSizes = this.#sizes.event;
  readonly #failed = this.own(new vscode.EventEmitter<RpcError>());
  /** It cannot be opened after all, or its thread crashed or took more memory than it may. */
  readonly onDidFail = this.#failed.event;
  readonly #restarted = this.own(new vscode.EventEmitter<void>());
  /** It is read from its beginning: nothing that was known of it holds any more. */
  readonly onDidRestart = this.#restarted.event;
  #reader: Reader | undefined;

  constructor(path: string, script: string) {
    super();
    this.path = path;
    this.#script = script;
    this.own({ dispose: () => this.#reader?.dispose() });
  }

  /** Calls the reader's thread. */
  readonly call: Reader['call'] = (name, argument, signal) => {
    this.#reader ??= this.#start();
    return this.#reader.call(name, argument, signal);
  };

  /** Reads the file anew. */
  restart(): void {
    this.#reader?.dispose();
    this.#reader = undefined;
    this.#restarted.fire();
  }

  #start(): Reader {
    const memory = setting('contents.memory');
    return new Reader(
      {
        script: this.#script,
        start: {
          path: this.path,
          // Half for what is kept, half for what is worked on.
          limits: { memory: (memory * megabyte) / 2, disk: setting('contents.disk') * megabyte },
          texts: vscode.l10n.bundle ?? null,
        },
        memory,
        news: {
          opened: (opened) => this.#opened.fire(opened),
          failed: (facts) => this.#failed.fire(new RpcError(facts)),
          progress: (progress) => this.#progress.fire(progress),
          sizes: (sizes) => this.#sizes.fire(sizes),
        },
        onLost: (error) => {
          this.#reader = undefined;
          this.#failed.fire(error);
        },
      },
      (error) => lossFacts(error, this.path),
    );
  }
}
