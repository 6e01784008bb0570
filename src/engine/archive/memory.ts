import { tooMuch } from './errors';

/** About what an entry takes without its texts and dependencies: it is listed, and found by number, several times. */
const ENTRY = 500;
const DEPENDENCY = 8;
/** About what a fault takes. */
const FAULT = 300;

/** Of an entry: its texts, decoded or not. */
interface Sized {
  name: { length: number } | null;
  definition: { length: number } | null;
  dropStatement: { length: number } | null;
  copyStatement: { length: number } | null;
  dependencies: readonly number[];
}

/** Bounds what the contents of one dump take of memory, whatever the file claims. Roughly, and rather too much. */
export class MemoryBudget {
  readonly limit: number;
  #used = 0;

  /** In bytes. */
  constructor(limit: number) {
    this.limit = limit;
  }

  /** Throws `archive.tooMuch` when there is no room. */
  take(bytes: number): void {
    this.#used += bytes;
    if (this.#used > this.limit) throw tooMuch(this.limit);
  }

  takeEntry({ name, definition, dropStatement, copyStatement, dependencies }: Sized): void {
    let bytes = ENTRY + dependencies.length * DEPENDENCY;
    for (const text of [name, definition, dropStatement, copyStatement]) bytes += text?.length ?? 0;
    this.take(bytes);
  }

  takeFaults(count: number): void {
    this.take(count * FAULT);
  }
}
