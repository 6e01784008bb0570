import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Answers } from '../../../src/engine/tools';
import { loadSample, rowsOf, runTool, schemaOf } from '../../support/databases';
import { useTempFolder } from '../../support/fixtures';
import { startCluster, type Cluster } from '../../support/postgres';
import { Restorer } from '../../support/restoring';

describe('restore in place', function () {
  this.timeout(120_000);
  const folder = useTempFolder();
  let cluster: Cluster;
  let restorer: Restorer;
  let count = 0;

  before(async () => {
    cluster = await startCluster(17);
    restorer = await Restorer.open(cluster);
    await loadSample(cluster, 'chinook');
  });
  after(async () => {
    await restorer?.close();
    await cluster?.stop();
  });

  async function dump(database: string, ...args: string[]): Promise<string> {
    const path = join(folder(), `dump${++count}`);
    await runTool(cluster, 17, 'pg_dump', ['-f', path, ...args, database]);
    return path;
  }

  async function copyOf(template: string): Promise<string> {
    const name = `place${++count}`;
    await cluster.sql(`create database ${name} template ${template}`);
    return name;
  }

  for (const format of ['-Fc', '-Fd', '-Ft'])
    it(`brings back what was changed, and says beforehand what is lost (${format})`, async () => {
      const path = await dump('chinook', format);
      const database = await copyOf('chinook');
      await cluster.sql(
        'delete from "PlaylistTrack"; alter table "Artist" add more int; create table mine as select 1 as a',
        database,
      );
      const plan = await restorer.plan({ artifact: path, database, strategy: 'in-place' });
      assert.match(plan.destroys[0]!, /11 tables of place\d+ .*dropped with all their rows.*"Album"/);
      assert.match(plan.wayBack!, /leaves place\d+ as it was.*A clone of place\d+ is made first/s);
      assert.ok(plan.steps.some((step) => step.do === 'tool' && step.args.includes('--single-transaction')));
      const outcome = await restorer.run(plan);
      assert.equal(outcome.state, 'succeeded', JSON.stringify(outcome.error));
      assert.equal(await cluster.sql('select a from mine', database), '1', 'what the backup lacks stays');
      await cluster.sql('drop table mine', database);
      assert.deepEqual(await rowsOf(cluster, database), await rowsOf(cluster, 'chinook'));
      assert.equal(await schemaOf(cluster, database, 17), await schemaOf(cluster, 'chinook', 17));
    });

  it('with several jobs, without the one transaction', async () => {
    const path = await dump('chinook', '-Fd');
    const database = await copyOf('chinook');
    const plan = await restorer.plan({
      artifact: path,
      database,
      strategy: 'in-place',
      options: { jobs: 2 },
    });
    assert.match(plan.wayBack!, /^A clone of place\d+ is made first/);
    const bare = { artifact: path, database, strategy: 'in-place', safety: 'none' } as const;
    assert.match((await restorer.plan({ ...bare, options: { jobs: 2 } })).wayBack!, /^None/);
    assert.equal((await restorer.run(plan)).state, 'succeeded');
    assert.deepEqual(await rowsOf(cluster, database), await rowsOf(cluster, 'chinook'));
  });

  it('a failure leaves the database as it was', async () => {
    const path = await dump('chinook', '-Fc');
    const database = await copyOf('chinook');
    await cluster.sql('delete from "PlaylistTrack"; create view mine as select * from "Artist"', database);
    const before = await rowsOf(cluster, database);
    const outcome = await restorer.restore({ artifact: path, database, strategy: 'in-place' });
    assert.equal(outcome.state, 'failed');
    assert.equal(outcome.error?.code, 'restore.dependents', JSON.stringify(outcome.error));
    assert.match(outcome.error?.why ?? '', /mine/);
    assert.deepEqual(await rowsOf(cluster, database), before);
  });

  it('rows only: added, and refused where the keys are there', async () => {
    const path = await dump('chinook', '-Fc');
    const database = await copyOf('chinook');
    const request = {
      artifact: path,
      database,
      strategy: 'in-place' as const,
      options: { 'data-only': true },
    };
    const plan = await restorer.plan(request);
    assert.deepEqual(plan.destroys, []);
    assert.ok(plan.warnings.some((w) => w.code === 'restore.rowsAdded'));
    const outcome = await restorer.run(plan);
    assert.equal(outcome.error?.code, 'restore.duplicateKey');
    const tables = await cluster.sql(
      `select string_agg(format('%I', tablename), ',') from pg_tables where schemaname = 'public'`,
      database,
    );
    await cluster.sql(`truncate ${tables}`, database);
    const empty = await restorer.restore({
      ...request,
      options: { 'data-only': true, 'disable-triggers': true },
    });
    assert.equal(empty.state, 'succeeded', JSON.stringify(empty.error));
    assert.deepEqual(await rowsOf(cluster, database), await rowsOf(cluster, 'chinook'));
  });

  it('schema only, and without clean into an empty database', async () => {
    const path = await dump('chinook', '-Fc');
    const database = await copyOf('template0');
    const options = { 'schema-only': true, clean: false };
    const outcome = await restorer.restore({ artifact: path, database, strategy: 'in-place', options });
    assert.equal(outcome.state, 'succeeded', JSON.stringify(outcome.error));
    assert.equal(await schemaOf(cluster, database, 17), await schemaOf(cluster, 'chinook', 17));
    assert.equal(await cluster.sql('select count(*) from "Artist"', database), '0');
  });

  it('tolerant: what can be had is there, what failed is counted', async () => {
    const path = await dump('chinook', '-Fc');
    const database = await copyOf('chinook');
    await cluster.sql('drop table "PlaylistTrack"', database);
    const request = { artifact: path, database, strategy: 'in-place' as const, options: { clean: false } };
    const outcome = await restorer.restore({ ...request, tolerant: true });
    assert.equal(outcome.state, 'failed');
    assert.equal(outcome.error?.code, 'restore.incomplete');
    const { entries } = outcome.result as { entries: { restored: number; failed: number } };
    assert.ok(entries.failed > 20, JSON.stringify(entries));
    assert.ok(entries.restored > 0 && entries.restored < entries.failed);
    assert.deepEqual(await rowsOf(cluster, database), await rowsOf(cluster, 'chinook'));
  });

  it('scripts: into an empty database, in one transaction', async () => {
    const path = await dump('chinook');
    const database = await copyOf('template0');
    const request = { artifact: path, database, strategy: 'in-place' as const };
    assert.equal((await restorer.restore(request)).state, 'succeeded');
    assert.deepEqual(await rowsOf(cluster, database), await rowsOf(cluster, 'chinook'));
    // A second time it meets its own tables: everything stays.
    const again = await restorer.restore(request);
    assert.equal(again.error?.code, 'restore.objectExists');
    assert.deepEqual(await rowsOf(cluster, database), await rowsOf(cluster, 'chinook'));
    // An error in the middle takes back what came before it.
    const broken = join(folder(), 'broken.sql');
    await writeFile(broken, (await readFile(path, 'utf8')).replace('ALTER TABLE ONLY', 'ALTER TABLE OHNO'));
    const other = await copyOf('template0');
    const failed = await restorer.restore({ artifact: broken, database: other, strategy: 'in-place' });
    assert.equal(failed.error?.code, 'restore.syntax', JSON.stringify(failed.error));
    assert.match(failed.error?.why ?? '', /public/);
    assert.equal(await cluster.sql(`select count(*) from pg_tables where schemaname = 'public'`, other), '0');
  });

  it('options that do not apply to a script are refused with the reason', async () => {
    const path = await dump('chinook');
    const database = await copyOf('template0');
    for (const options of [{ jobs: 2 }, { clean: true }, { 'disable-triggers': true }] as Answers[])
      await assert.rejects(restorer.plan({ artifact: path, database, strategy: 'in-place', options }), {
        code: 'restore.scriptOption',
      });
  });

  it('a database that does not exist is refused', async () => {
    const path = await dump('chinook', '-Fc');
    await assert.rejects(restorer.plan({ artifact: path, database: 'nonesuch', strategy: 'in-place' }), {
      code: 'restore.noDatabase',
    });
  });
});
