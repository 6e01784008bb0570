import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import type { Comparison, RowDifference } from '../types';
import { FIRST, lastLine, STRIDE, type ListLine, type Places, type SummaryLine } from './layout';

/** Text is written in pieces of this many characters. */
const PIECE = 256 * 1024;

/**
 * Writes a comparison's file: under a name of its own until it is whole. Tables come one after the other, in any order.
 */
export class ComparisonWriter {
  readonly #path: string;
  readonly #file: FileHandle;
  readonly #places = new Map<number, Places>();
  #pending: string[] = [];
  #characters = 0;
  #written = 0;
  #table = -1;
  #count = 0;

  static async create(path: string): Promise<ComparisonWriter> {
    return new ComparisonWriter(path, await open(`${path}.partial`, 'w', 0o600));
  }

  private constructor(path: string, file: FileHandle) {
    this.#path = path;
    this.#file = file;
    this.#add(FIRST);
  }

  /** One more difference of a table (by its index in the summary), in the order of keys. */
  async add(table: number, row: RowDifference): Promise<void> {
    if (table !== this.#table) {
      await this.#endTable();
      this.#table = table;
    }
    if (this.#count % STRIDE === 0) await this.#place();
    this.#count++;
    this.#add(row);
    if (this.#characters >= PIECE) await this.#flush();
  }

  /** Writes the summary, syncs, and gives the file its name. */
  async finish(summary: Comparison): Promise<void> {
    await this.#endTable();
    await this.#flush();
    const listsAt = this.#written;
    const { objects, scripts, tables } = summary;
    await this.#list(objects.differences, (object) => ({ object }));
    await this.#list(tables, (table) => ({ table }));
    await this.#list(scripts.toLeft.statements, (toLeft) => ({ toLeft }));
    await this.#list(scripts.toRight.statements, (toRight) => ({ toRight }));
    await this.#flush();
    const at = this.#written;
    const places = tables.map((_, table) => this.#places.get(table) ?? []);
    this.#add({ summary: withoutLists(summary), listsAt, places } satisfies SummaryLine);
    this.#pending.push(lastLine(at));
    await this.#flush();
    await this.#file.sync();
    await this.#file.close();
    await rename(`${this.#path}.partial`, this.#path);
  }

  /** Takes away what was written. */
  async discard(): Promise<void> {
    await this.#file.close().catch(() => {});
    await rm(`${this.#path}.partial`, { force: true });
  }

  async #list<T>(all: readonly T[], line: (one: T) => ListLine): Promise<void> {
    for (const one of all) {
      this.#add(line(one));
      if (this.#characters >= PIECE) await this.#flush();
    }
  }

  #add(line: object): void {
    const text = `${JSON.stringify(line)}\n`;
    this.#pending.push(text);
    this.#characters += text.length;
  }

  async #place(): Promise<void> {
    await this.#flush();
    const places = this.#places.get(this.#table) ?? [];
    places.push(this.#written);
    this.#places.set(this.#table, places);
  }

  async #endTable(): Promise<void> {
    if (this.#count > 0) await this.#place();
    this.#count = 0;
  }

  async #flush(): Promise<void> {
    if (!this.#pending.length) return;
    const bytes = Buffer.from(this.#pending.join(''));
    this.#pending = [];
    this.#characters = 0;
    for (let at = 0; at < bytes.length;) at += (await this.#file.write(bytes, at)).bytesWritten;
    this.#written += bytes.length;
  }
}

function withoutLists({ objects, scripts, ...summary }: Comparison): Comparison {
  const { toLeft, toRight } = scripts;
  return {
    ...summary,
    tables: [],
    objects: { ...objects, differences: [] },
    scripts: { toLeft: { ...toLeft, statements: [] }, toRight: { ...toRight, statements: [] } },
  };
}
