import type * as vscode from 'vscode';
import type { ContentsHost, ContentsPage } from '../../shared/contentsPage';
import type { Handlers } from '../../shared/rpc';
import { Disposables } from '../dispose';
import { openPage, pageOptions } from '../panels/page';
import type { Services } from '../services';
import { plainFacts } from '../showError';
import type { ContentsDocument } from './contentsDocument';
import { contentsHandlers } from './contentsHandlers';
import { headOf } from './head';
import { problemOf } from './problem';
import { taskText } from './working';

/** Entries whose sizes travel at once. */
const sizesAtOnce = 4_000;

/** What is told in minutes is told anew every minute. */
const agingMs = 60_000;

/** One contents page: answers what it asks, tells it what changed. */
export class ContentsPageHost extends Disposables {
  readonly document: ContentsDocument;
  readonly panel: vscode.WebviewPanel;
  /** What the page calls; tests call it as the page does. */
  readonly handlers: Handlers<ContentsHost>;
  readonly #extensionUri: vscode.Uri;
  #page: ReturnType<typeof openPage<ContentsHost, ContentsPage>> | undefined;

  constructor(document: ContentsDocument, panel: vscode.WebviewPanel, services: Services) {
    super();
    this.document = document;
    this.panel = panel;
    this.handlers = contentsHandlers(document, services);
    this.#extensionUri = services.extensionUri;
    panel.webview.options = pageOptions(services.extensionUri);
    const { dump } = document;
    const tellHead = (): void => this.#tell('head', headOf(document));
    this.own(document.onDidChange(tellHead));
    // The head says how long ago it was verified.
    const aging = setInterval(() => {
      if (panel.visible && document.artifact?.evidence) tellHead();
    }, agingMs);
    this.own({ dispose: () => clearInterval(aging) });
    this.own(
      dump.onDidProgress(({ task, fraction }) =>
        this.#tell('progress', { task, fraction, text: taskText(task) }),
      ),
    );
    this.own(
      dump.onDidSizes((sizes) => {
        for (let at = 0; at < sizes.length; at += sizesAtOnce)
          this.#tell('sizes', sizes.slice(at, at + sizesAtOnce));
      }),
    );
    this.own(dump.onDidFail((error) => this.#tell('failed', problemOf(error, document))));
    this.own(dump.onDidRestart(() => this.#load()));
    this.own({ dispose: () => this.#page?.dispose() });
    this.#load();
  }

  /** Shows an entry. */
  reveal(target: Parameters<ContentsPage['reveal']>[0]): void {
    this.#tell('reveal', target);
  }

  /** Loads the page, or loads it anew: it then asks for everything. */
  #load(): void {
    this.#page?.dispose();
    this.#page = openPage<ContentsHost, ContentsPage>(
      this.panel.webview,
      this.#extensionUri,
      'contents',
      this.handlers,
      plainFacts,
    );
  }

  #tell<K extends keyof ContentsPage>(name: K, argument: Parameters<ContentsPage[K]>[0]): void {
    // A page that is being closed, or not there yet, misses nothing.
    this.#page?.rpc.call(name, argument as never).catch(() => undefined);
  }
}
