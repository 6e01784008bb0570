import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { listArtifacts, verify } from '../../../src/engine/artifacts';
import {
  cancelJob,
  createJob,
  followJob,
  isTerminal,
  listJobs,
  readSummary,
  reapJobs,
  runJob,
  startRunner,
  type Job,
  type JobEvent,
} from '../../../src/engine/jobs';
import type { Plan } from '../../../src/engine/plan';
import { startCluster, type Cluster } from '../../support/postgres';
import { eventually, temporaryHome } from '../../unit/jobs/samples';
import {
  cli,
  commandLines,
  dumpPlan,
  dumpWaits,
  holdLock,
  secretsOf,
  sessions,
  states,
  textOf,
  toolStep,
} from './support';

const run = promisify(execFile);

describe('jobs: a runner of its own (PostgreSQL)', function () {
  this.timeout(180_000);
  let cluster: Cluster;
  let home: ReturnType<typeof temporaryHome>;
  let env: NodeJS.ProcessEnv;
  before(async () => {
    cluster = await startCluster(17);
    await cluster.sql('create database shop');
    await cluster.sql(
      `create table a_first (id int);
       create table orders as
         select i as id, md5(i::text) || md5((i * 7)::text) as note from generate_series(1, 300000) i; analyze`,
      'shop',
    );
  });
  after(() => cluster?.stop());
  beforeEach(() => {
    home = temporaryHome();
    env = { ...process.env, RESTORE_POINT_HOME: home.root };
  });
  afterEach(() => home.remove());

  async function start(p: Plan): Promise<Job> {
    const job = await createJob(p, home);
    await startRunner(job, { cli, secrets: secretsOf(cluster), env });
    return job;
  }

  async function events(folder: string): Promise<JobEvent[]> {
    const all: JobEvent[] = [];
    for await (const event of followJob(folder)) all.push(event);
    return all;
  }

  const runnerPid = async (folder: string): Promise<number> =>
    (JSON.parse(await readFile(join(folder, 'runner.json'), 'utf8')) as { pid: number }).pid;

  /** Nothing is left of a job: no program, no session, no partial file, no lock. */
  async function assertNothingLeft(job: Job): Promise<void> {
    await eventually(async () => (await sessions(cluster)) === 0, 'sessions end');
    // The runner has its last word before it gives its lock back and ends.
    await eventually(
      async () => !(await commandLines()).some((line) => line.includes(job.id)),
      'the programs are gone',
    );
    const partial = (await readdir(home.backups, { recursive: true }).catch(() => [])).filter((name) =>
      name.includes('.partial'),
    );
    assert.deepEqual(partial, []);
    assert.deepEqual(await readdir(join(home.state, 'locks')).catch(() => []), []);
  }

  it('goes on when the process that started it is gone; no secret in any argument list or file', async () => {
    const first = await createJob(dumpPlan(cluster, join(home.backups, 'shop.dump')), home);
    await cancelJob(first.folder);
    const lock = await holdLock(cluster, 'shop', 'orders');
    // This process starts the runner and ends.
    await run(process.execPath, [cli, 'jobs', 'retry', first.id], {
      env: { ...env, PGPASSWORD: cluster.password },
    });
    const job = (await listJobs(home)).find(({ id }) => id !== first.id);
    assert.ok(job);
    await eventually(() => dumpWaits(cluster), 'the dump waits for the lock');
    for (const line of await commandLines())
      for (const form of [cluster.password, encodeURIComponent(cluster.password)])
        assert.ok(!line.includes(form), line);
    await lock.release();
    const seen = await events(job.folder);
    assert.deepEqual(states(seen), ['queued', 'running', 'succeeded'], JSON.stringify(seen.at(-1)));
    const text = await textOf(home.state);
    for (const form of [cluster.password, encodeURIComponent(cluster.password)])
      assert.ok(!text.includes(Buffer.from(form).toString('latin1')));
    const [artifact] = await listArtifacts([home.backups]);
    assert.ok(artifact && (await verify(artifact.path, 'contents', {})).ok);
  });

  it('is followed on after a reload, without a gap and without an event twice', async () => {
    const lock = await holdLock(cluster, 'shop', 'orders');
    const job = await start(dumpPlan(cluster, join(home.backups, 'shop.dump')));
    await eventually(() => dumpWaits(cluster), 'the dump waits for the lock');
    const before: JobEvent[] = [];
    const window = new AbortController();
    for await (const event of followJob(job.folder, {
      signal: window.signal,
      onCaughtUp: () => before.length && window.abort(),
    }))
      before.push(event);
    assert.ok(before.length > 0);
    await lock.release();
    const after: JobEvent[] = [];
    for await (const event of followJob(job.folder, { afterSeq: before.at(-1)!.seq })) after.push(event);
    const all = [...before, ...after];
    assert.deepEqual(
      all.map(({ seq }) => seq),
      all.map((_, i) => i),
    );
    assert.equal(states(all).at(-1), 'succeeded');
  });

  it('lets the second job on a database wait, says for whom, and how far that one is', async () => {
    const lock = await holdLock(cluster, 'shop', 'orders');
    const first = await start(dumpPlan(cluster, join(home.backups, 'one.dump')));
    await eventually(() => dumpWaits(cluster), 'the dump waits for the lock');
    const second = await start(dumpPlan(cluster, join(home.backups, 'two.dump')));
    const third = await start(dumpPlan(cluster, join(home.backups, 'three.dump')));
    const waiting = async (job: Job): Promise<boolean> =>
      (await readSummary(job.folder)).reason?.includes(first.id) ?? false;
    await eventually(() => waiting(second), 'the second says whom it waits for');
    assert.equal((await readSummary(second.folder)).state, 'queued');
    await cancelJob(third.folder);
    assert.equal(states(await events(third.folder)).at(-1), 'cancelled');
    await lock.release();
    assert.equal(states(await events(first.folder)).at(-1), 'succeeded');
    assert.equal(states(await events(second.folder)).at(-1), 'succeeded');
    await assertNothingLeft(second);
  });

  for (const how of ['file', 'SIGTERM'] as const)
    it(`is cancelled in the middle of the dump by ${how}, and leaves nothing`, async () => {
      const lock = await holdLock(cluster, 'shop', 'orders');
      try {
        const job = await start(dumpPlan(cluster, join(home.backups, 'shop.dump')));
        await eventually(() => dumpWaits(cluster), 'the dump waits for the lock');
        if (how === 'file') await cancelJob(job.folder);
        else process.kill(await runnerPid(job.folder), 'SIGTERM');
        assert.equal(states(await events(job.folder)).at(-1), 'cancelled');
        await assertNothingLeft(job);
      } finally {
        await lock.release();
      }
    });

  describe('killed with SIGKILL', () => {
    async function killAndReap(job: Job): Promise<void> {
      process.kill(await runnerPid(job.folder), 'SIGKILL');
      await eventually(async () => isTerminal((await readSummary(job.folder)).state), 'the death is noticed');
      await reapJobs(home);
      assert.equal((await readSummary(job.folder)).state, 'interrupted');
      assert.equal(states(await events(job.folder)).at(-1), 'interrupted');
    }

    /** The database can be backed up again, and what a killed job left on the server is ended by it. */
    async function assertUsable(): Promise<void> {
      const path = join(home.backups, 'again.dump');
      const next = await createJob(dumpPlan(cluster, path), home);
      const outcome = await runJob(next.folder, secretsOf(cluster));
      assert.equal(outcome.state, 'succeeded', JSON.stringify(outcome.error));
      assert.deepEqual(
        (await listArtifacts([home.backups])).map((artifact) => artifact.path),
        [path],
      );
      await assertNothingLeft(next);
    }

    it('while it waits its turn', async () => {
      const lock = await holdLock(cluster, 'shop', 'orders');
      const holder = await start(dumpPlan(cluster, join(home.backups, 'one.dump')));
      await eventually(() => dumpWaits(cluster), 'the dump waits for the lock');
      const queued = await start(dumpPlan(cluster, join(home.backups, 'two.dump')));
      await eventually(
        async () => (await readSummary(queued.folder)).reason?.includes(holder.id) ?? false,
        'it waits',
      );
      await killAndReap(queued);
      await cancelJob(holder.folder);
      assert.equal(states(await events(holder.folder)).at(-1), 'cancelled');
      await lock.release();
      await assertUsable();
    });

    it('in a statement before the tool', async () => {
      const p = dumpPlan(cluster, join(home.backups, 'one.dump'));
      p.steps.unshift({
        do: 'sql',
        title: 'Sleep',
        weight: 1,
        connection: 'source',
        database: 'shop',
        statements: ['select pg_sleep(600)'],
      });
      const job = await start(p);
      await eventually(
        async () =>
          (await cluster.sql(`select count(*) from pg_stat_activity where query ~ '^select pg_sleep'`)) !==
          '0',
        'it sleeps',
      );
      await killAndReap(job);
      // Its session sleeps on, the server does not know; the next job on this server ends it.
      await assertUsable();
    });

    for (const through of ['file', 'stdout'] as const)
      it(`in the middle of the dump (${through})`, async () => {
        const lock = await holdLock(cluster, 'shop', 'orders');
        const job = await start(dumpPlan(cluster, join(home.backups, 'one.dump'), { through }));
        await eventually(() => dumpWaits(cluster), 'the dump waits for the lock');
        await killAndReap(job);
        await eventually(
          async () => !(await commandLines()).some((line) => line.includes(job.id)),
          'the program is gone',
        );
        await lock.release();
        assert.deepEqual(await readdir(home.backups).catch(() => []), []);
        await assertUsable();
      });

    it('in the middle of a program that does not end by itself', async () => {
      // Not the program but what it started, which ignores what it is told: found by the process group.
      const seconds = String(86_400 + process.pid);
      const p = dumpPlan(cluster, join(home.backups, 'one.dump'), {
        steps: [
          toolStep(cluster, {
            tool: 'psql',
            dialect: 'psql',
            args: ['-X', '-c', `\\! trap "" INT TERM HUP; echo started; exec sleep ${seconds}`],
          }),
        ],
      });
      const job = await start(p);
      const started = async (): Promise<boolean> => (await textOf(job.folder)).includes('"text":"started"');
      await eventually(started, 'the program runs');
      await killAndReap(job);
      await eventually(
        async () => !(await commandLines()).some((line) => line.includes(seconds)),
        'what it started is gone',
      );
      await assertUsable();
    });

    it('at any moment: what is listed afterwards is whole', async () => {
      const whole = await start(dumpPlan(cluster, join(home.backups, 'whole.dump')));
      const began = performance.now();
      await events(whole.folder);
      const duration = performance.now() - began;
      const moments = 8;
      for (let i = 0; i < moments; i++) {
        const path = join(home.backups, `moment${i}.dump`);
        const job = await start(dumpPlan(cluster, path, { through: i % 2 ? 'file' : 'stdout' }));
        await new Promise((resolve) => setTimeout(resolve, (duration * (i + 0.5)) / moments));
        try {
          process.kill(await runnerPid(job.folder), 'SIGKILL');
        } catch {
          // It was done already.
        }
        await eventually(async () => isTerminal((await readSummary(job.folder)).state), 'it ended');
        await reapJobs(home);
        const { state } = await readSummary(job.folder);
        const listed = (await listArtifacts([home.backups])).find((artifact) => artifact.path === path);
        if (state === 'succeeded') assert.ok(listed?.manifest);
        if (listed) assert.ok((await verify(path, 'contents', {})).ok);
        await assertNothingLeft(job);
      }
    });
  });
});
