import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { identify, open, readContents } from '../../../src/engine/archive';
import { home } from '../../../src/engine/home';
import { dump, dumpToOutput, loadSamples } from '../../support/dumps';
import { majors, startCluster, type Cluster } from '../../support/postgres';

const run = promisify(execFile);
type Opened = Awaited<ReturnType<typeof open>>;

async function whole(parts: AsyncIterable<Buffer>): Promise<Buffer> {
  const read: Buffer[] = [];
  for await (const part of parts) read.push(Buffer.from(part));
  return Buffer.concat(read);
}

for (const major of majors)
  describe(`an open dump of PostgreSQL ${major}`, () => {
    let cluster: Cluster;
    let folder: string;
    let count = 0;
    /** What COPY gives for a table, by its copy statement. */
    const live = new Map<string, Buffer>();
    let objects: { oid: number; content: Buffer }[] = [];

    before(async () => {
      folder = await mkdtemp(join(tmpdir(), 'rp-open-'));
      cluster = await startCluster(major);
      await loadSamples(cluster);
      await cluster.sql("comment on large object 4000000000 is E'it''s\\\\ back'", 'nasty "db"');
      const hex = await cluster.sql(
        "select oid, encode(lo_get(oid), 'hex') from pg_largeobject_metadata order by oid",
        'nasty "db"',
      );
      objects = hex.split('\n').map((line) => {
        const [oid, content] = line.split('|');
        return { oid: Number(oid), content: Buffer.from(content!, 'hex') };
      });
    });
    after(async () => {
      await cluster?.stop();
      await rm(folder, { recursive: true, force: true });
    });

    const path = (name = `dump${count++}`): string => join(folder, name);

    async function expected(database: string, copyStatement: string): Promise<Buffer> {
      const key = `${database} ${copyStatement}`;
      let rows = live.get(key);
      if (!rows) {
        const text = await cluster.sql(copyStatement.replace(/ FROM stdin;\s*$/, ' TO STDOUT'), database);
        live.set(key, (rows = Buffer.from(text === '' ? '' : text + '\n')));
      }
      return rows;
    }

    /** All data and large objects are the database's, from any position. */
    async function check(archive: Opened, database: string): Promise<void> {
      const { contents } = archive;
      assert.deepEqual(contents.faults, []);
      const end = contents.format === 'plain' ? '\\.\n' : '\\.\n\n\n';
      let tables = 0;
      for (const { id, hasData, kind, name, copyStatement } of contents.entries) {
        if (!hasData || kind === 'BLOBS') continue;
        // A table without columns has rows that psql does not print; a root of partitions cannot be copied.
        if (/\S {2}FROM stdin|public\.parts /.test(copyStatement)) continue;
        tables++;
        const data = archive.data(id);
        const bytes = await whole(data.read(0));
        assert.equal(bytes.toString(), (await expected(database, copyStatement)).toString() + end, name);
        assert.equal(data.size, bytes.length, name);
        for (const at of [0, 1, bytes.length >> 1, bytes.length - 1, bytes.length, bytes.length + 10])
          assert.ok((await whole(data.read(at))).equals(bytes.subarray(at)), `${name} from ${at}`);
      }
      assert.ok(tables >= 5);
      if (!database.startsWith('nasty')) return;
      const met = [];
      for await (const { oid, bytes, owner, comment } of archive.largeObjects()) {
        const content = await whole(archive.largeObject(oid));
        if (bytes !== null) assert.equal(bytes, content.length);
        assert.ok(owner, `owner of ${oid}`);
        met.push({ oid, content, comment });
      }
      met.sort((a, b) => a.oid - b.oid);
      assert.deepEqual(
        met.map(({ oid, content }) => ({ oid, content })),
        objects,
      );
      assert.deepEqual(
        met.filter(({ comment }) => comment !== null).map(({ oid, comment }) => [oid, comment]),
        [[4_000_000_000, "it's\\ back"]],
      );
    }

    async function checkFile(file: string, database: string): Promise<Opened['contents']> {
      await using archive = await open(file);
      await check(archive, database);
      return archive.contents;
    }

    const compressions = major >= 16 ? ['none', 'gzip', 'lz4', 'zstd'] : ['0', '6'];
    for (const compression of compressions)
      it(`gives all data, from anywhere: custom and directory, ${compression}`, async () => {
        for (const database of ['pagila', 'nasty "db"'])
          for (const format of ['-Fc', '-Fd']) {
            const file = path();
            await dump(cluster, database, file, [format, '-Z', compression]);
            await checkFile(file, database);
          }
      });

    it('gives all data, from anywhere: tar and plain, also compressed', async () => {
      for (const database of ['pagila', 'nasty "db"'])
        for (const options of [['-Ft'], ['-Fp'], ['-Fp', '-Z6']]) {
          const file = path();
          await dump(cluster, database, file, options);
          await checkFile(file, database);
        }
      const wrapped = path();
      await dump(cluster, 'nasty "db"', wrapped, ['-Fc', '-Z0']);
      await writeFile(wrapped, gzipSync(await readFile(wrapped)));
      assert.equal((await checkFile(wrapped, 'nasty "db"')).wrapper, 'gzip');
    });

    it('finds data whose position is not recorded, or recorded wrongly', async () => {
      const database = 'nasty "db"';
      const file = path();
      await dump(cluster, database, file, ['-Fc']);
      const { entries } = await readContents(file);
      const sizes = ({ entries: list }: { entries: typeof entries }): (number | null)[] =>
        list.map(({ bytes }) => bytes);
      for (const how of ['pipe', 'redirect'] as const) {
        const other = path();
        await dumpToOutput(cluster, database, other, ['-Fc'], how);
        await using archive = await open(other);
        assert.equal(archive.unlocated, how === 'pipe' || major >= 16);
        let last = 0;
        await archive.locate({ onProgress: (fraction) => (last = fraction) });
        assert.ok(!archive.unlocated && last <= 1);
        assert.deepEqual(sizes(archive.contents), sizes({ entries }));
        await check(archive, database);
      }
    });

    it('remembers where data is that was found by walking the file', async () => {
      const database = 'nasty "db"';
      const file = path();
      await dumpToOutput(cluster, database, file, ['-Fc'], 'pipe');
      {
        await using archive = await open(file);
        const { entries } = archive.contents;
        // Reading one table hops as far as that.
        await whole(archive.data(entries.find(({ kind }) => kind === 'TABLE DATA')!.id).read(0));
      }
      const located = await (async () => {
        await using archive = await open(file);
        assert.ok(archive.unlocated);
        await check(archive, database);
        await archive.locate();
        return archive.contents.entries.map(({ bytes }) => bytes);
      })();
      {
        await using archive = await open(file);
        assert.ok(!archive.unlocated);
        assert.deepEqual(
          archive.contents.entries.map(({ bytes }) => bytes),
          located,
        );
        await check(archive, database);
      }
      // What is remembered is not believed.
      const kept = join(home().state, 'remembered', 'positions');
      const files = await Promise.all(
        (await readdir(kept)).map(async (name) => [name, await readFile(join(kept, name), 'utf8')] as const),
      );
      const [name, text] = files.find(([, text]) => (JSON.parse(text) as { path: string }).path === file)!;
      const wrong = JSON.parse(text) as { facts: { blocks: [number, number, number][] } };
      const { blocks } = wrong.facts;
      assert.ok(blocks.length > 4);
      for (let i = 1; i < blocks.length - 2; i++) {
        blocks[i]![2] -= 3;
        blocks[i + 1]![1] -= 3;
      }
      await writeFile(join(kept, name), JSON.stringify(wrong));
      await using archive = await open(file);
      assert.ok(!archive.unlocated);
      await check(archive, database);
      await archive.locate();
      assert.deepEqual(
        archive.contents.entries.map(({ bytes }) => bytes),
        located,
      );
    });

    it('is found inside of tar and zip files', async function () {
      const there = await run('zip', ['-v']).catch(() => null);
      if (!there) return this.skip();
      const database = 'nasty "db"';
      const make = async (name: string, options: string[]): Promise<string> => {
        await dump(cluster, database, path(name), options);
        return path(name);
      };
      const directory = await make('backup', ['-Fd']);
      const tar = await make('backup.tar', ['-Ft']);
      const custom = await make('backup.dump', ['-Fc']);
      const script = await make('backup.sql', ['-Fp']);
      const packed = async (name: string, options: string[], members: string[]): Promise<string> => {
        await run('tar', [...options, '-cf', path(name), '-C', folder, ...members]);
        return path(name);
      };
      const zip = async (name: string, options: string[], members: string[]): Promise<string> => {
        await run('zip', ['-q', '-r', ...options, path(name), ...members], { cwd: folder });
        return path(name);
      };
      const cases: [string, string[], string][] = [
        [await packed('folder.tar', ['--format=gnu'], ['backup']), ['backup/'], 'directory'],
        [await packed('folder.tar.gz', ['-z', '--format=pax'], ['./backup']), ['backup/'], 'directory'],
        [await packed('inner.tar', [], [basename(tar)]), ['backup.tar'], 'tar'],
        [await zip('folder.zip', [], ['backup']), ['backup/'], 'directory'],
        [await zip('stored.zip', ['-0'], [basename(tar)]), ['backup.tar'], 'tar'],
        [await zip('deflated.zip', [], [basename(tar)]), ['backup.tar'], 'tar'],
        [await zip('custom.zip', [], [basename(custom)]), ['backup.dump'], 'custom'],
        [await zip('script.zip', ['-9'], [basename(script)]), ['backup.sql'], 'plain'],
        [await zip('twice.zip', ['-0'], ['folder.tar.gz']), ['folder.tar.gz', 'backup/'], 'directory'],
        [
          await packed('thrice.tar', [], ['twice.zip']),
          ['twice.zip', 'folder.tar.gz', 'backup/'],
          'directory',
        ],
      ];
      for (const [file, inside, format] of cases) {
        const identity = await identify(file);
        assert.deepEqual([identity.inside, identity.format], [inside, format], file);
        assert.deepEqual((await checkFile(file, database)).inside, inside);
      }
      const several = await zip('several.zip', [], [basename(custom), basename(script)]);
      assert.match((await identify(several)).reason!, /backup\.dump, backup\.sql/);
      const deeper = await packed('deeper.tar', [], ['thrice.tar']);
      assert.equal((await identify(deeper)).kind, 'unknown');
      assert.equal((await identify(directory)).inside, undefined);
    });
  });
