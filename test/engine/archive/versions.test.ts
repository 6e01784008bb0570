import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { countRows, identify, open, readContents } from '../../../src/engine/archive';
import { putTogether, takeApart, type ArchiveImage } from '../../support/archive-image';
import { loadSample } from '../../support/databases';
import { dump } from '../../support/dumps';
import { useTempFolder } from '../../support/fixtures';
import { listed, listing, listingLine } from '../../support/listing';
import { postgresBin, startCluster, type Cluster } from '../../support/postgres';

const run = promisify(execFile);

describe('archives of older versions', () => {
  const folder = useTempFolder();
  let cluster: Cluster;
  let image: ArchiveImage;
  let rows: Awaited<ReturnType<typeof countRows>>;
  const file = (): string => join(folder(), 'old');

  before(async () => {
    cluster = await startCluster(15);
    await loadSample(cluster, 'nasty');
  });
  beforeEach(async () => {
    await dump(cluster, 'nasty', file(), ['-Fc']);
    image = takeApart(await readFile(file()));
    rows = await countRows(file());
    assert.deepEqual(rows.faults, []);
  });
  after(() => cluster?.stop());

  /** What pg_restore 18 makes of it; it only warns of what it does not support any more. */
  async function restore(...options: string[]): Promise<string> {
    const tool = join(postgresBin(18)!, 'pg_restore');
    const env = { PATH: process.env.PATH, LC_ALL: 'C.UTF-8' };
    return (await run(tool, [...options, file()], { env, maxBuffer: 1 << 28 })).stdout;
  }

  it('are written by our tests as pg_dump 15 writes its own', async () => {
    assert.ok(putTogether(image, { minor: 14 }).equals(await readFile(file())));
  });

  for (const minor of [3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16])
    for (const offsetSize of minor >= 7 ? [4, 8] : [8])
      for (const recorded of [true, false])
        it(`1.${minor}, ${offsetSize} bytes, ${recorded ? 'recorded' : 'not recorded'}: read as pg_restore reads it`, async () => {
          await writeFile(file(), putTogether(image, { minor, offsetSize, recorded }));
          const contents = await readContents(file());
          assert.deepEqual(contents.faults, []);
          assert.deepEqual(contents.archiveVersion, [1, minor]);
          assert.deepEqual(contents.entries.filter(listed).map(listingLine), listing(await restore('-l')));
          // Before 1.6 nobody knew of schemas.
          const names = ({ tables }: typeof rows): string[] =>
            tables.map((table) => `${minor >= 6 ? table.schema : ''}.${table.name}=${table.rows}`);
          const counted = await countRows(file());
          assert.deepEqual(counted.faults, []);
          assert.deepEqual(names(counted), names(rows));
          assert.equal(counted.largeObjects, rows.largeObjects);
          // The rows of every table as pg_restore prints them.
          const script = await restore('-a', '-f', '-');
          const archive = await open(file());
          for (const { id, kind } of contents.entries)
            if (kind === 'TABLE DATA') {
              const parts: Buffer[] = [];
              for await (const part of archive.data(id).read(0)) parts.push(part);
              assert.ok(script.includes(Buffer.concat(parts).toString('utf8')), String(id));
            }
          await archive.close();
        });

  it('of tables with OIDs give these as a column, for pg_dump before 12', async () => {
    await cluster.sql('CREATE DATABASE oids');
    await cluster.sql(
      `CREATE TABLE t (was bigint, id int, note text);
       INSERT INTO t VALUES (16400, 1, 'x'), (4294967295, 2, NULL), (16402, 3, E'a\\tb');`,
      'oids',
    );
    await dump(cluster, 'oids', file(), ['-Fc', '-Z0']);
    const old = takeApart(await readFile(file()));
    const table = old.entries.find(({ head }) => String(head[3]) === 'TABLE')!;
    table.withOids = Buffer.from('true');
    table.texts[0] = Buffer.from('CREATE TABLE public.t (\n    id integer,\n    note text\n);\n');
    const data = old.entries.find(({ head }) => String(head[3]) === 'TABLE DATA')!;
    data.texts[2] = Buffer.from('COPY public.t (id, note) WITH OIDS FROM stdin;\n');
    await writeFile(file(), putTogether(old, { minor: 12 }));
    await using archive = await open(file());
    const { id } = archive.contents.entries.find(({ kind }) => kind === 'TABLE DATA')!;
    const columns = archive.columns(id).map(({ name, type }) => `${name} ${type}`);
    assert.deepEqual(columns, ['oid oid', 'id integer', 'note text']);
    const found: (string | null)[][] = [];
    for await (const { values } of archive.rows(id)) found.push(values);
    assert.deepEqual(found, [
      ['16400', '1', 'x'],
      ['4294967295', '2', null],
      ['16402', '3', 'a\tb'],
    ]);
    const counted = await countRows(file());
    assert.deepEqual([counted.faults, counted.tables[0]!.rows], [[], 3]);
    const exported: Buffer[] = [];
    for await (const part of archive.exportRows(id, { format: 'tsv' })) exported.push(part);
    assert.ok((await restore('-a', '-f', '-')).includes(`WITH OIDS FROM stdin;\n${Buffer.concat(exported)}`));
  });

  it('newer or strange ones are refused politely', async () => {
    const whole = await readFile(file());
    const refused = async (at: number, byte: number): Promise<string> => {
      const bytes = Buffer.from(whole);
      bytes[at] = byte;
      await writeFile(file(), bytes);
      const { kind, reason } = await identify(file());
      assert.equal(kind, 'broken');
      await assert.rejects(readContents(file()), { code: 'archive.notADump' });
      return reason!;
    };
    assert.match(await refused(6, 17), /1\.17, which is newer/);
    assert.match(await refused(5, 2), /2\.14, which is newer/);
    assert.match(await refused(6, 2), /1\.2/);
    assert.match(await refused(8, 8), /integers have 8 bytes/);
    assert.match(await refused(8, 0), /integers have 0 bytes/);
    assert.match(await refused(9, 40), /offsets have 40 bytes/);
  });
});
