import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { gzipSync } from 'node:zlib';
import { countRows, readContents, type Contents, type Counted } from '../../../src/engine/archive';
import {
  dump,
  dumpToOutput,
  liveCounts,
  loadSamples,
  restoreList,
  sampleDatabases,
} from '../../support/dumps';
import { listed, listing, listingLine } from '../../support/listing';
import { majors, startCluster, type Cluster } from '../../support/postgres';

for (const major of majors)
  describe(`reading dumps of PostgreSQL ${major}`, () => {
    let cluster: Cluster;
    let folder: string;
    let count = 0;
    const live = new Map<string, string[]>();

    before(async () => {
      folder = await mkdtemp(join(tmpdir(), 'rp-oracle-'));
      cluster = await startCluster(major);
      await loadSamples(cluster);
      for (const database of sampleDatabases) live.set(database, await liveCounts(cluster, database));
    });
    after(async () => {
      await cluster?.stop();
      await rm(folder, { recursive: true, force: true });
    });

    const path = (): string => join(folder, `dump${count++}`);
    const rows = ({ tables }: Counted): string[] =>
      tables.map((table) => `${table.schema}.${table.name}=${table.rows}`).sort();

    /** The contents are pg_restore's, the rows the database's. */
    async function check(file: string, database: string, expectedRows?: string[]): Promise<Contents> {
      const contents = await readContents(file);
      const expected = listing(await restoreList(cluster, file));
      assert.deepEqual(contents.entries.filter(listed).map(listingLine), expected);
      assert.deepEqual(contents.faults, []);
      assert.equal(contents.source.database, database);
      assert.ok(contents.source.serverVersion!.startsWith(`${major}.`));
      const counted = await countRows(file);
      assert.deepEqual(counted.faults, []);
      assert.deepEqual(rows(counted), expectedRows ?? live.get(database));
      if (database.startsWith('nasty') && !expectedRows) assert.equal(counted.largeObjects, 3);
      return contents;
    }

    const compressions = major >= 16 ? ['none', 'gzip', 'lz4', 'zstd', 'zstd:long'] : ['0', '6'];

    for (const database of sampleDatabases) {
      // The small sample proves little about compressions that the others do not.
      for (const compression of database === 'chinook' ? compressions.slice(1, 2) : compressions) {
        it(`${database}: custom, ${compression}: -f, pipe and redirect`, async () => {
          const options = ['-Fc', '-Z', compression];
          const file = path();
          await dump(cluster, database, file, options);
          const { entries } = await check(file, database);
          for (const { kind, bytes } of entries) if (kind === 'TABLE DATA') assert.ok(bytes! > 10);
          for (const how of ['pipe', 'redirect'] as const) {
            const other = path();
            await dumpToOutput(cluster, database, other, options, how);
            await check(other, database);
          }
        });

        it(`${database}: directory, ${compression}`, async () => {
          const file = path();
          await dump(cluster, database, file, ['-Fd', '-j2', '-Z', compression]);
          const { entries } = await check(file, database);
          for (const { kind, bytes } of entries) if (kind === 'TABLE DATA') assert.ok(bytes! > 4);
        });
      }

      it(`${database}: tar, and archives in a wrapper`, async () => {
        const file = path();
        await dump(cluster, database, file, ['-Ft']);
        const { entries } = await check(file, database);
        for (const { kind, bytes } of entries) if (kind === 'TABLE DATA') assert.ok(bytes! >= 5);
        const wrapped = path();
        await writeFile(wrapped, gzipSync(await readFile(file), { level: 1 }));
        assert.deepEqual(rows(await countRows(wrapped)), live.get(database));
        assert.equal((await readContents(wrapped)).wrapper, 'gzip');
      });

      it(`${database}: INSERT instead of COPY, only definitions, only rows, Latin-1`, async () => {
        for (const options of [['--inserts'], ['--column-inserts', '--rows-per-insert=3'], ['-a']]) {
          const file = path();
          await dump(cluster, database, file, ['-Fc', ...options]);
          await check(file, database);
        }
        const schema = path();
        await dump(cluster, database, schema, ['-Fc', '-s']);
        await check(schema, database, []);
        if (database === 'nasty "db"') {
          const latin = path();
          await dump(cluster, database, latin, ['-Fc', '-E', 'LATIN1', '--load-via-partition-root']);
          await check(latin, database);
        }
      });

      it(`${database}: plain, also with INSERT and compressed`, async () => {
        const archive = path();
        await dump(cluster, database, archive, ['-Fc', '-Z0']);
        const inArchive = (await readContents(archive)).entries.filter(listed);
        const variants = [[], ['-C', '-v'], ['--inserts'], ['--rows-per-insert=3'], ['-Z1'], ['--clean']];
        for (const options of variants) {
          const file = path();
          await dump(cluster, database, file, ['-Fp', ...options]);
          const contents = await readContents(file);
          assert.deepEqual(contents.faults, [], options.join(' '));
          assert.deepEqual(
            contents.metaCommands.filter(({ own }) => !own),
            [],
          );
          const counted = await countRows(file);
          assert.deepEqual(counted.faults, []);
          assert.deepEqual(rows(counted), live.get(database), options.join(' '));
          const key = (e: Contents['entries'][number]): string =>
            [e.kind, e.schema, e.name.replaceAll('\n', ' '), e.owner, e.section].join('|');
          // Large objects and their ACLs are told in another way before 17; what has no statement is not told.
          const same = (list: Contents['entries']): string[] =>
            list
              .filter((e) => listed(e) && !/^BLOB/.test(e.kind) && e.kind !== 'DATABASE')
              .map(key)
              .sort();
          assert.deepEqual(same(contents.entries), same(inArchive), options.join(' '));
          if (options.length === 0) assertSameDefinitions(contents, inArchive);
        }
      });
    }

    function assertSameDefinitions(script: Contents, archive: Contents['entries']): void {
      // Names within comments' own names (ACL, COMMENT) keep their blanks in scripts.
      const blank = (name: string): string => name.replaceAll('\n', ' ');
      const squeeze = (text: string): string => text.replace(/\s+/g, ' ').trim();
      const byName = new Map(
        archive.map((e) => [`${e.kind} ${e.schema} ${e.name.replaceAll('\n', ' ')}`, e]),
      );
      for (const entry of script.entries.filter(listed)) {
        if (entry.kind === 'TABLE DATA' || /^BLOB/.test(entry.kind)) continue;
        const other = byName.get(`${entry.kind} ${entry.schema} ${blank(entry.name)}`)!;
        assert.equal(squeeze(entry.definition), squeeze(other.definition), entry.name);
      }
    }

    it('reads scripts of the whole server, and its parts', async () => {
      const file = path();
      await dump(cluster, null, file, []);
      const contents = await readContents(file);
      assert.equal(contents.scope, 'cluster');
      assert.deepEqual(contents.faults, []);
      assert.deepEqual(
        contents.metaCommands.filter(({ own }) => !own),
        [],
      );
      const counted = await countRows(file);
      assert.deepEqual(rows(counted), [...live.values()].flat().sort());
      const databases = new Set(contents.entries.map((entry) => entry.database));
      for (const database of sampleDatabases) assert.ok(databases.has(database), database);
      assert.ok(contents.entries.some(({ kind, name }) => kind === 'ROLE' && name === 'postgres'));
      for (const part of ['-g', '-r', '-t', '-s']) {
        const partly = path();
        await dump(cluster, null, partly, [part]);
        assert.deepEqual((await readContents(partly)).faults, []);
        assert.deepEqual(rows(await countRows(partly)), []);
      }
    });

    it('names what is missing in a directory dump', async () => {
      const file = path();
      await dump(cluster, 'nasty "db"', file, ['-Fd']);
      const { entries } = await readContents(file);
      const entry = entries.find(({ kind, name }) => kind === 'TABLE DATA' && name === 'dropped')!;
      await rm(join(file, `${entry.id}.dat.gz`));
      const blob = (await readdir(file)).find((name) => name.startsWith('blob_4000000000'))!;
      await rm(join(file, blob));
      const { faults } = await countRows(file);
      assert.deepEqual(
        faults.map((fault) => fault.what.replace(/\d+\.dat/, 'N.dat')),
        ['its file "N.dat" is missing', 'the file "blob_N.dat" of large object 4000000000 is missing'].sort(
          (a, b) => Number(a.includes('blob')) - Number(b.includes('blob')),
        ),
      );
      assert.equal(faults[0]!.entry, 'TABLE DATA public dropped');
    });
  });
