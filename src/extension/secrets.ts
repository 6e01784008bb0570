import type * as vscode from 'vscode';
import type { Log } from './log';

const prefix = 'password:';

/**
 * Passwords by connection id: kept ones in the editor's secret storage, others for this window's life
 * in memory. Every password that passes here is masked in the log from then on.
 */
export class Secrets {
  readonly #storage: vscode.SecretStorage;
  readonly #log: Log;
  readonly #session = new Map<string, string>();

  constructor({ storage, log }: { storage: vscode.SecretStorage; log: Log }) {
    this.#storage = storage;
    this.#log = log;
  }

  async get(connectionId: string): Promise<string | undefined> {
    const password = this.#session.get(connectionId) ?? (await this.#storage.get(prefix + connectionId));
    if (password) this.#log.hide(password);
    return password;
  }

  async isKept(connectionId: string): Promise<boolean> {
    return (await this.#storage.get(prefix + connectionId)) !== undefined;
  }

  /** For this window only. */
  remember(connectionId: string, password: string): void {
    this.#log.hide(password);
    this.#session.set(connectionId, password);
  }

  async keep(connectionId: string, password: string): Promise<void> {
    this.#log.hide(password);
    await this.#storage.store(prefix + connectionId, password);
    this.#session.delete(connectionId);
  }

  async forget(connectionId: string): Promise<void> {
    this.#session.delete(connectionId);
    await this.#storage.delete(prefix + connectionId);
  }
}
