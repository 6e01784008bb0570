import * as vscode from 'vscode';
import type { CompareHost, ComparePage } from '../../shared/comparePage';
import type { Handlers } from '../../shared/rpc';
import { Disposables } from '../dispose';
import { engine } from '../engine';
import { comparisonEditorType } from '../ids';
import { openPage, pageOptions } from '../panels/page';
import type { Services } from '../services';
import { plainFacts } from '../showError';
import { ComparisonDocument } from './comparisonDocument';
import { comparisonHandlers } from './comparisonHandlers';
import { RunningComparison } from './runningComparison';

/** Opens a comparison's file as the comparison page. */
export class ComparisonEditor
  extends Disposables
  implements vscode.CustomReadonlyEditorProvider<ComparisonDocument>
{
  readonly #services: Services;
  /** What open pages call, by the files; tests call it as the pages do. */
  readonly handlers = new Map<string, Handlers<CompareHost>>();

  constructor(services: Services) {
    super();
    this.#services = services;
    this.own(
      vscode.window.registerCustomEditorProvider(comparisonEditorType, this, {
        supportsMultipleEditorsPerDocument: false,
        webviewOptions: { retainContextWhenHidden: true },
      }),
    );
  }

  openCustomDocument(uri: vscode.Uri): ComparisonDocument {
    return new ComparisonDocument(uri);
  }

  async resolveCustomEditor(document: ComparisonDocument, panel: vscode.WebviewPanel): Promise<void> {
    // Sizes and times are worded by the engine.
    await engine();
    const { extensionUri } = this.#services;
    panel.webview.options = pageOptions(extensionUri);
    const job = new RunningComparison(document.uri.fsPath, this.#services.jobs, {
      progress: (view) => void page.rpc.call('progress', view).catch(() => undefined),
      ended: () => void page.rpc.call('ended', null).catch(() => undefined),
    });
    const handlers = comparisonHandlers(document, this.#services, job);
    this.handlers.set(document.uri.fsPath, handlers);
    const page = openPage<CompareHost, ComparePage>(
      panel.webview,
      extensionUri,
      'compare',
      handlers,
      plainFacts,
    );
    panel.onDidDispose(() => {
      this.handlers.delete(document.uri.fsPath);
      job.dispose();
      page.dispose();
    });
  }
}
