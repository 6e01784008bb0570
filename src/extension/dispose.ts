import type { Disposable } from 'vscode';

/** Owns what it makes: whatever is registered ends with it, newest first. */
export abstract class Disposables implements Disposable {
  readonly #owned: Disposable[] = [];

  protected own<T extends Disposable>(thing: T): T {
    this.#owned.push(thing);
    return thing;
  }

  dispose(): void {
    for (const thing of this.#owned.splice(0).reverse()) thing.dispose();
  }
}
