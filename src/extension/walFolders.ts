import type * as vscode from 'vscode';

const key = 'walFolders';

/** Where the WAL of each cluster is archived, as it was said last: asked once, offered from then on. */
export class WalFolders {
  readonly #memento: vscode.Memento;

  constructor(memento: vscode.Memento) {
    this.#memento = memento;
  }

  /** The absolute path; undefined while nobody has said it. */
  of(systemIdentifier: string): string | undefined {
    return this.all()[systemIdentifier];
  }

  /** Paths by system identifiers. */
  all(): Record<string, string> {
    return this.#memento.get<Record<string, string>>(key, {});
  }

  async remember(systemIdentifier: string, path: string): Promise<void> {
    await this.#memento.update(key, { ...this.all(), [systemIdentifier]: path });
  }
}
