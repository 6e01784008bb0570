import assert from 'node:assert/strict';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { open } from '../../../src/engine/archive';
import { dump } from '../../support/dumps';
import { useTempFolder } from '../../support/fixtures';
import { majors, startCluster, type Cluster } from '../../support/postgres';

for (const major of majors)
  describe(`rows of foreign tables, PostgreSQL ${major}`, () => {
    const folder = useTempFolder();
    let cluster: Cluster;
    let place: string;

    before(async () => {
      cluster = await startCluster(major);
      // The server reads the file as a user of its own.
      place = await mkdtemp(join(tmpdir(), 'rp-foreign-'));
      await chmod(place, 0o755);
      await writeFile(join(place, 'rates.csv'), 'day,rate\n2026-01-01,1.25\n2026-01-02,\n"a ""b""",3\n');
      await cluster.sql('CREATE DATABASE far');
      await cluster.sql(
        `CREATE EXTENSION file_fdw;
         CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;
         CREATE FOREIGN TABLE rates (day text NOT NULL, rate numeric) SERVER files
           OPTIONS (filename '${join(place, 'rates.csv')}', format 'csv', header 'true');
         COMMENT ON FOREIGN TABLE rates IS 'of the day';
         CREATE TABLE near (id int); INSERT INTO near VALUES (1);`,
        'far',
      );
    });
    after(async () => {
      await cluster?.stop();
      if (place) await rm(place, { recursive: true });
    });

    for (const format of ['-Fc', '-Fd', '-Ft', '-Fp', '-Fc --inserts'])
      it(`${format}: are left out, unless the dump was to include them`, async () => {
        for (const options of [[], ['--include-foreign-data=files']]) {
          const path = join(folder(), `dump${options.length}`);
          await dump(cluster, 'far', path, [...format.split(' '), ...options]);
          await using archive = await open(path);
          const { entries, faults } = archive.contents;
          assert.deepEqual(faults, []);
          for (const kind of ['EXTENSION', 'SERVER', 'FOREIGN TABLE'])
            assert.ok(
              entries.some((entry) => entry.kind === kind),
              kind,
            );
          assert.ok(entries.some(({ kind, name }) => kind === 'COMMENT' && name === 'FOREIGN TABLE rates'));
          const data = entries.find(({ kind, name }) => kind === 'TABLE DATA' && name === 'rates');
          assert.equal(data !== undefined, options.length > 0);
          if (!data) continue;
          assert.deepEqual(
            archive.columns(data.id).map(({ name, type, notNull }) => [name, type, notNull]),
            [
              ['day', 'text', true],
              ['rate', 'numeric', false],
            ],
          );
          const rows: (string | null)[][] = [];
          for await (const row of archive.rows(data.id)) rows.push(row.values);
          assert.deepEqual(rows, [
            ['2026-01-01', '1.25'],
            ['2026-01-02', null],
            ['a "b"', '3'],
          ]);
        }
      });
  });
