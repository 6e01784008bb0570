import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { countRows, readContents, salvage, type SalvageReport } from '../../../src/engine/archive';
import { isCancelled } from '../../../src/engine/errors';
import { loadSample, rowsOf, schemaOf } from '../../support/databases';
import { dump, liveCounts } from '../../support/dumps';
import { useTempFolder } from '../../support/fixtures';
import { conninfo, majors, startCluster, type Cluster } from '../../support/postgres';
import { seededRandom } from '../../support/random';

const run = promisify(execFile);

for (const major of majors)
  describe(`salvage from dumps of PostgreSQL ${major}`, () => {
    const folder = useTempFolder();
    let cluster: Cluster;
    let live: Map<string, number>;
    let count = 0;

    before(async () => {
      cluster = await startCluster(major, { settings: { wal_level: 'logical' } });
      await loadSample(cluster, 'nasty');
      live = new Map((await liveCounts(cluster, 'nasty')).map((line) => split(line)));
    });
    after(() => cluster?.stop());

    const split = (line: string): [string, number] => {
      const at = line.lastIndexOf('=');
      return [line.slice(0, at), Number(line.slice(at + 1))];
    };

    async function make(...options: string[]): Promise<string> {
      const path = join(folder(), `dump${count++}`);
      await dump(cluster, 'nasty', path, options);
      return path;
    }

    /** Loads a script into a fresh database; what psql says, without stopping at errors. */
    async function load(script: string): Promise<{ database: string; errors: string }> {
      const database = `salvaged${count++}`;
      await cluster.sql(`create database ${database} template template0`);
      const args = ['-X', '-q', '-h', cluster.socketDir, '-p', String(cluster.port), '-U', 'postgres'];
      const { stderr } = await run(join(cluster.bin, 'psql'), [
        ...[...args, '-o', '/dev/null', '-d', conninfo(database), '-f', script],
      ]);
      return { database, errors: stderr };
    }

    /** Rows in the database are those the report names; whole tables have all, partial ones a part. */
    async function compare(report: SalvageReport, database: string): Promise<void> {
      const loaded = new Map((await liveCounts(cluster, database)).map((line) => split(line)));
      for (const { schema, name, state, rows } of report.tables) {
        // Hash partitions by an enum go by its OIDs: their rows come back in another one.
        if (name!.startsWith('by_mood')) continue;
        const key = `${schema}.${name}`;
        const all = live.get(key)!;
        assert.equal(loaded.get(key) ?? 0, rows, key);
        if (state === 'whole') assert.equal(rows, all, key);
        else assert.ok(rows < all || all === 0, `${key}: ${rows} of ${all}`);
        if (state === 'lost') assert.equal(rows, 0);
      }
    }

    const kinds = [['-Fc'], ['-Fc', '-Z0'], ['-Fd'], ['-Ft'], ['-Fc', '--inserts'], ['-Fc', '-E', 'LATIN1']];

    it('writes all of an undamaged dump, as pg_restore would', async () => {
      const [schema, rows] = [await schemaOf(cluster, 'nasty', major), await rowsOf(cluster, 'nasty')];
      for (const options of kinds) {
        if (options.includes('LATIN1')) continue; // It holds more than Latin-1 can say.
        const path = await make(...options);
        const report = await salvage(path, join(folder(), 'all.sql'));
        assert.deepEqual(report.faults, []);
        assert.ok(report.tables.every(({ state }) => state === 'whole'));
        assert.deepEqual(report.largeObjects, { whole: 3, lost: [] });
        assert.equal(report.definitions.lost, 0);
        const { database, errors } = await load(join(folder(), 'all.sql'));
        assert.equal(errors, '', options.join(' '));
        assert.deepEqual(await rowsOf(cluster, database), rows, options.join(' '));
        assert.equal(await schemaOf(cluster, database, major), schema, options.join(' '));
        await rm(join(folder(), 'all.sql'));
      }
    });

    it('brings back the tables before a cut, and the rows up to it', async () => {
      const random = seededRandom(major);
      for (const options of [['-Fc'], ['-Fc', '-Z0'], ['-Ft'], ['-Fc', '--inserts']]) {
        const path = await make(...options);
        const { size } = await stat(path);
        const start = await dataStart(path, size);
        const seen = new Set<string>();
        for (let i = 0; i < 4; i++) {
          const cut = Math.floor(start + (size - start) * (0.15 + 0.8 * random()));
          const bytes = (await readFile(path)).subarray(0, cut);
          const short = join(folder(), 'short');
          await writeFile(short, bytes);
          const script = join(folder(), 'short.sql');
          const report = await salvage(short, script);
          const { database } = await load(script);
          await compare(report, database);
          for (const { state } of report.tables) seen.add(state);
          assert.ok(report.faults.length > 0);
          await rm(script);
        }
        assert.ok(seen.has('whole') && seen.has('lost'), options.join(' '));
      }
    });

    it('brings back the tables around a missing and a cut file', async () => {
      const path = await make('-Fd', '-Z0');
      const { entries } = await readContents(path);
      const data = (name: string): string =>
        join(path, `${entries.find((e) => e.kind === 'TABLE DATA' && e.name === name)!.id}.dat`);
      await rm(data('customer'));
      await truncate(data('orders'), 20_000);
      await rm(join(path, 'blob_40001.dat'));
      const script = join(folder(), 'part.sql');
      const report = await salvage(path, script);
      const state = (name: string): string => report.tables.find((table) => table.name === name)!.state;
      assert.deepEqual([state('customer'), state('orders'), state('types')], ['lost', 'partial', 'whole']);
      assert.deepEqual(report.largeObjects, { whole: 2, lost: [40001] });
      const { database } = await load(script);
      await compare(report, database);
    });

    it('exports rows whose entry is lost', async () => {
      const path = await make('-Fc');
      const whole = await readFile(path);
      const statement = whole.indexOf('COPY public.orders ');
      whole.fill(0xee, statement - 20, statement - 10);
      await writeFile(path, whole);
      const report = await salvage(path, join(folder(), 'x.sql'));
      assert.equal(report.definitions.lost, 1);
      const orphan = report.tables.find(({ name }) => name === null)!;
      assert.equal(orphan.rows, 1000);
      const rows = await readFile(join(folder(), orphan.file!), 'utf8');
      assert.equal(rows.trimEnd().split('\n').length, 1000);
      assert.deepEqual(report.files, [join(folder(), 'x.sql'), join(folder(), 'x.sql.rows')]);
    });

    it('writes files, and nothing when it is cancelled or the name is taken', async () => {
      const path = await make('-Fc');
      const target = join(folder(), 'files');
      const report = await salvage(path, target, { as: 'files' });
      const names = await readdir(target);
      assert.ok(names.includes('definitions.sql'));
      assert.equal(names.filter((name) => name.endsWith('.copy')).length, report.tables.length);
      assert.equal((await stat(join(target, 'blob_40001.dat'))).size, 20_000);
      const { tables } = await countRows(path);
      assert.deepEqual(
        report.tables.map(({ rows }) => rows),
        tables.map(({ rows }) => rows),
      );
      await assert.rejects(salvage(path, target), { code: 'salvage.exists' });
      const controller = new AbortController();
      const working = salvage(path, join(folder(), 'no.sql'), {
        signal: controller.signal,
        onProgress: () => controller.abort(),
      });
      await assert.rejects(working, (error: unknown) => isCancelled(error));
      assert.deepEqual(
        (await readdir(folder())).filter((name) => name.startsWith('no.sql')),
        [],
      );
    });

    async function dataStart(path: string, size: number): Promise<number> {
      const { entries } = await readContents(path);
      return size - entries.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0);
    }
  });
