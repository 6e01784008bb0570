import * as l10n from '@vscode/l10n';
import { CopyCounter } from './copy-counter';
import type { Sink } from './sink';

/** The data of a TABLE DATA entry in COPY mode: rows, the end line and two empty lines. */
export class CopySink implements Sink {
  readonly #counter: CopyCounter;
  #tail = '';

  constructor(columns: number | null) {
    this.#counter = new CopyCounter(columns);
  }

  get rows(): number {
    return this.#counter.rows;
  }

  push(part: Buffer): void {
    const end = this.#counter.ended ? 0 : this.#counter.consume(part);
    if (end >= 0 && this.#tail.length < 8) this.#tail += part.toString('latin1', end, end + 8);
  }

  end(): string[] {
    const { ended, misfit, rows } = this.#counter;
    const faults: string[] = [];
    if (!ended) faults.push(l10n.t('its rows are cut short after {0} rows: the end line is missing', rows));
    else if (this.#tail !== '\n\n') faults.push(l10n.t('its rows do not end as they should'));
    if (misfit) faults.push(l10n.t('row {0} has not as many columns as the table', misfit));
    return faults;
  }
}
