import type * as vscode from 'vscode';
import type { WalFolders } from './walFolders';

/** Which folder the WAL of a server is archived in, by the connection: the server itself only knows a command. */
export class Archives {
  readonly #memento: vscode.Memento;
  readonly #walFolders: WalFolders;

  /** Path of the command line, which looks into them. */
  readonly cli: string;

  constructor(memento: vscode.Memento, walFolders: WalFolders, cli: string) {
    this.#memento = memento;
    this.#walFolders = walFolders;
    this.cli = cli;
  }

  folderOf(connectionId: string): string | null {
    return this.#all()[connectionId] ?? null;
  }

  async keep(connectionId: string, folder: string): Promise<void> {
    await this.#memento.update('walArchives', { ...this.#all(), [connectionId]: folder });
  }

  /** What was said of the connection is known of its cluster from then on, and the other way round. Whether the connection's changed. */
  async agree(connectionId: string, systemIdentifier: string): Promise<boolean> {
    const own = this.folderOf(connectionId);
    const known = this.#walFolders.of(systemIdentifier);
    if (own === null && known === undefined) return false;
    if (own === null) await this.keep(connectionId, known!);
    else if (own !== known) await this.#walFolders.remember(systemIdentifier, own);
    return own === null;
  }

  #all(): Record<string, string> {
    return this.#memento.get<Record<string, string>>('walArchives', {});
  }
}
