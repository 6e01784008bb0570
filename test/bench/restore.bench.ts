import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { postgresBin, startCluster, type Cluster } from '../support/postgres';
import { fillDatabase, uriWithoutPassword } from './database';
import { runPair } from './pairs';

const run = promisify(execFile);
const megabytes = Number(process.env.RESTORE_POINT_BENCH_MB || 1000);
const runs = Number(process.env.RESTORE_POINT_BENCH_RUNS || 3);

/** Replace and undo by size, restore points against what PostgreSQL offers, the restore against pg_restore. */
export async function benchRestore(): Promise<void> {
  const major = 17;
  const cluster = await startCluster(major);
  const folder = await mkdtemp(join(tmpdir(), 'rp-bench-'));
  const bench = new RestoreBench(cluster, postgresBin(major)!, folder);
  try {
    for (const size of [Math.ceil(megabytes / 10), megabytes]) {
      await fillDatabase(cluster, 'shop', size);
      await bench.replaceAndUndo(size);
      if (size === megabytes) {
        await bench.restorePoints(size);
        await bench.restore(size);
      }
      await bench.dropAll();
    }
  } finally {
    await cluster.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

class RestoreBench {
  readonly #cluster: Cluster;
  readonly #bin: string;
  readonly #folder: string;

  constructor(cluster: Cluster, bin: string, folder: string) {
    this.#cluster = cluster;
    this.#bin = bin;
    this.#folder = folder;
  }

  /** The whole job, and of it the swap: the part that must not depend on the size. */
  async replaceAndUndo(size: number): Promise<void> {
    const dump = await this.#dump();
    const into = ['--into', uriWithoutPassword(this.#cluster), '--database', 'shop', '--strategy', 'replace'];
    const started = performance.now();
    await this.#ours('restore', dump, ...into, '--tools', this.#bin);
    const replaced = performance.now() - started;
    const undone: number[] = [];
    for (let n = 0; n < runs; n++) {
      const begin = performance.now();
      await this.#ours('undo', 'shop', '--on', uriWithoutPassword(this.#cluster));
      undone.push(performance.now() - begin);
    }
    console.log(`replace and undo (${size} MB)
    replace ${(replaced / 1000).toFixed(2)} s in all
    undo    ${undone.map((ms) => (ms / 1000).toFixed(2)).join(', ')} s, the command's start included; aim: under 2 s at any size`);
  }

  async restorePoints(size: number): Promise<void> {
    const create = async (): Promise<void> => {
      await this.#ours('create', 'shop', '--on', uriWithoutPassword(this.#cluster), '--how', 'clone');
    };
    await runPair({
      name: `restore point by clone against createdb -T … --strategy=file_copy (${size} MB)`,
      aim: 'at most 1.05',
      runs,
      ratio: 'of theirs',
      ours: create,
      theirs: () =>
        this.#theirs(
          'createdb',
          `copy${Math.random().toString(36).slice(2)}`,
          '-T',
          'shop',
          '--strategy=file_copy',
        ),
    });
    await this.dropAll('shop');
    await runPair({
      name: `restore point by clone against pg_dump -Fc (${size} MB)`,
      aim: 'at least 10',
      runs,
      ratio: 'times faster',
      ours: create,
      theirs: () => this.#theirs('pg_dump', '-Fc', '-d', 'shop', '-f', join(this.#folder, 'theirs.dump')),
    });
    await this.dropAll('shop');
  }

  async restore(size: number): Promise<void> {
    const dump = await this.#dump();
    await runPair({
      name: `our default restore (rows counted, analyzed) against createdb and pg_restore, one job (${size} MB)`,
      aim: 'never slower',
      runs,
      ratio: 'times faster',
      ours: async () => {
        await this.#cluster.sql('drop database if exists ours');
        const into = ['--into', uriWithoutPassword(this.#cluster), '--database', 'ours'];
        await this.#ours('restore', dump, ...into, '--tools', this.#bin);
      },
      theirs: async () => {
        await this.#cluster.sql('drop database if exists theirs');
        await this.#theirs('createdb', 'theirs', '-T', 'template0');
        await this.#theirs('pg_restore', '-d', 'theirs', dump);
        await this.#theirs('vacuumdb', '--analyze-only', '-q', '-d', 'theirs');
      },
    });
  }

  async dropAll(but = ''): Promise<void> {
    const names = await this.#cluster.sql(
      `select datname from pg_database where not datistemplate and datname not in ('postgres', '${but}')`,
    );
    for (const name of names.split('\n').filter(Boolean))
      await this.#cluster.sql(`drop database "${name}" with (force)`);
  }

  async #dump(): Promise<string> {
    const path = join(this.#folder, 'shop.dump');
    await rm(path, { force: true });
    await this.#theirs('pg_dump', '-Fc', '-Z', 'zstd:3', '-d', 'shop', '-f', path);
    return path;
  }

  async #ours(...args: string[]): Promise<void> {
    const env = {
      ...process.env,
      PGPASSWORD: this.#cluster.password,
      RESTORE_POINT_HOME: join(this.#folder, 'home'),
    };
    await run(process.execPath, ['dist/cli.js', ...args], { env, maxBuffer: 1 << 26 });
  }

  async #theirs(tool: string, ...args: string[]): Promise<void> {
    const { port, password } = this.#cluster;
    const connection = ['-h', '127.0.0.1', '-p', String(port), '-U', 'postgres'];
    await run(join(this.#bin, tool), [...connection, ...args], {
      env: { ...process.env, PGPASSWORD: password },
      maxBuffer: 1 << 26,
    });
  }
}
