import * as vscode from 'vscode';
import type { Connection, Role } from '../engine/connections/types';
import type { Damage } from '../engine/connections';
import type { Engine } from './engine';
import { engine } from './engine';
import { Disposables } from './dispose';
import { contextKeys } from './ids';

/**
 * The connections a window knows: the kept ones of the engine's store, and those used without being
 * kept, which end with the window.
 */
export class Connections extends Disposables {
  readonly #changed = this.own(new vscode.EventEmitter<void>());
  readonly onDidChange = this.#changed.event;
  readonly #session = new Map<string, Connection>();
  #store: Promise<InstanceType<Engine['ConnectionStore']>> | undefined;

  #open(): Promise<InstanceType<Engine['ConnectionStore']>> {
    this.#store ??= engine().then(({ ConnectionStore }) => {
      const store = new ConnectionStore();
      this.own(store.watch(() => this.#changed.fire()));
      return store;
    });
    return this.#store;
  }

  /** Kept ones in the store's order, then those of this window only. */
  async list(): Promise<Connection[]> {
    const store = await this.#open();
    const kept = store.list();
    if (store.damage) this.#tellDamage(store.damage);
    store.damage = undefined;
    const all = [...kept, ...this.#session.values()];
    void vscode.commands.executeCommand('setContext', contextKeys.hasConnections, kept.length > 0);
    return all;
  }

  #tellDamage({ keptAs, why }: Damage): void {
    const show = vscode.l10n.t('Show File');
    const text = vscode.l10n.t(
      'The file of the connections was damaged ({0}). It is kept as {1}.',
      why,
      keptAs,
    );
    void vscode.window.showWarningMessage(text, show).then(async (pressed) => {
      if (pressed === show) await vscode.window.showTextDocument(vscode.Uri.file(keptAs));
    });
  }

  async get(idOrName: string): Promise<Connection | undefined> {
    const all = await this.list();
    return all.find(({ id }) => id === idOrName) ?? all.find(({ name }) => name === idOrName);
  }

  isKept({ id }: Connection): boolean {
    return !this.#session.has(id);
  }

  /** Adds or changes; one of this window only stays so until it is kept. */
  async save(connection: Connection): Promise<void> {
    if (this.#session.has(connection.id)) this.#session.set(connection.id, connection);
    else await (await this.#open()).save(connection);
    this.#changed.fire();
  }

  /** For this window only; nothing is stored. */
  use(connection: Connection): void {
    this.#session.set(connection.id, connection);
    this.#changed.fire();
  }

  async keep(connection: Connection): Promise<void> {
    this.#session.delete(connection.id);
    await this.save(connection);
  }

  async remove({ id }: Connection): Promise<void> {
    if (!this.#session.delete(id)) await (await this.#open()).remove(id);
    this.#changed.fire();
  }
}

/** In words, production in capitals: the word alone must be seen, without its colour. */
export function roleName(role: Role): string {
  switch (role) {
    case 'local':
      return vscode.l10n.t('local');
    case 'development':
      return vscode.l10n.t('development');
    case 'staging':
      return vscode.l10n.t('staging');
    case 'production':
      return vscode.l10n.t('PRODUCTION');
  }
}
