import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  exportDifferences,
  openComparison,
  scriptText,
  takeRows,
  type Direction,
} from '../../../src/engine/compare';
import { Comparer, countsOf } from '../../support/comparing';
import { loadSample, runTool } from '../../support/databases';
import { startCluster, type Cluster } from '../../support/postgres';

const changes = `
  update app.orders set note = E'tab\\t\\'quote\\' \\\\ end', total = null where id % 10 = 3;
  delete from app.orders where id % 10 = 4;
  insert into app.orders (id, customer, total) overriding system value select 1000 + g, 1, g from generate_series(1, 5) g;
  delete from app.customers where id = 50; insert into app.customers (id, name) overriding system value values (99, 'new');
  update app.loose set b = 'z' where ctid = (select min(ctid) from app.loose); delete from app.loose where a = 2;
  update app.typed set j = '{"x": 1}', x = '<b/>', y = '\\xff00' where id = 1;
`;
const base = `
  create schema app;
  create table app.customers (id int generated always as identity primary key, name text);
  create table app.orders (id int generated always as identity primary key, customer int not null references app.customers, total numeric, note text, twice numeric generated always as (total * 2) stored);
  create table app.loose (a int, b text, j json); create table app.typed (id int primary key, j json, x xml, y bytea, t timestamptz, a text[]);
  insert into app.customers (name) select 'c' || g from generate_series(1, 50) g;
  insert into app.orders (customer, total, note) select 1 + g % 49, g, 'n' from generate_series(1, 100) g;
  insert into app.loose select g % 3, 'x', '{}' from generate_series(1, 9) g;
  insert into app.typed values (1, '[1, 2]', '<a/>', '\\x00', now(), array['a"b', null]);
`;

describe('taking differences', function () {
  this.timeout(120_000);
  let cluster: Cluster;
  let comparer: Comparer;
  let dump: string;

  before(async () => {
    cluster = await startCluster(18);
    comparer = await Comparer.open();
    await cluster.sql('create database base');
    await cluster.sql(base, 'base');
    dump = join(comparer.folder, 'base.dump');
    await runTool(cluster, 18, 'pg_dump', ['-Fc', '-f', dump, 'base']);
  });
  after(async () => {
    await comparer?.close();
    await cluster?.stop();
  });
  beforeEach(async () => {
    await cluster.sql('create database now template base');
    await cluster.sql(changes, 'now');
  });
  afterEach(async () => {
    for (const name of ['now', 'copy']) await cluster.sql(`drop database if exists ${name}`);
  });

  async function taken(path: string, direction: Direction): Promise<string> {
    await using file = await openComparison(path);
    const all = file.summary.tables.flatMap(({ kept }, table) =>
      kept > 0 ? [{ table, rows: 'all' as const }] : [],
    );
    const { sql, complete } = await takeRows(file, all, direction);
    assert.ok(complete);
    return sql;
  }

  it('gives back what was: nothing differs afterwards', async () => {
    const found = await comparer.compare(dump, { cluster, database: 'now' });
    assert.equal(countsOf(found, 'orders'), '+5 -10 ~10 =80');
    assert.equal(countsOf(found, 'customers'), '+1 -1 ~0 =49');
    assert.equal(countsOf(found, 'loose'), '+1 -4 ~0 =5');
    assert.equal(countsOf(found, 'typed'), '+0 -0 ~1 =0');
    await cluster.sql(`begin; ${await taken(comparer.last, 'toLeft')} commit`, 'now');
    const again = await comparer.compare(dump, { cluster, database: 'now' });
    assert.deepEqual(
      again.tables.map(({ name, state }) => [name, state]),
      ['customers', 'loose', 'orders', 'typed'].map((name) => [name, 'same']),
    );
  });

  it('brings what is into a database as it was', async () => {
    await comparer.compare(dump, { cluster, database: 'now' });
    const sql = await taken(comparer.last, 'toRight');
    await cluster.sql('create database copy template base');
    await cluster.sql(`begin; ${sql} commit`, 'copy');
    const again = await comparer.compare({ cluster, database: 'copy' }, { cluster, database: 'now' });
    assert.ok(
      again.tables.every(({ state }) => state === 'same'),
      JSON.stringify(again.tables.map(({ name, notes, state }) => [name, state, notes])),
    );
  });

  it('brings a table back that was dropped, with its rows', async () => {
    await cluster.sql('drop table app.orders', 'now');
    const found = await comparer.compare(dump, { cluster, database: 'now' });
    const script = scriptText(found.scripts.toLeft, { title: 'back' });
    await cluster.sql(script, 'now');
    await cluster.sql(`begin; ${await taken(comparer.last, 'toLeft')} commit`, 'now');
    const again = await comparer.compare(dump, { cluster, database: 'now' });
    assert.deepEqual(again.objects.differences, []);
    assert.ok(again.tables.every(({ state }) => state === 'same'));
  });

  it('refuses what it does not have whole', async () => {
    await cluster.sql(`update app.orders set note = repeat('long', 100000) where id = 7`, 'now');
    await comparer.compare(dump, { cluster, database: 'now' });
    await assert.rejects(taken(comparer.last, 'toRight'), { code: 'compare.cutValue' });
    assert.match(await taken(comparer.last, 'toLeft'), /WHERE "id" = '7'/);
  });

  it('writes differences as CSV, JSON lines and SQL', async () => {
    await comparer.compare(dump, { cluster, database: 'now' });
    await using file = await openComparison(comparer.last);
    const index = file.summary.tables.findIndex(({ name }) => name === 'typed');
    const text = async (format: 'csv' | 'jsonl' | 'sql'): Promise<string> => {
      let all = '';
      for await (const piece of exportDifferences(file, index, format)) all += piece;
      return all;
    };
    const [head, ...lines] = (await text('csv')).trimEnd().split('\n');
    assert.equal(head, 'change,side,id,j,x,y,t,a');
    assert.equal(lines.length, 2);
    assert.match(lines[1]!, /^changed,right,1,"\{""x"": 1\}",<b\/>,\\xff00,/);
    const one = JSON.parse(await text('jsonl')) as {
      change: string;
      left: { j: string };
      right: { j: string };
    };
    assert.deepEqual([one.change, one.left.j, one.right.j], ['changed', '[1, 2]', '{"x": 1}']);
    assert.match(await text('sql'), /^UPDATE "app"\."typed" SET "j" = '\[1, 2\]'/);
  });

  it('takes the nasty fixture back', async () => {
    await loadSample(cluster, 'nasty');
    try {
      const path = join(comparer.folder, 'nasty.dump');
      await runTool(cluster, 18, 'pg_dump', ['-Fc', '-f', path, 'nasty']);
      const tables = (
        await cluster.sql(
          `select format('%I.%I', n.nspname, c.relname) from pg_class c join pg_namespace n on n.oid = c.relnamespace
          where c.relkind = 'r' and n.nspname !~ '^pg_' and n.nspname <> 'information_schema' and c.relnatts > 0`,
          'nasty',
        )
      ).split('\n');
      const found = await comparer.compare(path, { cluster, database: 'nasty' });
      assert.ok(
        found.equal,
        JSON.stringify([
          found.objects.differences,
          found.faults,
          found.tables.filter(({ state }) => state !== 'same'),
        ]),
      );
      assert.ok(tables.length > 10);
      await cluster.sql(
        `set session_replication_role = replica; do $$ declare t text; begin for t in select format('%I.%I', n.nspname, c.relname) from pg_class c join pg_namespace n on n.oid = c.relnamespace
          where c.relkind = 'r' and not c.relispartition and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
          loop execute 'delete from only ' || t; end loop; end $$`,
        'nasty',
      );
      await comparer.compare(path, { cluster, database: 'nasty' });
      const sql = join(comparer.folder, 'nasty.sql');
      await writeFile(
        sql,
        `begin; set local session_replication_role = replica; ${await taken(comparer.last, 'toLeft')} commit;`,
      );
      await cluster.load(sql, 'nasty');
      const again = await comparer.compare(path, { cluster, database: 'nasty' });
      assert.deepEqual(
        again.tables
          .filter(({ state }) => state !== 'same')
          .map(({ name, added, removed, changed, notes }) => ({ name, added, removed, changed, notes })),
        [],
      );
    } finally {
      await cluster.sql('drop database nasty');
    }
  });
});
