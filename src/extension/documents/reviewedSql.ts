import * as vscode from 'vscode';
import { Disposables } from '../dispose';

/** SQL that is read before it is run: documents of nobody's file, each with a line above that runs it. */
export class ReviewedSql extends Disposables implements vscode.CodeLensProvider {
  /** Names of what they are about, by the documents' addresses. */
  readonly #names = new Map<string, string>();

  constructor() {
    super();
    this.own(vscode.languages.registerCodeLensProvider({ scheme: 'untitled', language: 'sql' }, this));
    this.own(vscode.workspace.onDidCloseTextDocument(({ uri }) => void this.#names.delete(uri.toString())));
  }

  /** @param name of the table, say: the job is called by it */
  async open(name: string, content: string): Promise<vscode.TextDocument> {
    const document = await vscode.workspace.openTextDocument({ language: 'sql', content });
    this.#names.set(document.uri.toString(), name);
    await vscode.window.showTextDocument(document, { preview: false });
    return document;
  }

  nameOf(document: vscode.TextDocument): string | undefined {
    return this.#names.get(document.uri.toString());
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    if (!this.#names.has(document.uri.toString())) return [];
    const first = new vscode.Range(0, 0, 0, 0);
    const title = `$(play) ${vscode.l10n.t('Run on a Database…')}`;
    return [new vscode.CodeLens(first, { title, command: 'restorePoint.runSql' })];
  }
}
