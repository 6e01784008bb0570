import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { open, type RestoringFormat } from '../../../src/engine/archive';
import { runTool } from '../../support/databases';
import { useTempFolder } from '../../support/fixtures';
import { startCluster, type Cluster } from '../../support/postgres';

describe('SQL that brings rows back', function () {
  this.timeout(60_000);
  const folder = useTempFolder();
  let cluster: Cluster;
  const names = ['plain', 'inserts'] as const;
  let kept: string;

  before(async () => {
    cluster = await startCluster(15);
    kept = await mkdtemp(join(tmpdir(), 'rp-rows-'));
    await cluster.sql('create database shop');
    await cluster.sql(
      `create schema "My ""S"; create table "My ""S"."t t" (
         a int, "b b" text, n numeric, d text, ok boolean, primary key (a, "b b"));
       create table ids (id int generated always as identity primary key, v text);
       create table keys (k int primary key);
       create table nokey (v text);
       insert into "My ""S"."t t" select i, 'b' || i, i / 3.0, repeat(chr(39) || E'\\n\\\\', i), i % 2 = 0
         from generate_series(1, 250) i;
       insert into "My ""S"."t t" values (0, '', null, repeat('x''', 3000000), null);
       insert into ids (v) select i from generate_series(1, 5) i;
       insert into keys values (1), (2);
       insert into nokey values ('x')`,
      'shop',
    );
    for (const name of names)
      await runTool(cluster, 15, 'pg_dump', [
        ...['-f', join(kept, name), '-Fp', ...(name === 'inserts' ? ['--column-inserts'] : []), 'shop'],
      ]);
  });
  after(async () => {
    await rm(kept, { recursive: true, force: true });
    await cluster?.stop();
  });
  afterEach(() => cluster.sql('drop database if exists live'));

  async function sqlOf(name: string, table: string, format: RestoringFormat): Promise<string> {
    await using archive = await open(join(kept, name));
    const entry = archive.contents.entries.find((one) => one.kind === 'TABLE DATA' && one.name === table)!;
    const parts: Buffer[] = [];
    for await (const part of archive.exportRows(entry.id, { format })) parts.push(part);
    return Buffer.concat(parts).toString();
  }
  /** Changed, missing and additional rows. */
  const live = async (): Promise<void> => {
    await cluster.sql('create database live template shop');
    await cluster.sql(
      `delete from "My ""S"."t t" where a % 5 = 0; update "My ""S"."t t" set d = 'mine' where a % 7 = 1;
       insert into "My ""S"."t t" values (999, 'more', 1, 'mine', true);
       delete from ids where id < 3; update ids set v = 'mine' where id = 4; delete from keys where k = 1`,
      'live',
    );
  };
  const state = (database: string, where = 'true'): Promise<string> =>
    cluster.sql(
      `select count(*) || ' ' || coalesce(md5(string_agg(t::text, '|' order by a)), '') from "My ""S"."t t" t where ${where}`,
      database,
    );

  for (const name of names) {
    const run = async (format: RestoringFormat): Promise<void> => {
      await live();
      for (const table of ['t t', 'ids', 'keys']) {
        const path = join(folder(), 'rows.sql');
        await writeFile(path, await sqlOf(name, table, format));
        await cluster.load(path, 'live');
      }
    };

    it(`inserts what is missing and leaves the others (${name})`, async () => {
      await run('inserts-missing');
      assert.equal(await state('live', `a <> 999 and a % 7 <> 1`), await state('shop', 'a % 7 <> 1'));
      assert.match(await state('live', `d = 'mine'`), /^3[0-9] /);
      assert.equal(
        await cluster.sql('select string_agg(v, $$,$$ order by id) from ids', 'live'),
        '1,2,3,mine,5',
      );
      assert.equal(await cluster.sql('select count(*) from keys', 'live'), '2');
    });

    it(`writes over those that are there (${name})`, async () => {
      await run('upserts');
      assert.equal(await state('live', 'a <> 999'), await state('shop'));
      assert.equal(
        await cluster.sql('select string_agg(v, $$,$$ order by id) from ids', 'live'),
        '1,2,3,4,5',
      );
    });

    it(`changes only those that are there (${name})`, async () => {
      await run('updates');
      assert.equal(await state('live', 'a <> 999'), await state('shop', 'a % 5 <> 0'));
      assert.equal(await cluster.sql('select string_agg(v, $$,$$ order by id) from ids', 'live'), '3,4,5');
    });
  }

  it('refuses to tell rows apart without a key', async () => {
    await assert.rejects(sqlOf('plain', 'nokey', 'upserts'), /no primary key/);
    assert.match(await sqlOf('plain', 'nokey', 'inserts-missing'), /ON CONFLICT DO NOTHING/);
  });
});
