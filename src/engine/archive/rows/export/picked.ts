import type { ExportOptions } from '../../types';

/** Which rows are to be written. */
export class PickedRows {
  /** The first of them, and the first behind the last. */
  readonly first: number;
  readonly end: number;
  readonly #numbers: Set<number> | null;

  constructor(rows: ExportOptions['rows']) {
    this.#numbers = Array.isArray(rows) ? new Set(rows) : null;
    if (Array.isArray(rows)) {
      this.first = rows.reduce((least, row) => Math.min(least, row), Infinity);
      this.end = rows.reduce((most, row) => Math.max(most, row + 1), 0);
    } else {
      this.first = rows?.from ?? 0;
      this.end = this.first + (rows?.count ?? Infinity);
    }
  }

  get all(): boolean {
    return this.first === 0 && this.end === Infinity;
  }

  has(row: number): boolean {
    return row >= this.first && row < this.end && (this.#numbers?.has(row) ?? true);
  }
}
