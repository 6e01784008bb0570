import { columnCount } from '../rows/columns';
import { CopySink } from '../rows/copy-sink';
import { InsertSink } from '../rows/insert-sink';
import { MemoryBudget } from '../memory';
import { entryLabel, type Toc } from '../toc/entries';
import type { Counted, Entry, Fault, Limits } from '../types';

/** Collects what a full decode of an archive finds. */
export class Tally {
  readonly counted: Counted = { tables: [], largeObjects: 0, faults: [] };
  /** For faults, and for what else grows with the dump. */
  readonly memory: MemoryBudget;
  readonly #pending: Map<number, Entry>;

  constructor({ entries, faults }: Toc, { memory }: Limits) {
    this.memory = new MemoryBudget(memory);
    this.#pending = new Map(entries.filter(({ hasData }) => hasData).map((entry) => [entry.id, entry]));
    for (const fault of faults) this.add(fault);
  }

  /** The entry whose data comes now, undefined for one that has none or had it already. */
  take(id: number): Entry | undefined {
    const entry = this.#pending.get(id);
    this.#pending.delete(id);
    return entry;
  }

  fault(what: string, entry: Entry | null, offset: number | null): void {
    this.add({ what, entry: entry && entryLabel(entry), offset });
  }

  add(fault: Fault): void {
    this.memory.takeFaults(1);
    this.counted.faults.push(fault);
  }

  sinkFor({ copyStatement }: Entry): CopySink | InsertSink {
    return copyStatement ? new CopySink(columnCount(copyStatement)) : new InsertSink();
  }

  rows({ schema, name }: Entry, rows: number): void {
    this.counted.tables.push({ schema: schema ?? '', name, rows });
  }

  /** Entries whose data was never met; in the order of the table of contents. */
  missing(): Entry[] {
    return [...this.#pending.values()];
  }
}
