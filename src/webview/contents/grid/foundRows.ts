import type { GridColumn, GridRow, GridSource } from '../../components/virtualGrid';
import type { Finder } from './finder';
import { gridRow } from './tableRows';

/** Only the rows that were found, under their numbers in the table. */
export class FoundRows implements GridSource {
  readonly columns: readonly GridColumn[];
  readonly #finder: Finder;
  readonly #locale: string;
  readonly #listeners = new Set<() => void>();

  constructor(columns: readonly GridColumn[], finder: Finder, locale: string) {
    this.columns = columns;
    this.#finder = finder;
    this.#locale = locale;
  }

  get extent(): { rows: number; exact: boolean } {
    return { rows: this.#finder.found.length, exact: !this.#finder.searching };
  }

  label(index: number): string {
    const at = this.#finder.found[index]?.row.at;
    return at === undefined ? '' : (at + 1).toLocaleString(this.#locale);
  }

  row(index: number): GridRow | undefined {
    const found = this.#finder.found[index];
    return found && gridRow(found.row, this.#finder.marks(found.row.at));
  }

  want(): void {
    // What was found is at hand.
  }

  subscribe(changed: () => void): () => void {
    this.#listeners.add(changed);
    return () => this.#listeners.delete(changed);
  }

  /** More was found, or something else. */
  tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
