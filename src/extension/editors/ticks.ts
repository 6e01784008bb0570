import * as vscode from 'vscode';
import { Disposables } from '../dispose';

/** More are not kept over a restart of the window: they would weigh on every start. */
const mostKept = 50_000;

/** Dumps whose ticks are kept; the longest unused are forgotten first. */
const mostDumps = 50;

interface Kept {
  path: string;
  keys: string[];
}

/** What is ticked in which dump: kept by what entries are, so that a reload of a changed file keeps them. */
export class Ticks extends Disposables {
  readonly #memento: vscode.Memento;
  readonly #changed = this.own(new vscode.EventEmitter<string>());
  /** Path of the dump whose ticks changed. */
  readonly onDidChange = this.#changed.event;

  constructor(memento: vscode.Memento) {
    super();
    this.#memento = memento;
  }

  /** Keys of the ticked entries of a dump, as the reader's `keysOf` gives them. */
  of(path: string): readonly string[] {
    return this.#all().find((kept) => kept.path === path)?.keys ?? [];
  }

  async set(path: string, keys: string[]): Promise<void> {
    const others = this.#all().filter((kept) => kept.path !== path);
    const all = keys.length ? [{ path, keys: keys.slice(0, mostKept) }, ...others] : others;
    await this.#memento.update('ticks', all.slice(0, mostDumps));
    this.#changed.fire(path);
  }

  #all(): Kept[] {
    return this.#memento.get<Kept[]>('ticks', []);
  }
}
