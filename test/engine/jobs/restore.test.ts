import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { cancelJob, createJob, readSummary, runJob, type JobEvent } from '../../../src/engine/jobs';
import type { Plan, SqlStep, ToolStep } from '../../../src/engine/plan';
import { psqlArgs } from '../../../src/engine/restore/psqlArgs';
import { startCluster, type Cluster } from '../../support/postgres';
import { eventually, plan, temporaryHome } from '../../unit/jobs/samples';
import { connectionOf, secretsOf, sessions, states, toolStep } from './support';

const run = promisify(execFile);

describe('jobs: restoring (PostgreSQL)', function () {
  this.timeout(120_000);
  let cluster: Cluster;
  let home: ReturnType<typeof temporaryHome>;
  let dump: string;
  before(async () => {
    cluster = await startCluster(17);
    await cluster.sql('create database shop');
    await cluster.sql(
      `create table orders (id int primary key, note text);
       insert into orders select i, md5(i::text) from generate_series(1, 20000) i;
       create index on orders (note); create role shop_owner; alter table orders owner to shop_owner`,
      'shop',
    );
  });
  after(() => cluster?.stop());
  beforeEach(async () => {
    home = temporaryHome();
    await mkdir(home.backups);
    dump = join(home.backups, 'shop.dump');
    const args = [
      '-h',
      cluster.socketDir,
      '-p',
      String(cluster.port),
      '-U',
      'postgres',
      '-Fc',
      '-f',
      dump,
      'shop',
    ];
    await run(join(cluster.bin, 'pg_dump'), args);
  });
  afterEach(async () => {
    await cluster.sql('drop database if exists copy with (force)');
    home.remove();
  });

  const exists = async (name: string): Promise<boolean> =>
    (await cluster.sql(`select count(*) from pg_database where datname = '${name}'`)) === '1';

  const create: SqlStep = {
    do: 'sql',
    title: 'Create copy',
    weight: 1,
    connection: 'target',
    database: 'postgres',
    statements: ['create database copy template template0'],
  };

  function restorePlan(tool: Partial<ToolStep>, different: Partial<Plan> = {}): Plan {
    return plan({
      kind: 'restore',
      title: 'Restore shop.dump into copy',
      connections: { target: connectionOf(cluster) },
      steps: [
        create,
        toolStep(cluster, {
          title: 'Restore copy',
          tool: 'pg_restore',
          dialect: 'pg_restore',
          connection: 'target',
          database: 'copy',
          tolerant: true,
          ...tool,
        }),
        { do: 'countRestored', title: 'Count', weight: 10, connection: 'target', database: 'copy' },
      ],
      onFailure: [
        {
          ...create,
          title: 'Drop copy',
          statements: ['drop database if exists copy with (force)'],
          tolerant: true,
          onlyAfter: 0,
        },
      ],
      locks: [{ server: 'test', database: 'copy' }],
      restores: dump,
      facts: { database: 'copy', strategy: 'new', entries: 3 },
      ...different,
    });
  }

  async function runPlan(p: Plan) {
    const job = await createJob(p, home);
    const events: JobEvent[] = [];
    const outcome = await runJob(job.folder, secretsOf(cluster), { onEvent: (e) => events.push(e) });
    return { job, events, outcome };
  }

  it('restores, counts and says how far it is', async () => {
    const { outcome, events } = await runPlan(restorePlan({ args: ['-v', dump] }));
    assert.equal(outcome.state, 'succeeded', JSON.stringify(outcome.error));
    assert.deepEqual(outcome.result?.tables, [{ schema: 'public', name: 'orders', rows: 20_000 }]);
    assert.deepEqual(outcome.messages, { harmless: 0, degraded: 0, failed: 0 });
    const fractions = events.flatMap((e) =>
      e.type === 'progress' && e.fraction !== null ? [e.fraction] : [],
    );
    assert.equal(fractions.at(-1), 1);
    assert.deepEqual(
      fractions,
      fractions.toSorted((a, b) => a - b),
    );
    assert.equal(await sessions(cluster), 0);
  });

  it('feeds a wrapped script to psql, and tells the share that was read', async () => {
    const script = join(home.backups, 'shop.sql.gz');
    const { stdout } = await run(join(cluster.bin, 'pg_restore'), ['-f', '-', dump], { maxBuffer: 1 << 28 });
    await writeFile(script, gzipSync(stdout));
    const args = [...psqlArgs({ stopOnError: true }), '-f', '-'];
    const { outcome } = await runPlan(
      restorePlan({ tool: 'psql', dialect: 'psql', stdin: script, args, tolerant: false }),
    );
    assert.equal(outcome.state, 'succeeded', JSON.stringify(outcome.error));
    assert.equal(await cluster.sql('select count(*) from orders', 'copy'), '20000');
  });

  it('is a success with harmless messages, although pg_restore ends with 1', async () => {
    await cluster.sql('alter role shop_owner rename to other_owner');
    try {
      const { outcome } = await runPlan(restorePlan({ args: ['-v', dump] }));
      assert.equal(outcome.state, 'succeeded', JSON.stringify(outcome.error));
      assert.ok(outcome.messages.harmless + outcome.messages.degraded > 0);
      assert.equal(outcome.messages.failed, 0);
    } finally {
      await cluster.sql('alter role other_owner rename to shop_owner');
    }
  });

  for (const keepGoing of [false, true])
    it(`fails when an entry could not be restored, and ${keepGoing ? 'keeps' : 'takes away'} the rest`, async () => {
      await cluster.sql('create database copy template template0');
      await cluster.sql('create table orders (wrong text)', 'copy');
      const p = restorePlan({ args: ['-v', dump], keepGoing });
      if (keepGoing) p.facts.tolerant = true;
      // In place: the table is there with another column, so its rows cannot be copied.
      p.steps[0] = { ...create, statements: ['select 1'] };
      const { outcome } = await runPlan(p);
      assert.equal(outcome.state, 'failed');
      assert.ok(outcome.messages.failed > 0);
      // Said by the tool's messages, not only noticed when counting.
      assert.notEqual(outcome.error?.code, 'restore.counts');
      assert.equal(await exists('copy'), keepGoing);
      assert.equal(outcome.result !== null, keepGoing);
    });

  it('does not drop a database that was there before', async () => {
    const first = await runPlan(restorePlan({ args: ['-v', dump] }));
    assert.equal(first.outcome.state, 'succeeded', JSON.stringify(first.outcome.error));
    const again = await runPlan(restorePlan({ args: ['-v', dump] }));
    assert.equal(again.outcome.state, 'failed');
    assert.equal(again.outcome.error?.sqlState, '42P04');
    assert.equal(await cluster.sql('select count(*) from orders', 'copy'), '20000');
  });

  it('is cancelled in the middle, and the new database is gone', async () => {
    // pg_restore waits in the middle of its work for an advisory lock that the test holds.
    const p = restorePlan({ args: ['-v', dump] });
    p.steps.splice(1, 0, {
      ...create,
      title: 'Wait',
      database: 'copy',
      statements: [
        `create function public.wait() returns event_trigger language plpgsql as 'begin perform pg_sleep(600); end'`,
        `create event trigger wait on ddl_command_start when tag in ('CREATE INDEX') execute function public.wait()`,
      ],
    });
    const job = await createJob(p, home);
    const events: JobEvent[] = [];
    const running = runJob(job.folder, secretsOf(cluster), { onEvent: (e) => events.push(e) });
    await eventually(
      async () =>
        (await cluster.sql(
          `select count(*) from pg_stat_activity where datname = 'copy' and wait_event = 'PgSleep'`,
        )) !== '0',
      'pg_restore waits',
    );
    await cancelJob(job.folder);
    const outcome = await running;
    assert.equal(outcome.state, 'cancelled');
    assert.equal(outcome.error, null);
    assert.deepEqual(states(events), ['queued', 'running', 'cancelled']);
    assert.equal(await exists('copy'), false);
    assert.equal(await sessions(cluster), 0);
    assert.deepEqual(await readdir(join(home.state, 'locks')), []);
    assert.equal((await readSummary(job.folder)).state, 'cancelled');
  });

  it('is cancelled in the statement that makes the database, and none is left', async () => {
    const p = restorePlan({ args: ['-v', dump] });
    p.steps[0] = {
      ...create,
      statements: ['select pg_sleep(600)', 'create database copy template template0'],
    };
    const job = await createJob(p, home);
    const running = runJob(job.folder, secretsOf(cluster));
    await eventually(
      async () =>
        (await cluster.sql(`select count(*) from pg_stat_activity where query ~ '^select pg_sleep'`)) !== '0',
      'it sleeps',
    );
    await cancelJob(job.folder);
    assert.equal((await running).state, 'cancelled');
    assert.equal(await exists('copy'), false);
    assert.equal(await sessions(cluster), 0);
  });
});
