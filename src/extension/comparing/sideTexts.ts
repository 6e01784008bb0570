import * as vscode from 'vscode';
import { Disposables } from '../dispose';

const scheme = 'restore-point-side';

/** One side of a difference as a document of nobody's file, for the diff editor. */
export class SideTexts extends Disposables implements vscode.TextDocumentContentProvider {
  readonly #texts = new Map<string, string>();
  #count = 0;

  constructor() {
    super();
    this.own(vscode.workspace.registerTextDocumentContentProvider(scheme, this));
    this.own(vscode.workspace.onDidCloseTextDocument(({ uri }) => void this.#texts.delete(uri.toString())));
  }

  /** @param name ends in the extension that tells the language */
  add(name: string, text: string): vscode.Uri {
    const path = `/${name.replace(/[\\/?#\s]+/g, '_')}`;
    const uri = vscode.Uri.from({ scheme, path, query: String(this.#count++) });
    this.#texts.set(uri.toString(), text);
    return uri;
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.#texts.get(uri.toString()) ?? '';
  }
}
