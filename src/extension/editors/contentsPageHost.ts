import * as vscode from 'vscode';
import type { ContentsHost, ContentsPage } from '../../shared/contentsPage';
import type { Handlers } from '../../shared/rpc';
import { Disposables } from '../dispose';
import { openPage, pageOptions } from '../panels/page';
import type { Services } from '../services';
import { plainFacts } from '../showError';
import { act } from './actions';
import { contentsTexts } from './contentsTexts';
import type { ContentsDocument } from './contentsDocument';
import { headOf } from './head';
import { problemOf } from './problem';

/** Entries whose sizes travel at once. */
const sizesAtOnce = 4_000;

/** One contents page: answers what it asks, tells it what changed. */
export class ContentsPageHost extends Disposables {
  readonly document: ContentsDocument;
  readonly panel: vscode.WebviewPanel;
  readonly #services: Services;
  #page: ReturnType<typeof openPage<ContentsHost, ContentsPage>> | undefined;

  constructor(document: ContentsDocument, panel: vscode.WebviewPanel, services: Services) {
    super();
    this.document = document;
    this.panel = panel;
    this.#services = services;
    panel.webview.options = pageOptions(services.extensionUri);
    const { dump } = document;
    this.own(document.onDidChange(() => this.#tell('head', headOf(document))));
    this.own(dump.onDidProgress((progress) => this.#tell('progress', { ...progress, text: '' })));
    this.own(
      dump.onDidSizes((sizes) => {
        for (let at = 0; at < sizes.length; at += sizesAtOnce)
          this.#tell('sizes', sizes.slice(at, at + sizesAtOnce));
      }),
    );
    this.own(dump.onDidLose((error) => this.#tell('failed', problemOf(error, document))));
    this.own(dump.onDidRestart(() => this.#open()));
    this.own({ dispose: () => this.#page?.dispose() });
    this.#open();
  }

  /** Shows an entry. */
  reveal(target: Parameters<ContentsPage['reveal']>[0]): void {
    this.#tell('reveal', target);
  }

  /** The handlers the page calls: tests call them as the page does. */
  readonly handlers: Handlers<ContentsHost> = {
    ready: async (_nothing, signal) => {
      const texts = contentsTexts();
      const locale = vscode.env.language;
      try {
        await this.document.open(signal);
        const keys = this.#services.ticks.of(this.document.path);
        const ticked = keys.length ? await this.document.dump.call('idsOf', [...keys], signal) : [];
        return { head: headOf(this.document), texts, locale, ticked, problem: null };
      } catch (error) {
        const problem = problemOf(error, this.document);
        return { head: headOf(this.document), texts, locale, ticked: [], problem };
      }
    },
    listing: (piece, signal) => this.document.dump.call('listing', piece, signal),
    findInDefinitions: (query, signal) => this.document.dump.call('findInDefinitions', query, signal),
    definition: (id, signal) => this.document.dump.call('definition', id, signal),
    dependencies: (id, signal) => this.document.dump.call('dependencies', id, signal),
    closure: (ids, signal) => this.document.dump.call('closure', ids, signal),
    columns: (id, signal) => this.document.dump.call('columns', id, signal),
    rows: (page, signal) => this.document.dump.call('rows', page, signal),
    count: (id, signal) => this.document.dump.call('count', id, signal),
    search: (search, signal) => this.document.dump.call('search', search, signal),
    exportRows: () => false,
    copyRows: () => ({ rows: 0, complete: false }),
    gridLayout: () => null,
    keepGridLayout: () => undefined,
    openValue: () => undefined,
    openDefinition: () => undefined,
    openRows: () => undefined,
    largeObjects: (piece, signal) => this.document.dump.call('largeObjects', piece, signal),
    saveLargeObject: () => false,
    previewLargeObject: () => ({ kind: 'binary', mime: '', bytes: new Uint8Array() }),
    tick: async (ids) => {
      const { ticks } = this.#services;
      await ticks.set(this.document.path, ids.length ? await this.document.dump.call('keysOf', ids) : []);
    },
    act: (action) => act(action, this.document, this.#services),
    copy: async (text) => {
      await vscode.env.clipboard.writeText(text);
    },
  };

  /** Loads the page, or loads it anew: it then asks for everything. */
  #open(): void {
    this.#page?.dispose();
    const { webview } = this.panel;
    this.#page = openPage<ContentsHost, ContentsPage>(
      webview,
      this.#services.extensionUri,
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
