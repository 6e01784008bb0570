import type * as vscode from 'vscode';
import type { DifferenceQuery, OpenComparison } from '../../engine/compare';
import { engine } from '../engine';

/** A comparison's file, opened when it is first looked at. */
export class ComparisonDocument implements vscode.CustomDocument {
  readonly uri: vscode.Uri;
  #open: Promise<OpenComparison> | undefined;
  /** The rows that fit the filter that was asked for last, by table and filter. */
  #found: { key: string; numbers: Promise<Uint32Array> } | undefined;

  constructor(uri: vscode.Uri) {
    this.uri = uri;
  }

  async open(): Promise<OpenComparison> {
    const opening = (this.#open ??= engine().then(({ openComparison }) => openComparison(this.uri.fsPath)));
    opening.catch(() => (this.#open = undefined));
    return await opening;
  }

  /** Numbers of the differences that fit; null where all do. */
  async found(table: number, query: DifferenceQuery): Promise<Uint32Array | null> {
    if (!query.changes && query.column === undefined && !query.text) return null;
    const key = JSON.stringify([table, query]);
    const comparison = await this.open();
    if (this.#found?.key !== key) {
      const numbers = comparison.find(table, query);
      this.#found = { key, numbers };
      numbers.catch(() => (this.#found = undefined));
    }
    return await this.#found.numbers;
  }

  dispose(): void {
    void this.#open?.then((comparison) => comparison.close()).catch(() => undefined);
  }
}
