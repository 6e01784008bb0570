import assert from 'node:assert/strict';
import { mkdir, chown } from 'node:fs/promises';
import { join } from 'node:path';
import type { JobEvent } from '../../../src/engine/jobs';
import { listPoints, planUndo } from '../../../src/engine/restore';
import { loadSample, rowsOf, runTool, schemaOf } from '../../support/databases';
import { useTempFolder } from '../../support/fixtures';
import { startCluster, type Cluster } from '../../support/postgres';
import { adorn, propertiesOf } from '../../support/properties';
import { Restorer } from '../../support/restoring';

for (const major of [15, 18])
  describe(`replace by swap, PostgreSQL ${major}`, function () {
    this.timeout(120_000);
    const folder = useTempFolder();
    let cluster: Cluster;
    let restorer: Restorer;
    let path: string;

    before(async () => {
      cluster = await startCluster(major, {
        settings: { max_prepared_transactions: '5', wal_level: 'logical' },
      });
      restorer = await Restorer.open(cluster);
      await loadSample(cluster, 'chinook');
    });
    beforeEach(async () => {
      path = join(folder(), 'chinook.dump');
      await runTool(cluster, major, 'pg_dump', ['-Fc', '-f', path, 'chinook']);
      await cluster.sql('create database shop');
      await cluster.sql('create table mine as select 1 as a', 'shop');
      await adorn(cluster, 'shop');
    });
    afterEach(async () => {
      await cluster.sql('rollback prepared $$held$$', 'shop').catch(() => undefined);
      const left = await cluster.sql(`select datname from pg_database where datname like 'shop%'`);
      for (const name of left.split('\n').filter(Boolean))
        await cluster.sql(`drop database "${name}" with (force)`);
    });
    after(async () => {
      await restorer?.close();
      await cluster?.stop();
    });

    const databases = async (): Promise<string> =>
      await cluster.sql(
        `select string_agg(datname, ' ' order by datname) from pg_database where datname like 'shop%'`,
      );

    it('puts the old one aside, with everything that belongs to the database itself', async () => {
      const before = await propertiesOf(cluster, 'shop');
      const plan = await restorer.plan({ artifact: path, database: 'shop', strategy: 'replace' });
      assert.deepEqual(plan.destroys, []);
      assert.match(plan.wayBack!, /old shop .*stays beside it/);
      const outcome = await restorer.run(plan);
      assert.equal(outcome.state, 'succeeded', JSON.stringify(outcome.error));
      const kept = String(outcome.result?.undo);
      assert.match(kept, /^shop__before_\d{8}T\d{6}$/);
      assert.equal(await databases(), `shop ${kept}`);
      assert.deepEqual(await rowsOf(cluster, 'shop'), await rowsOf(cluster, 'chinook'));
      assert.equal(await schemaOf(cluster, 'shop', major), await schemaOf(cluster, 'chinook', major));
      assert.equal(await propertiesOf(cluster, 'shop'), before);
      const [point] = await restorer.with(({ access }) => listPoints(access));
      assert.deepEqual([point?.id, point?.of, point?.reason], [kept, 'shop', 'restore']);
      assert.ok(point!.bytes! > 1_000_000);
      await assert.rejects(cluster.sql('select 1', kept), /not currently accepting connections/);
    });

    it('undo gives the old one its name back, and can be undone itself', async () => {
      const before = await propertiesOf(cluster, 'shop');
      await restorer.restore({ artifact: path, database: 'shop', strategy: 'replace' });
      for (const expected of ['mine', 'Album', 'mine']) {
        const undone = await restorer.run(
          await restorer.with(async (context) =>
            planUndo({ point: 'shop' }, await listPoints(context.access), context),
          ),
        );
        if (expected !== 'Album' || undone.state !== 'succeeded')
          assert.equal(undone.state, 'succeeded', JSON.stringify(undone.error));
        const table = await cluster.sql(
          `select relname from pg_class where relname in ('mine', 'Album') and relkind = 'r'`,
          'shop',
        );
        assert.equal(table, expected);
        assert.equal(await propertiesOf(cluster, 'shop'), before);
        assert.equal((await databases()).split(' ').length, 2);
      }
    });

    it('in the tablespace of the old one', async () => {
      const place = join(cluster.socketDir, 'space');
      await mkdir(place).catch(() => undefined);
      const { uid } = await import('node:fs/promises').then(({ stat }) => stat(cluster.dataDir));
      await chown(place, uid, -1).catch(() => undefined);
      await cluster.sql(`create tablespace fast location '${place}'`);
      try {
        await cluster.sql('alter database shop set tablespace fast');
        const outcome = await restorer.restore({ artifact: path, database: 'shop', strategy: 'replace' });
        assert.equal(outcome.state, 'succeeded', JSON.stringify(outcome.error));
        const found = await cluster.sql(
          `select spcname from pg_database d join pg_tablespace t on t.oid = dattablespace where datname = 'shop'`,
        );
        assert.equal(found, 'fast');
      } finally {
        const left = await cluster.sql(`select datname from pg_database where datname like 'shop%'`);
        for (const name of left.split('\n').filter(Boolean))
          await cluster.sql(`drop database "${name}" with (force)`);
        await cluster.sql('drop tablespace fast');
      }
    });

    it('with sessions: blocked before the start, refused without a yes, and the old one stays', async () => {
      const held = cluster.sql('select pg_sleep(60)', 'shop');
      held.catch(() => undefined);
      await until(async () => (await sleepers()) === '1');
      const plan = await restorer.plan({ artifact: path, database: 'shop', strategy: 'replace' });
      const busy = plan.warnings.find(({ code }) => code === 'target.sessions');
      assert.equal(busy?.blocks, true);
      assert.deepEqual(busy?.fixes?.[0]?.set, { endSessions: true });
      const outcome = await restorer.run(plan);
      assert.equal(outcome.state, 'failed');
      assert.equal(outcome.error?.code, 'target.busy');
      assert.match(outcome.error!.what, /shop is as it was/);
      assert.equal(await databases(), 'shop');
      assert.equal(await cluster.sql('select a from mine', 'shop'), '1');
      assert.equal(await sleepers(), '1', 'nobody was disconnected');
      // With a yes: they are ended, and who connects in the step comes to the new one.
      const yes = await restorer.restore({
        artifact: path,
        database: 'shop',
        strategy: 'replace',
        endSessions: true,
      });
      assert.equal(yes.state, 'succeeded', JSON.stringify(yes.error));
      await assert.rejects(held, /terminating connection/);
    });

    it('prepared transactions and replication slots are told beforehand', async () => {
      await cluster.sql(`select pg_create_logical_replication_slot('mine', 'pgoutput')`, 'shop');
      await cluster.sql(`begin; insert into mine values (2); prepare transaction 'held'`, 'shop');
      const plan = await restorer.plan({ artifact: path, database: 'shop', strategy: 'replace' });
      const codes = plan.warnings.map(({ code, blocks }) => `${code} ${blocks ?? false}`);
      assert.ok(codes.includes('target.prepared true') && codes.includes('target.slots false'), codes.join());
      await cluster.sql(`rollback prepared 'held'`, 'shop');
      await cluster.sql(`select pg_drop_replication_slot('mine')`, 'shop');
    });

    it('rows that are not those of the backup: no swap, nothing left over', async () => {
      await cluster.sql('create table "Album" (x int)', 'shop');
      const plan = await restorer.plan({ artifact: path, database: 'shop', strategy: 'replace' });
      // A trigger on the way would do the same: the count finds fewer rows than the backup holds.
      const count = plan.steps.findIndex((step) => step.do === 'countRestored');
      plan.steps.splice(count, 0, {
        do: 'sql',
        title: 'lose a row',
        weight: 0,
        connection: 'target',
        database: 'shop__restoring',
        statements: ['delete from "PlaylistTrack" where "TrackId" = 1'],
      });
      const outcome = await restorer.run(plan);
      assert.equal(outcome.error?.code, 'restore.counts', JSON.stringify(outcome.error));
      assert.match(outcome.error!.what, /shop is as it was/);
      assert.equal(await databases(), 'shop');
      assert.equal(await cluster.sql('select a from mine', 'shop'), '1');
    });

    it('cancelled at every border of steps, the old one is there and nothing else', async () => {
      const steps = (await restorer.plan({ artifact: path, database: 'shop', strategy: 'replace' })).steps
        .length;
      for (let at = 0; at < steps; at++) {
        const plan = await restorer.plan({ artifact: path, database: 'shop', strategy: 'replace' });
        const cancel = new AbortController();
        const onEvent = (event: JobEvent): void => {
          if (event.type === 'step' && event.index === at) cancel.abort();
        };
        const outcome = await restorer.run(plan, { signal: cancel.signal, onEvent });
        assert.equal(outcome.state, 'cancelled', `at step ${at}: ${JSON.stringify(outcome.error)}`);
        assert.equal(await databases(), 'shop', `at step ${at}`);
        assert.equal(await cluster.sql('select a from mine', 'shop'), '1');
      }
    });

    it('what a dead job left is taken away, what is not ours stays', async () => {
      await cluster.sql('create database shop__restoring');
      const beside = await restorer.restore({ artifact: path, database: 'shop', strategy: 'replace' });
      assert.equal(beside.state, 'succeeded', JSON.stringify(beside.error));
      assert.match(await databases(), /^shop shop__before_\S+ shop__restoring$/);
      await cluster.sql('drop database shop__restoring');
      const plan = await restorer.plan({ artifact: path, database: 'shop', strategy: 'replace' });
      for (const step of plan.steps.slice(0, 2))
        if (step.do === 'sql') for (const statement of step.statements) await cluster.sql(statement);
      assert.match(await databases(), /shop__restoring/);
      const again = await restorer.restore({ artifact: path, database: 'shop', strategy: 'replace' });
      assert.equal(again.state, 'succeeded', JSON.stringify(again.error));
      assert.ok(!(await databases()).includes('restoring'));
    });

    it('without the rights it is refused beforehand', async () => {
      await cluster.sql(
        `do $do$ begin create role clerk login password 'x'; exception when duplicate_object then null; end $do$`,
      );
      await cluster.sql('grant connect on database shop to clerk');
      const as = { user: 'clerk', password: 'x' };
      const request = { artifact: path, database: 'shop', strategy: 'replace' as const };
      await assert.rejects(restorer.plan(request, as), { code: 'right.missing' });
      await cluster.sql('alter database shop owner to clerk');
      await assert.rejects(restorer.plan(request, as), { code: 'restore.createDb' });
      await cluster.sql('alter role clerk createdb');
      const outcome = await restorer.run(
        await restorer.plan({ ...request, options: { 'no-owner': true } }, as),
        {
          password: 'x',
        },
      );
      assert.equal(outcome.state, 'succeeded', JSON.stringify(outcome.error));
      // What only a superuser may set is told, and does not stop it.
      assert.ok(outcome.messages.degraded > 0);
      assert.match(await propertiesOf(cluster, 'shop'), /"limit": 17/);
      await cluster.sql('alter role clerk nocreatedb');
    });

    it('a database that is not there, and backups of several, are refused with what to do', async () => {
      const request = { artifact: path, database: 'nowhere', strategy: 'replace' as const };
      await assert.rejects(restorer.plan(request), { code: 'restore.noDatabase' });
      const cluster_ = join(folder(), 'all.sql');
      await runTool(cluster, major, 'pg_dumpall', ['-f', cluster_]);
      await assert.rejects(restorer.plan({ artifact: cluster_, database: 'shop', strategy: 'replace' }), {
        code: 'restore.options',
      });
    });

    async function sleepers(): Promise<string> {
      return await cluster.sql(`select count(*) from pg_stat_activity where wait_event = 'PgSleep'`);
    }
  });

async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 30_000;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error('It never came.');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
