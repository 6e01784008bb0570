import * as vscode from 'vscode';
import type { Preview } from '../../engine/backup';
import { Disposables } from '../dispose';
import { oneLine } from '../format';

/** Longer values are cut in a preview. */
const widest = 40;

const scheme = 'restore-point-rows';

/** First rows as aligned tables, in read-only documents that are nobody's file. */
export class RowPreviews extends Disposables implements vscode.TextDocumentContentProvider {
  readonly #texts = new Map<string, string>();
  readonly #changed = this.own(new vscode.EventEmitter<vscode.Uri>());
  readonly onDidChange = this.#changed.event;

  constructor() {
    super();
    this.own(vscode.workspace.registerTextDocumentContentProvider(scheme, this));
    this.own(vscode.workspace.onDidCloseTextDocument(({ uri }) => void this.#texts.delete(uri.toString())));
  }

  async show(title: string, preview: Preview): Promise<void> {
    const uri = vscode.Uri.from({ scheme, path: `/${oneLine(title).replace(/[\\/?#]/g, '_')}` });
    this.#texts.set(uri.toString(), `${tableText(preview)}\n`);
    this.#changed.fire(uri);
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document, { preview: true, preserveFocus: true });
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.#texts.get(uri.toString()) ?? '';
  }
}

/** Rows under their columns' names; NULL is told from an empty text. */
export function tableText({ columns, rows }: Preview): string {
  const width = Math.max(columns?.length ?? 0, ...rows.map((row) => row.length));
  const names = columns ?? Array.from({ length: width }, (_, index) => `#${index + 1}`);
  const cells = rows.map((row) => row.map((value) => (value === null ? 'NULL' : cut(oneLine(value)))));
  const head = names.map((name) => cut(oneLine(name)));
  const widths = Array.from({ length: width }, (_, column) =>
    Math.max(...[head, ...cells].map((row) => [...(row[column] ?? '')].length)),
  );
  const line = (row: string[]): string =>
    widths
      .map((count, column) => {
        const text = row[column] ?? '';
        return text + ' '.repeat(count - [...text].length);
      })
      .join(' │ ')
      .trimEnd();
  return [line(head), widths.map((count) => '─'.repeat(count)).join('─┼─'), ...cells.map(line)].join('\n');
}

function cut(text: string): string {
  const characters = [...text];
  return characters.length > widest ? `${characters.slice(0, widest - 1).join('')}…` : text;
}
