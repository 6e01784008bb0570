import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openComparison, planCompare, type CompareRequest } from '../../../src/engine/compare';
import { cancelJob, createJob, runJob, type JobOutcome } from '../../../src/engine/jobs';
import type { Home } from '../../../src/engine/home';
import type { Plan } from '../../../src/engine/plan';
import { startCluster, type Cluster } from '../../support/postgres';
import { accessTo, testBuilds } from '../../support/restoring';

describe('jobs: comparing (PostgreSQL)', function () {
  this.timeout(120_000);
  let cluster: Cluster;
  let root: string;
  let home: Home;

  before(async () => {
    cluster = await startCluster(15);
    root = await mkdtemp(join(tmpdir(), 'rp-jobs-'));
    home = { config: join(root, 'config'), state: join(root, 'state'), backups: join(root, 'backups') };
    await cluster.sql('create database shop');
    await cluster.sql(
      `create table t as select g as id, repeat('x', 300) as x from generate_series(1, 20000) g`,
      'shop',
    );
    // As a restore point is kept.
    await cluster.sql('create database kept template shop');
    await cluster.sql('alter database kept allow_connections false');
    await cluster.sql('delete from t where id <= 10; create view v as select 1 as one', 'shop');
  });
  after(async () => {
    await rm(root, { recursive: true, force: true });
    await cluster?.stop();
  });

  async function plan(options: CompareRequest['options']): Promise<Plan> {
    const access = await accessTo(cluster);
    try {
      return await planCompare(
        {
          left: { kind: 'database', access, database: 'kept' },
          right: { kind: 'database', access, database: 'shop' },
          options,
        },
        { builds: await testBuilds([15]), now: new Date(), folder: join(root, 'comparisons') },
      );
    } finally {
      await access.close();
    }
  }

  async function run(made: Plan, act?: (folder: string) => void): Promise<JobOutcome> {
    const job = await createJob(made, home);
    const secrets = Object.fromEntries(
      Object.values(made.connections).map(({ id }) => [id, cluster.password]),
    );
    return await runJob(job.folder, secrets, {
      home,
      onEvent: (event) => {
        if (event.type === 'progress' && event.fraction) act?.(job.folder);
      },
    });
  }

  const closed = async (): Promise<string> =>
    await cluster.sql(`select datallowconn from pg_database where datname = 'kept'`);

  it('a restore point with its database: it lets nobody in before and after', async () => {
    const made = await plan({ rows: true });
    assert.deepEqual(
      made.steps.map((step) => step.do),
      ['sql', 'compare', 'sql'],
    );
    assert.deepEqual(
      made.warnings.map(({ code }) => code),
      ['compare.load', 'compare.load'],
    );
    const outcome = await run(made);
    assert.equal(outcome.state, 'succeeded', JSON.stringify(outcome.error));
    assert.equal(await closed(), 'f');
    await using file = await openComparison(String(made.facts.comparison));
    assert.deepEqual(
      file.summary.tables.map(({ name, removed, added }) => [name, removed, added]),
      [['t', 10, 0]],
    );
    assert.deepEqual(
      file.summary.objects.differences.map(({ change, name }) => [change, name]),
      [['added', 'v']],
    );
  });

  it('is cancelled without a trace, and lets nobody in again', async () => {
    const made = await plan({ rows: true, rate: 1 << 20 });
    const before = await readdir(join(root, 'comparisons'));
    const outcome = await run(made, (folder) => void cancelJob(folder));
    assert.equal(outcome.state, 'cancelled');
    assert.equal(await closed(), 'f');
    assert.deepEqual(await readdir(join(root, 'comparisons')), before);
    const sessions = `select count(*) from pg_stat_activity where datname in ('kept', 'shop')`;
    while ((await cluster.sql(sessions)) !== '0') await new Promise((done) => setTimeout(done, 50));
  });
});
