import assert from 'node:assert/strict';
import { join } from 'node:path';
import { createJob, runJob, type JobEvent } from '../../../src/engine/jobs';
import { startCluster, type Cluster } from '../../support/postgres';
import { eventually, plan, temporaryHome } from '../../unit/jobs/samples';
import { connectionOf, dumpPlan, secretsOf, toolStep } from './support';

describe('jobs: progress within a table (PostgreSQL)', function () {
  this.timeout(180_000);
  let cluster: Cluster;
  let home: ReturnType<typeof temporaryHome>;
  const rows = 600_000;
  before(async () => {
    cluster = await startCluster(17);
    await cluster.sql('create database shop');
    await cluster.sql(
      `create table orders as
         select i as id, md5(i::text) || md5((i * 7)::text) || md5((i * 3)::text) as note
         from generate_series(1, ${rows}) i;
       create table other as select * from orders limit 1000; analyze`,
      'shop',
    );
  });
  after(() => cluster?.stop());
  beforeEach(() => (home = temporaryHome()));
  afterEach(() => home.remove());

  const relations = [
    { schema: 'public', name: 'orders', bytes: 80_000_000, rows },
    { schema: 'public', name: 'other', bytes: 130_000, rows: 1000 },
  ];

  /** Stops the tool in the middle of the big table: then only the server can know how far it is. */
  async function fractionWhileStopped(parallel: boolean): Promise<number> {
    const path = join(home.backups, parallel ? 'shop.dir' : 'shop.dump');
    const p = dumpPlan(cluster, path);
    const args = parallel
      ? ['-Fd', '-j2', '-v', '-f', `${path}.partial`]
      : ['-Fc', '-v', '-f', `${path}.partial`];
    p.steps = [toolStep(cluster, { args, writes: `${path}.partial`, relations })];
    delete p.artifact;
    const job = await createJob(p, home);
    let pid = 0;
    const fractions: number[] = [];
    const stop = new AbortController();
    let begun = false;
    const onEvent = (event: JobEvent): void => {
      if (event.type === 'process') pid = event.pid;
      if (event.type === 'log' && event.text.includes('contents of table "public.orders"')) {
        begun = true;
        process.kill(-pid, 'SIGSTOP');
      }
      if (event.type === 'progress' && event.fraction !== null) fractions.push(event.fraction);
    };
    const running = runJob(job.folder, secretsOf(cluster), { onEvent, signal: stop.signal });
    try {
      await eventually(() => begun, 'the table begins');
      // Stopped before it had asked for the rows: let it go on for a moment.
      while (
        (await cluster.sql('select count(*) from pg_stat_progress_copy where tuples_processed > 0')) === '0'
      ) {
        process.kill(-pid, 'SIGCONT');
        await new Promise((resolve) => setTimeout(resolve, 10));
        process.kill(-pid, 'SIGSTOP');
      }
      await eventually(() => fractions.some((f) => f > 0.001), 'the server tells a part of the table');
      return fractions.at(-1)!;
    } finally {
      process.kill(-pid, 'SIGCONT');
      stop.abort();
      await running;
    }
  }

  it('comes from the server while one table is dumped', async () => {
    const fraction = await fractionWhileStopped(false);
    assert.ok(fraction > 0 && fraction < 0.9, String(fraction));
  });

  it('comes from the server while several are dumped at a time', async () => {
    const fraction = await fractionWhileStopped(true);
    assert.ok(fraction > 0 && fraction < 0.9, String(fraction));
  });

  it('comes from what was read of a script', async () => {
    const p = plan({
      connections: { source: connectionOf(cluster, 'shop') },
      steps: [
        toolStep(cluster, { stdout: join(home.backups, 'a.sql'), args: ['-v', '-t', 'orders'], relations }),
        toolStep(cluster, {
          tool: 'psql',
          dialect: 'psql',
          stdin: join(home.backups, 'a.sql'),
          database: 'back',
          args: ['-X', '-q', '-f', '-'],
        }),
      ],
    });
    await cluster.sql('create database back');
    const job = await createJob(p, home);
    let step = 0;
    let pid = 0;
    const fractions: number[] = [];
    const running = runJob(job.folder, secretsOf(cluster), {
      onEvent(event) {
        if (event.type === 'step') step = event.index;
        if (event.type === 'process') {
          pid = event.pid;
          if (event.name === 'psql') process.kill(-pid, 'SIGSTOP');
        }
        if (event.type === 'progress' && step === 1 && event.fraction !== null)
          fractions.push(event.fraction);
      },
    });
    await eventually(() => fractions.some((f) => f > 0.5), 'a part was read');
    process.kill(-pid, 'SIGCONT');
    await running;
    assert.equal(await cluster.sql('select count(*) from orders', 'back'), String(rows));
    assert.ok(
      fractions.some((f) => f > 0.5 && f < 0.95),
      fractions.join(' '),
    );
  });
});
