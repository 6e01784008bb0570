import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { JobOutcome } from '../../../src/engine/jobs';
import type { Plan } from '../../../src/engine/plan';
import type { RestorePoint } from '../../../src/engine/points';
import {
  listPoints,
  planBack,
  planCreatePoint,
  planExpire,
  planUndo,
  type CreatePointRequest,
  type RestoreContext,
} from '../../../src/engine/restore';
import { runTool } from '../../support/databases';
import { useTempFolder } from '../../support/fixtures';
import { startCluster, type Cluster } from '../../support/postgres';
import { adorn, propertiesOf } from '../../support/properties';
import { Restorer } from '../../support/restoring';

for (const major of [15, 17, 18])
  describe(`restore points, PostgreSQL ${major}`, function () {
    this.timeout(120_000);
    const folder = useTempFolder();
    let cluster: Cluster;
    let restorer: Restorer;

    before(async () => {
      cluster = await startCluster(major);
      restorer = await Restorer.open(cluster);
    });
    beforeEach(async () => {
      await cluster.sql('create database shop');
      await cluster.sql(`create table state as select 'first' as name`, 'shop');
    });
    afterEach(async () => {
      const left = await cluster.sql(`select datname from pg_database where datname like 'shop%'`);
      for (const name of left.split('\n').filter(Boolean))
        await cluster.sql(`drop database "${name}" with (force)`);
      await rm(restorer.home.backups, { recursive: true, force: true });
    });
    after(async () => {
      await restorer?.close();
      await cluster?.stop();
    });

    const points = async (context: RestoreContext): Promise<RestorePoint[]> =>
      await listPoints(context.access, { folders: [context.folder!], database: 'shop' });
    const run = async (plan: Plan): Promise<JobOutcome> => {
      const outcome = await restorer.run(plan);
      assert.equal(outcome.state, 'succeeded', JSON.stringify(outcome.error));
      return outcome;
    };
    const create = async (request: Partial<CreatePointRequest> = {}): Promise<string> => {
      const plan = await restorer.with((context) =>
        planCreatePoint(
          { database: 'shop', note: 'before\nthe migration', ...request },
          { ...context, git: { branch: 'main', commit: 'c0ffee' } },
        ),
      );
      const { result } = await run(plan);
      return String(result?.undo);
    };
    const back = async (point: string, keep?: boolean): Promise<JobOutcome> =>
      await run(
        await restorer.with(async (context) =>
          planBack({ point, ...(keep === undefined ? {} : { keep }) }, await points(context), context),
        ),
      );
    const state = async (): Promise<string> => await cluster.sql('select name from state', 'shop');
    const set = async (name: string): Promise<string> =>
      await cluster.sql(`update state set name = '${name}'`, 'shop');
    const names = async (): Promise<string[]> =>
      (await cluster.sql(`select datname from pg_database where datname like 'shop%' order by 1`)).split(
        '\n',
      );

    it('a clone is gone back to as often as one likes, with all that belongs to the database', async () => {
      await adorn(cluster, 'shop');
      const before = await propertiesOf(cluster, 'shop');
      const point = await create();
      assert.match(point, /^shop__point_\d{8}T\d{6}$/);
      await cluster.sql(`alter database shop reset work_mem; grant all on database shop to reader`);
      await cluster.sql(`comment on database shop is 'changed'; alter database shop owner to postgres`);
      for (const next of ['second', 'third']) {
        await set(next);
        await back(point);
        assert.equal(await state(), 'first');
        assert.equal(await propertiesOf(cluster, 'shop'), before);
      }
      const found = await restorer.with(points);
      assert.deepEqual(
        found.map(({ reason, kind }) => `${reason} ${kind}`),
        ['back database', 'back database', 'manual database'],
      );
      const mine = found.find(({ id }) => id === point);
      assert.deepEqual(
        [mine?.note, mine?.git],
        ['before\nthe migration', { branch: 'main', commit: 'c0ffee' }],
      );
      // What was left behind by going back can be had again.
      await run(
        await restorer.with(async (context) => planUndo({ point: 'shop' }, await points(context), context)),
      );
      assert.equal(await state(), 'third');
    });

    it('without keeping the point only names change', async () => {
      const point = await create();
      await set('second');
      await back(point, false);
      assert.equal(await state(), 'first');
      assert.ok(!(await names()).includes(point));
      assert.equal((await names()).length, 2);
    });

    it('a dump where a clone is not wanted, and back from it', async () => {
      const point = await create({ how: 'dump' });
      assert.match(point, /\.dump$/);
      await set('second');
      const [listed] = await restorer.with(points);
      assert.deepEqual([listed?.id, listed?.kind, listed?.of], [point, 'dump', 'shop']);
      await back(point);
      assert.equal(await state(), 'first');
    });

    it('before a restore in place: a clone, or a dump while others are connected; both lead back', async () => {
      const path = join(folder(), 'other.dump');
      await cluster.sql('create database shop_other');
      await cluster.sql(`create table state as select 'other' as name`, 'shop_other');
      await runTool(cluster, major, 'pg_dump', ['-Fc', '-f', path, 'shop_other']);
      const request = { artifact: path, database: 'shop', strategy: 'in-place' as const };
      const cloned = await run(await restorer.plan(request));
      assert.equal(await state(), 'other');
      assert.match(String(cloned.result?.undo), /^shop__point_/);
      await run(
        await restorer.with(async (context) =>
          planUndo({ point: String(cloned.result?.undo) }, await points(context), context),
        ),
      );
      assert.equal(await state(), 'first');

      const held = cluster.sql('select pg_sleep(60)', 'shop').catch(() => undefined);
      while (
        (await cluster.sql(`select count(*) from pg_stat_activity where wait_event = 'PgSleep'`)) !== '1'
      )
        await new Promise((resolve) => setTimeout(resolve, 30));
      const plan = await restorer.plan(request);
      assert.match(plan.checked![0]!.text, /dumped first.*sessions are connected/);
      const dumped = await run(plan);
      assert.equal(await state(), 'other');
      assert.match(String(dumped.result?.undo), /\.dump$/);
      await run(
        await restorer.with(async (context) =>
          planUndo({ point: String(dumped.result?.undo), endSessions: true }, await points(context), context),
        ),
      );
      assert.equal(await state(), 'first');
      await held;
      assert.equal((await restorer.plan({ ...request, safety: 'none' })).steps[0]?.do, 'tool');
    });

    it('expire by number and age, never the newest, and nothing that is not ours', async () => {
      const made = [await create(), await create(), await create({ how: 'dump' })];
      const all = await restorer.with(points);
      assert.equal(all.length, 3);
      const plan = await restorer.with((context) => planExpire({ count: 1 }, all, context));
      assert.equal(plan.destroys.length, 2);
      assert.ok(plan.destroys[0]?.includes(made[1]!), plan.destroys.join());
      const future = new Date(Date.now() + 30 * 24 * 3600 * 1000);
      const old = await restorer.with((context) =>
        planExpire({ days: 14 }, all, { ...context, now: future }),
      );
      assert.equal(old.destroys.length, 2);
      // Somebody took one over meanwhile.
      await cluster.sql(`comment on database "${made[0]}" is 'mine now'`);
      const outcome = await restorer.run(plan);
      assert.equal(outcome.error?.code, 'point.notOurs', JSON.stringify({ outcome, plan, made, all }));
      assert.ok((await names()).includes(made[0]!));
      await run(
        await restorer.with(async (context) =>
          planExpire({ points: [made[2]!] }, await points(context), context),
        ),
      );
      assert.deepEqual(await restorer.with(points), []);
    });

    it('what is not there is told', async () => {
      await assert.rejects(
        restorer.with((context) => planBack({ point: 'nowhere' }, [], context)),
        { code: 'point.none' },
      );
      await assert.rejects(
        restorer.with((context) => planCreatePoint({ database: 'nowhere' }, context)),
        { code: 'restore.noDatabase' },
      );
    });
  });
