import assert from 'node:assert/strict';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  createJob,
  followJob,
  isTerminal,
  reapJobs,
  startRunner,
  type JobEvent,
} from '../../../src/engine/jobs';
import type { Plan } from '../../../src/engine/plan';
import type { RestorePoint } from '../../../src/engine/points';
import {
  listPoints,
  planBack,
  planCreatePoint,
  planUndo,
  type RestoreContext,
} from '../../../src/engine/restore';
import { runTool } from '../../support/databases';
import { useTempFolder } from '../../support/fixtures';
import { startCluster, type Cluster } from '../../support/postgres';
import { seededRandom } from '../../support/random';
import { Restorer } from '../../support/restoring';
import { cli } from '../jobs/support';

/** Faults in all; `RESTORE_POINT_FAULTS=200` for the long mode, with `RESTORE_POINT_SEED` for others. */
const total = Number(process.env.RESTORE_POINT_FAULTS ?? 30);
const seed = Number(process.env.RESTORE_POINT_SEED ?? 1);

const ways = ['replace', 'in-place', 'in-place with a dump', 'undo', 'back', 'new'] as const;
type Way = (typeof ways)[number];

/**
 * Runners are killed and servers stopped, at the borders of steps and in between: afterwards the database is the
 * one before or the one after, never neither, an undo still works, and nothing is left that is not listed.
 */
describe('the fault matrix of restores', function () {
  this.timeout(120_000 + total * 10_000);
  const folder = useTempFolder();
  let cluster: Cluster;
  let restorer: Restorer;

  before(async () => {
    cluster = await startCluster(17);
    restorer = await Restorer.open(cluster);
    await cluster.sql('create database other');
    await fill('other', 'after');
  });
  beforeEach(async () => {
    await runTool(cluster, 17, 'pg_dump', ['-Fc', '-f', path(), 'other']);
    await cluster.sql('create database shop');
    await fill('shop', 'before');
    await cluster.sql(`alter database shop set work_mem = '7MB'`);
  });
  afterEach(async () => {
    const left = await cluster.sql(`select datname from pg_database where datname like 'shop%'`);
    for (const name of left.split('\n').filter(Boolean))
      await cluster.sql(`drop database "${name}" with (force)`);
    for (const place of Object.values(restorer.home)) await rm(place, { recursive: true, force: true });
    await mkdir(restorer.home.backups, { recursive: true });
  });
  after(async () => {
    await restorer?.close();
    await cluster?.stop();
  });

  const path = (): string => join(folder(), 'other.dump');
  const fill = async (database: string, name: string): Promise<string> =>
    await cluster.sql(
      `create table state as select '${name}' as name;
       create table rows as select g as id, md5(g::text) as text from generate_series(1, 20000) g;
       create index on rows (text)`,
      database,
    );
  const state = async (database = 'shop'): Promise<string> =>
    await cluster.sql('select name || (select count(*) from rows) from state', database);
  const points = async ({ access, folder: place }: RestoreContext): Promise<RestorePoint[]> =>
    await listPoints(access, { folders: [place!], database: 'shop' });

  async function planFor(way: Way): Promise<Plan> {
    const request = { artifact: path(), database: 'shop' };
    switch (way) {
      case 'new':
        return await restorer.plan({ ...request, database: 'shop_new', strategy: 'new' });
      case 'replace':
        return await restorer.plan({ ...request, strategy: 'replace' });
      case 'in-place':
        return await restorer.plan({ ...request, strategy: 'in-place', safety: 'clone' });
      case 'in-place with a dump':
        return await restorer.plan({ ...request, strategy: 'in-place', safety: 'dump' });
      case 'undo':
        assert.equal((await restorer.restore({ ...request, strategy: 'replace' })).state, 'succeeded');
        return await restorer.with(async (context) =>
          planUndo({ point: 'shop' }, await points(context), context),
        );
      case 'back': {
        const made = await restorer.with((context) => planCreatePoint({ database: 'shop' }, context));
        const point = String((await restorer.run(made)).result?.undo);
        await cluster.sql(`update state set name = 'later'`, 'shop');
        return await restorer.with(async (context) => planBack({ point }, await points(context), context));
      }
    }
  }

  /** The states `shop` may be in, whatever happened. */
  const allowed: Record<Way, string[]> = {
    new: ['before20000'],
    replace: ['before20000', 'after20000'],
    'in-place': ['before20000', 'after20000'],
    'in-place with a dump': ['before20000', 'after20000'],
    undo: ['after20000', 'before20000'],
    back: ['later20000', 'before20000'],
  };

  const random = seededRandom(seed);
  for (let n = 0; n < total; n++) {
    const way = ways[n % ways.length]!;
    const victim = Math.floor(n / ways.length) % 2 ? 'server' : 'runner';
    const [share, delay, exact] = [random(), random(), random() < 0.5];
    it(`${n + 1}: ${way}, the ${victim} dies ${exact ? 'at the border of steps' : 'in a step'}`, async () => {
      const plan = await planFor(way);
      const at = Math.floor(share * plan.steps.length);
      const before = new Set(await databases());
      await runAndStrike(plan, at, exact ? 0 : delay * 150, victim);
      const now = await state();
      assert.ok(allowed[way].includes(now), `${now} at step ${at} of ${plan.steps.length}`);
      assert.match(
        await cluster.sql(`select setconfig::text from pg_db_role_setting s join pg_database d on d.oid = setdatabase
          where datname = 'shop'`),
        /work_mem=7MB/,
      );
      const listed = new Set((await restorer.with(points)).map(({ id }) => id));
      for (const name of await databases()) {
        // A new database has the name that was asked for, and its job says that it was interrupted.
        if (before.has(name) || listed.has(name) || name === 'shop' || name === 'shop_new') continue;
        assert.fail(`${name} is left over and not listed (step ${at})`);
      }
      if (way === 'new') return;
      // What was kept leads back, and the same restore can be made again.
      const kept = (await restorer.with(points)).find(
        ({ reason, unfinished }) => reason === 'restore' && !unfinished,
      );
      if (kept && way !== 'undo') {
        const undone = await restorer.run(
          await restorer.with(async (context) =>
            planUndo({ point: kept.id, endSessions: true }, await points(context), context),
          ),
        );
        assert.equal(undone.state, 'succeeded', JSON.stringify(undone.error));
        assert.equal(await state(), 'before20000');
      }
      const again = await restorer.restore({
        artifact: path(),
        database: 'shop',
        strategy: 'replace',
        endSessions: true,
      });
      assert.equal(again.state, 'succeeded', JSON.stringify(again.error));
      assert.equal(await state(), 'after20000');
      // Marked ones of the dead job are gone now; one it had no time to mark stays listed.
      const unfinished = (await restorer.with(points)).filter((point) => point.unfinished);
      const restoring = (await databases()).filter((name) => name.includes('restoring'));
      assert.deepEqual(
        restoring,
        unfinished.map(({ id }) => id),
      );
      for (const { id } of unfinished)
        assert.equal(
          await cluster.sql(
            `select shobj_description(oid, 'pg_database') is null from pg_database where datname = '${id}'`,
          ),
          't',
        );
    });
  }

  const databases = async (): Promise<string[]> =>
    (await cluster.sql(`select datname from pg_database where datname like 'shop%' order by 1`)).split('\n');

  /** Runs the plan in a process of its own and kills it, or stops the server, at a moment of one step. */
  async function runAndStrike(
    plan: Plan,
    step: number,
    afterMs: number,
    victim: 'runner' | 'server',
  ): Promise<void> {
    const job = await createJob(plan, restorer.home);
    const secrets = Object.fromEntries(
      Object.values(plan.connections).map(({ id }) => [id, cluster.password]),
    );
    await startRunner(job, {
      cli,
      secrets,
      env: { ...process.env, RESTORE_POINT_HOME: join(restorer.home.state, '..') },
    });
    const pid = await runnerOf(job.folder);
    const over = new AbortController();
    for await (const event of followJob(job.folder, { signal: over.signal })) {
      if (ended(event)) break;
      if (event.type !== 'step' || event.index !== step) continue;
      await new Promise((resolve) => setTimeout(resolve, afterMs));
      if (victim === 'server') await cluster.restart();
      else {
        try {
          process.kill(pid, 'SIGKILL');
        } catch {
          // It was done already.
        }
        over.abort();
        break;
      }
    }
    await gone(pid);
    await reapJobs(restorer.home);
    // What its programs do on the server ends with them.
    for (;;) {
      const left = await cluster.sql(
        `select count(pg_terminate_backend(pid)) from pg_stat_activity where application_name like 'restore-point%'`,
      );
      if (left === '0') break;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
});

function ended(event: JobEvent): boolean {
  return event.type === 'state' && isTerminal(event.state);
}

async function gone(pid: number): Promise<void> {
  for (let i = 0; i < 1200; i++) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('The runner did not end.');
}

/** The file may still be being written. */
async function runnerOf(folder: string): Promise<number> {
  for (;;) {
    const text = await readFile(join(folder, 'runner.json'), 'utf8');
    if (text) return (JSON.parse(text) as { pid: number }).pid;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
