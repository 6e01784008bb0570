import * as vscode from 'vscode';
import { Disposables } from '../dispose';
import { engine } from '../engine';
import { editorTypes } from '../ids';
import type { Services } from '../services';
import { ContentsDocument } from './contentsDocument';
import { ContentsPageHost } from './contentsPageHost';

/** Opens dumps as what is in them: the contents page. */
export class ContentsEditor
  extends Disposables
  implements vscode.CustomReadonlyEditorProvider<ContentsDocument>
{
  readonly #services: Services;
  readonly #pages = new Set<ContentsPageHost>();

  constructor(services: Services) {
    super();
    this.#services = services;
    for (const type of Object.values(editorTypes))
      this.own(
        vscode.window.registerCustomEditorProvider(type, this, {
          supportsMultipleEditorsPerDocument: true,
          // The page holds tens of thousands of rows of a list; it would be read anew at every change of tabs.
          webviewOptions: { retainContextWhenHidden: true },
        }),
      );
  }

  openCustomDocument(uri: vscode.Uri): ContentsDocument {
    return new ContentsDocument(uri, this.#services);
  }

  async resolveCustomEditor(document: ContentsDocument, panel: vscode.WebviewPanel): Promise<void> {
    // Sizes and times are worded by the engine.
    await engine();
    const page = new ContentsPageHost(document, panel, this.#services);
    this.#pages.add(page);
    panel.onDidDispose(() => {
      this.#pages.delete(page);
      page.dispose();
    });
  }

  /** The open pages of a dump, the one in sight first. */
  pagesOf(path: string): ContentsPageHost[] {
    return [...this.#pages]
      .filter(({ document }) => document.path === path)
      .sort((a, b) => Number(b.panel.active) - Number(a.panel.active));
  }

  /** The page a person looks at. */
  get active(): ContentsPageHost | undefined {
    return [...this.#pages].find(({ panel }) => panel.active);
  }
}
