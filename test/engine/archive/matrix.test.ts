import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { countRows, open } from '../../../src/engine/archive';
import { loadSample } from '../../support/databases';
import { dump, dumpToOutput } from '../../support/dumps';
import { useTempFolder } from '../../support/fixtures';
import { listingLine } from '../../support/listing';
import { majors, startCluster, type Cluster } from '../../support/postgres';

const run = promisify(execFile);

for (const major of majors)
  describe(`every way to dump with PostgreSQL ${major}`, () => {
    const folder = useTempFolder();
    let cluster: Cluster;
    let count = 0;
    before(async () => {
      cluster = await startCluster(major, { settings: { wal_level: 'logical' } });
      await loadSample(cluster, 'nasty');
      if (major >= 18) await cluster.sql('analyze', 'nasty');
    });
    after(() => cluster?.stop());

    async function restore(path: string, ...options: string[]): Promise<Buffer> {
      const env = { PATH: process.env.PATH, LC_ALL: 'C.UTF-8' };
      const args = [...options, path];
      const { stdout } = await run(join(cluster.bin, 'pg_restore'), args, {
        ...{ env, encoding: 'buffer', maxBuffer: 1 << 28 },
      });
      return stdout as unknown as Buffer;
    }

    /** Entries and what they need are those of `pg_restore -l -v`, rows those of `pg_restore -a`, byte for byte. */
    async function check(path: string, what: string): Promise<void> {
      const listing = (await restore(path, '-l', '-v')).toString('utf8').split('\n');
      const expected = listing.flatMap((line, i) => {
        const entry = /^(\d+); \d+ \d+ (.*)$/.exec(line);
        if (!entry) return [];
        return [`${entry[1]}; ${entry[2]}${/^;\tdepends on:(.*)$/.exec(listing[i + 1] ?? '')?.[1] ?? ''}`];
      });
      const archive = await open(path);
      try {
        const { entries, faults } = archive.contents;
        assert.deepEqual(faults, [], what);
        const ours = entries.map((entry) =>
          [listingLine(entry), ...entry.dependencies.map((id) => ` ${id}`)].join(''),
        );
        assert.deepEqual(ours, expected, what);
        const script = await restore(path, '-a', '-f', '-');
        let at = 0;
        let tables = 0;
        for (const { id, kind, hasData, copyStatement } of entries) {
          if (kind !== 'TABLE DATA' || !hasData) continue;
          const parts: Buffer[] = [Buffer.from(copyStatement)];
          for await (const part of archive.data(id).read(0)) parts.push(part);
          const data = Buffer.concat(parts);
          const found = script.indexOf(data, at);
          assert.ok(found >= 0, `${what}: rows of entry ${id}`);
          at = found + data.length;
          tables++;
        }
        const counted = await countRows(path);
        assert.deepEqual(counted.faults, [], what);
        assert.equal(counted.tables.length, tables, what);
      } finally {
        await archive.close();
      }
    }

    const compressions = major >= 16 ? ['none', 'gzip:9', 'lz4', 'zstd', 'zstd:long'] : ['0', '1', '9'];
    const variants = [
      ...[
        '-s',
        '-a',
        '--inserts',
        '--column-inserts',
        '--rows-per-insert=7',
        '--load-via-partition-root',
        '-O',
        '-x',
      ],
      ...['-C', '-c --if-exists', '--no-comments', '--no-publications', '--no-security-labels', '-b', '-B'],
      ...['--quote-all-identifiers', '--no-tablespaces', '--disable-triggers -a', '--section=pre-data'],
      ...['--section=data', '--section=post-data', '-t orders', '-T orders', '--exclude-table-data=types'],
      ...['--strict-names -n public', '--on-conflict-do-nothing --inserts', '--no-unlogged-table-data'],
      ...(major >= 17 ? ['--exclude-extension=pgcrypto'] : []),
      ...(major >= 18
        ? ['--statistics', '--statistics-only', '--no-data', '--no-schema', '--no-policies']
        : []),
    ];
    const ways = [
      ...compressions.flatMap((compression) => [`-Fc -Z${compression}`, `-Fd -Z${compression}`]),
      ...variants.map((variant) => `-Fc ${variant}`),
      // As pgAdmin calls it, with every switch of its dialog that goes with the others.
      '--format=c --blobs --verbose --encoding=UTF8 --create --clean --if-exists --quote-all-identifiers --no-owner --no-privileges --no-tablespaces --no-unlogged-table-data --column-inserts --rows-per-insert=50',
      ...['-Ft', '-Ft --inserts', '-Ft -s', '-Fd --inserts', '-Fd -s', '-Fd -j2 -a'],
    ];

    for (const half of [0, 1])
      it(`entries and rows are pg_restore's in all of ${ways.length} ways, part ${half + 1}`, async () => {
        const mine = ways.filter((_, i) => i % 2 === half);
        const next = mine.values();
        // Two at a time: a dump waits for its server most of the time.
        await Promise.all(
          [0, 1].map(async () => {
            for (const way of next) {
              const path = join(folder(), `dump${count++}`);
              await dump(cluster, 'nasty', path, way.split(' '));
              await check(path, way);
            }
          }),
        );
      });

    it('also written to a pipe and by redirection', async () => {
      for (const how of ['pipe', 'redirect'] as const)
        for (const compression of compressions) {
          const path = join(folder(), `dump${count++}`);
          await dumpToOutput(cluster, 'nasty', path, ['-Fc', '-Z', compression], how);
          await check(path, `${compression} ${how}`);
        }
    });
  });
