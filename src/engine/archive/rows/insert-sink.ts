import * as l10n from '@vscode/l10n';
import { ScriptScanner } from '../sql/scanner';
import type { Sink } from './sink';

/** The data of a TABLE DATA entry in INSERT mode: statements, each on its own line, and two empty lines. */
export class InsertSink implements Sink {
  rows = 0;
  #strangers = 0;
  #tail = '';
  readonly #scanner: ScriptScanner;

  constructor() {
    this.#scanner = new ScriptScanner({
      statement: (_statement, { verb, tuples }) => {
        if (verb === 'insert') this.rows += tuples;
        else this.#strangers++;
        return null;
      },
      comment: () => {},
      meta: () => void this.#strangers++,
      copied: () => {},
    });
  }

  push(part: Buffer): void {
    this.#scanner.push(part);
    this.#tail = (this.#tail + part.toString('latin1', Math.max(0, part.length - 2))).slice(-2);
  }

  end(): string[] {
    const open = this.#scanner.end();
    const faults: string[] = [];
    if (open) faults.push(l10n.t('its rows are cut short after {0} rows', this.rows));
    else if (this.#tail !== '\n\n') faults.push(l10n.t('its rows do not end as they should'));
    if (this.#strangers) faults.push(l10n.t('its data holds statements that insert no rows'));
    return faults;
  }
}
