import type * as vscode from 'vscode';
import type { GridLayout } from '../../shared/contentsPage';

/** The longest untouched are forgotten first. */
const mostLayouts = 300;

/** How grids were left, by the table: the same in yesterday's dump and today's. */
export class GridLayouts {
  readonly #memento: vscode.Memento;

  constructor(memento: vscode.Memento) {
    this.#memento = memento;
  }

  of(table: string): GridLayout | null {
    return this.#all().find(([name]) => name === table)?.[1] ?? null;
  }

  async keep(table: string, layout: GridLayout): Promise<void> {
    const others = this.#all().filter(([name]) => name !== table);
    await this.#memento.update('gridLayouts', [[table, layout], ...others].slice(0, mostLayouts));
  }

  #all(): [string, GridLayout][] {
    return this.#memento.get<[string, GridLayout][]>('gridLayouts', []);
  }
}
