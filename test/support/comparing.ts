import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  compare,
  openComparison,
  type CompareContext,
  type CompareOptions,
  type Comparison,
  type RowDifference,
  type Side,
} from '../../src/engine/compare';
import type { ClientBuild } from '../../src/engine/tools/types';
import type { Cluster } from './postgres';
import { accessTo, testBuilds, type Who } from './restoring';

/** A dump's path, or a database of a cluster. */
export type TestSide = string | { cluster: Cluster; database: string; who?: Who };

export interface Compared extends Comparison {
  /** Kept differences by `schema.name`. */
  rows: Record<string, RowDifference[]>;
}

/** Compares in a folder of its own, without a job. */
export class Comparer {
  readonly #builds: ClientBuild[];
  readonly folder: string;
  #count = 0;
  /** The file of the last comparison. */
  last = '';

  private constructor(builds: ClientBuild[], folder: string) {
    this.#builds = builds;
    this.folder = folder;
  }

  static async open(): Promise<Comparer> {
    return new Comparer(await testBuilds(), await mkdtemp(join(tmpdir(), 'rp-compare-')));
  }

  async compare(
    left: TestSide,
    right: TestSide,
    options: CompareOptions = { rows: true },
    more: Partial<CompareContext> = {},
  ): Promise<Compared> {
    const path = join(this.folder, `${this.#count++}.rpcompare`);
    this.last = path;
    const opened: { close(): Promise<void> }[] = [];
    const side = (one: TestSide, connection: string): Side =>
      typeof one === 'string'
        ? { kind: 'artifact', path: one }
        : { kind: 'database', connection, database: one.database };
    try {
      await compare(
        { left: side(left, 'left'), right: side(right, 'right'), options, path },
        {
          access: async (key) => {
            const { cluster, database, who } = (key === 'left' ? left : right) as Exclude<TestSide, string>;
            const access = await accessTo(cluster, { ...who, database });
            opened.push(access);
            return access;
          },
          builds: this.#builds,
          applicationName: 'restore-point-test',
          titles: {},
          connectionIds: {},
          by: 'test',
          command: null,
          signal: new AbortController().signal,
          onProgress: () => {},
          ...more,
        },
      );
    } finally {
      for (const access of opened) await access.close();
    }
    await using file = await openComparison(path);
    const rows: Record<string, RowDifference[]> = {};
    for (const [index, { schema, name }] of file.summary.tables.entries()) {
      const kept: RowDifference[] = [];
      for await (const row of file.rows(index)) kept.push(row);
      if (kept.length > 0) rows[`${schema}.${name}`] = kept;
    }
    return { ...file.summary, rows };
  }

  async close(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** Counts of a table: `+1 -2 ~3 =4`. */
export function countsOf({ tables }: Comparison, name: string): string {
  const table = tables.find((one) => one.name === name);
  return table
    ? `+${table.added} -${table.removed} ~${table.changed} =${table.same}`
    : `no ${name} among ${tables.map((one) => one.name).join(', ')}`;
}
