import { createReadStream } from 'node:fs';
import { mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { linesOf } from '../lines';

/** Characters of rows that are sorted in memory. */
const RUN = 24 * 1024 * 1024;
/** Characters that are written at once. */
const PIECE = 256 * 1024;

/** What is sorted: `weight` is about its size in characters. */
export interface Sortable {
  weight: number;
}

/** Sorts more than fits into memory: stretches are sorted and written to files, which are read side by side at the end. */
export class Sorter<T extends Sortable> {
  readonly #folder: string;
  readonly #compare: (a: T, b: T) => number;
  readonly #run: number;
  #rows: T[] = [];
  #weight = 0;
  readonly #files: string[] = [];

  /** `folder` is made when it is needed, and the caller's to remove. */
  constructor(folder: string, compare: (a: T, b: T) => number, run = RUN) {
    this.#folder = folder;
    this.#compare = compare;
    this.#run = run;
  }

  async add(row: T): Promise<void> {
    this.#rows.push(row);
    this.#weight += row.weight;
    if (this.#weight >= this.#run) await this.#spill();
  }

  /** All rows in order, equal ones in the order they came in. */
  async *sorted(): AsyncGenerator<T> {
    if (this.#files.length === 0) {
      yield* this.#rows.sort(this.#compare);
      return;
    }
    await this.#spill();
    const runs = await Promise.all(
      this.#files.map(async (path, number) => {
        const lines = linesOf(createReadStream(path) as AsyncIterable<Buffer>);
        return { number, lines, row: await next<T>(lines) };
      }),
    );
    const heap = new Heap<Run<T>>((a, b) => this.#compare(a.row, b.row) || a.number - b.number);
    for (const run of runs) if (run.row) heap.push(run as Run<T>);
    try {
      for (let run = heap.pop(); run; run = heap.pop()) {
        yield run.row;
        const row = await next<T>(run.lines);
        if (row) heap.push({ ...run, row });
      }
    } finally {
      await Promise.all(runs.map(({ lines }) => lines.return(undefined)));
    }
  }

  async close(): Promise<void> {
    this.#rows = [];
    await Promise.all(this.#files.map((path) => rm(path, { force: true })));
  }

  async #spill(): Promise<void> {
    if (this.#rows.length === 0) return;
    await mkdir(this.#folder, { recursive: true });
    const path = join(this.#folder, `run-${this.#files.length}`);
    this.#files.push(path);
    const rows = this.#rows.sort(this.#compare);
    [this.#rows, this.#weight] = [[], 0];
    const file = await open(path, 'w', 0o600);
    try {
      let text = '';
      for (const row of rows) {
        text += `${JSON.stringify(row)}\n`;
        if (text.length < PIECE) continue;
        await file.write(text);
        text = '';
      }
      await file.write(text);
    } finally {
      await file.close();
    }
  }
}

interface Run<T> {
  number: number;
  lines: AsyncGenerator<Buffer>;
  row: T;
}

async function next<T>(lines: AsyncGenerator<Buffer>): Promise<T | null> {
  const line = await lines.next();
  return line.done ? null : (JSON.parse(line.value.toString('utf8')) as T);
}

/** The smallest first. */
class Heap<T> {
  readonly #items: T[] = [];
  readonly #compare: (a: T, b: T) => number;

  constructor(compare: (a: T, b: T) => number) {
    this.#compare = compare;
  }

  push(item: T): void {
    const items = this.#items;
    let at = items.push(item) - 1;
    while (at > 0) {
      const up = (at - 1) >> 1;
      if (this.#compare(items[up]!, item) <= 0) break;
      items[at] = items[up]!;
      at = up;
    }
    items[at] = item;
  }

  pop(): T | undefined {
    const items = this.#items;
    const first = items[0];
    const last = items.pop();
    if (items.length === 0 || last === undefined) return first;
    let at = 0;
    for (let down = 1; down < items.length; down = at * 2 + 1) {
      if (down + 1 < items.length && this.#compare(items[down + 1]!, items[down]!) < 0) down++;
      if (this.#compare(last, items[down]!) <= 0) break;
      items[at] = items[down]!;
      at = down;
    }
    items[at] = last;
    return first;
  }
}
