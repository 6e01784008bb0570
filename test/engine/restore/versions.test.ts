import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSampleRoles, loadSample, rowsOf, runTool, schemaOf } from '../../support/databases';
import { startCluster, type Cluster } from '../../support/postgres';
import { Restorer } from '../../support/restoring';

const samples = ['chinook', 'pagila', 'nasty'] as const;

describe('restore from one PostgreSQL into another', function () {
  this.timeout(240_000);
  let old: Cluster;
  let recent: Cluster;
  let intoOld: Restorer;
  let intoRecent: Restorer;
  let folder: string;

  before(async () => {
    [old, recent] = await Promise.all([startCluster(15), startCluster(18)]);
    intoOld = await Restorer.open(old);
    intoRecent = await Restorer.open(recent);
    folder = await mkdtemp(join(tmpdir(), 'rp-versions-'));
    for (const cluster of [old, recent]) await createSampleRoles(cluster);
    for (const sample of samples) await loadSample(old, sample);
  });
  after(async () => {
    await intoOld?.close();
    await intoRecent?.close();
    await old?.stop();
    await recent?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  for (const sample of samples)
    for (const format of ['custom', 'plain'])
      it(`15 into 18: ${sample}, ${format}`, async () => {
        const path = join(folder, `${sample}-${format}`);
        await runTool(old, 15, 'pg_dump', [`--format=${format}`, '-f', path, sample]);
        const database = `${sample}_${format}`;
        const outcome = await intoRecent.restore({ artifact: path, database, strategy: 'new' });
        assert.equal(outcome.state, 'succeeded', JSON.stringify(outcome.error));
        assert.deepEqual(await rowsOf(recent, database), await rowsOf(old, sample));
        assert.equal(likeNew(await schemaOf(recent, database, 18)), likeNew(await schemaOf(old, sample, 18)));
      });

  for (const format of ['custom', 'plain'])
    it(`an archive of pg_dump 18 into a server 15: ${format}; the setting it does not know is harmless`, async () => {
      const path = join(folder, `new-${format}`);
      await runTool(old, 18, 'pg_dump', [`--format=${format}`, '-f', path, 'chinook']);
      const database = `back_${format}`;
      const plan = await intoOld.plan({ artifact: path, database, strategy: 'new' });
      const outcome = await intoOld.run(plan);
      assert.equal(outcome.state, 'succeeded', JSON.stringify(outcome.error));
      assert.deepEqual(await rowsOf(old, database), await rowsOf(old, 'chinook'));
      if (format === 'plain') {
        // psql stops at errors, so the line is left out before it gets there.
        assert.ok(plan.warnings.some((w) => w.code === 'script.settingOmitted'));
        assert.equal(outcome.messages.harmless, 0);
      } else assert.ok(outcome.messages.harmless >= 1);
    });

  it('an archive of pg_dump 18 in place into a server 15 cannot be one transaction, and says so', async () => {
    const path = join(folder, 'in-place');
    await runTool(old, 18, 'pg_dump', ['-Fc', '-f', path, 'chinook']);
    await old.sql('create database place template chinook');
    const plan = await intoOld.plan({ artifact: path, database: 'place', strategy: 'in-place' });
    assert.ok(plan.warnings.some((w) => w.code === 'restore.noTransaction'));
    const outcome = await intoOld.run(plan);
    assert.equal(outcome.state, 'succeeded', JSON.stringify(outcome.error));
    assert.deepEqual(await rowsOf(old, 'place'), await rowsOf(old, 'chinook'));
    for (const option of ['single-transaction', 'exit-on-error'])
      await assert.rejects(
        intoOld.plan({
          artifact: path,
          database: 'place',
          strategy: 'in-place',
          options: { [option]: true },
        }),
        { code: 'restore.options' },
      );
  });

  it('a backup of a newer server is restored as far as the older one goes, with a warning', async () => {
    await recent.sql('create database modern');
    await recent.sql(
      'create table t (a int primary key, b int generated always as (a * 2) virtual); insert into t values (1), (2); create table u as select 1 as x',
      'modern',
    );
    const path = join(folder, 'modern');
    await runTool(recent, 18, 'pg_dump', ['-Fc', '-f', path, 'modern']);
    const request = { artifact: path, database: 'modern', strategy: 'new' as const };
    const plan = await intoOld.plan(request);
    assert.ok(plan.warnings.some((w) => w.code === 'target.older'));
    const outcome = await intoOld.run(plan);
    assert.equal(outcome.state, 'failed');
    assert.equal(await old.sql(`select count(*) from pg_database where datname = 'modern'`), '0');
    const kept = await intoOld.restore({ ...request, tolerant: true });
    assert.equal(kept.error?.code, 'restore.incomplete');
    assert.equal(await old.sql('select x from u', 'modern'), '1');
  });
});

/** Older servers print `orders.total` in views where newer ones print `total`. */
function likeNew(schema: string): string {
  return schema.replace(/\b(?:orders|r)\.(?=\w)/g, '');
}
