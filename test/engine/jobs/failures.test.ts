import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmod, mkdir, open, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createJob, listJobs, readSummary, runJob, type JobEvent } from '../../../src/engine/jobs';
import { readEvents } from '../../../src/engine/jobs/read';
import { startCluster, type Cluster } from '../../support/postgres';
import { eventually, temporaryHome } from '../../unit/jobs/samples';
import { dumpPlan, dumpWaits, holdLock, secretsOf, sessions, states } from './support';

const run = promisify(execFile);

describe('jobs: what goes wrong (PostgreSQL)', function () {
  this.timeout(120_000);
  let cluster: Cluster;
  let home: ReturnType<typeof temporaryHome>;
  before(async () => {
    cluster = await startCluster(15);
    await cluster.sql('create database shop');
    await cluster.sql(
      `create table orders as
         select i as id, md5(i::text) || md5((i * 7)::text) as note from generate_series(1, 200000) i; analyze`,
      'shop',
    );
  });
  after(() => cluster?.stop());
  beforeEach(async () => {
    home = temporaryHome();
    await mkdir(home.backups);
  });
  afterEach(() => home.remove());

  for (const through of ['file', 'stdout'] as const)
    it(`a full disk (${through})`, async function () {
      if (process.platform !== 'linux' || process.getuid?.() !== 0) return this.skip();
      const mounted = await run('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', home.backups]).then(
        () => true,
        () => false,
      );
      if (!mounted) return this.skip();
      try {
        const job = await createJob(dumpPlan(cluster, join(home.backups, 'shop.dump'), { through }), home);
        const outcome = await runJob(job.folder, secretsOf(cluster));
        assert.equal(outcome.state, 'failed');
        assert.equal(outcome.error?.code, 'disk.full', JSON.stringify(outcome.error));
        assert.match(outcome.error.what, /shop\.dump/);
        assert.deepEqual(await readdir(home.backups), []);
        assert.equal(await sessions(cluster), 0);
      } finally {
        await run('umount', [home.backups]);
      }
    });

  it('a full disk where the events are written: the backup is made all the same', async function () {
    if (process.platform !== 'linux' || process.getuid?.() !== 0) return this.skip();
    const job = await createJob(dumpPlan(cluster, join(home.backups, 'shop.dump')), home);
    const mounted = await run('mount', ['-t', 'tmpfs', '-o', 'size=32k', 'tmpfs', job.folder]).then(
      () => true,
      () => false,
    );
    if (!mounted) return this.skip();
    try {
      await createFull(job.folder, job.plan);
      const told: JobEvent[] = [];
      const outcome = await runJob(job.folder, secretsOf(cluster), { onEvent: (e) => told.push(e) });
      assert.equal(outcome.state, 'succeeded', JSON.stringify(outcome.error));
      assert.ok((await readEvents(job.folder)).events.length < told.length, 'it was full');
    } finally {
      await run('umount', [job.folder]);
    }
    assert.ok((await stat(join(home.backups, 'shop.dump'))).size > 0);
  });

  it('a folder that cannot be written', async function () {
    const isRoot = process.getuid?.() === 0;
    // Root may write everywhere but on a file system that is mounted read-only.
    if (!isRoot) await chmod(home.backups, 0o500);
    else {
      const mount = run('mount', ['-t', 'tmpfs', '-o', 'ro,size=32k', 'tmpfs', home.backups]);
      const mounted = await mount.then(
        () => true,
        () => false,
      );
      if (!mounted) return this.skip();
    }
    try {
      for (const through of ['file', 'stdout'] as const) {
        const job = await createJob(dumpPlan(cluster, join(home.backups, 'shop.dump'), { through }), home);
        const outcome = await runJob(job.folder, secretsOf(cluster));
        assert.equal(outcome.error?.code, 'folder.unwritable', JSON.stringify(outcome.error));
      }
    } finally {
      if (isRoot) await run('umount', [home.backups]);
      else await chmod(home.backups, 0o700);
    }
  });

  it('a folder that is a file', async () => {
    for (const through of ['file', 'stdout'] as const) {
      const path = join(process.execPath, 'below', 'shop.dump');
      const job = await createJob(dumpPlan(cluster, path, { through }), home);
      const outcome = await runJob(job.folder, secretsOf(cluster));
      assert.equal(outcome.error?.code, 'file.io', JSON.stringify(outcome.error));
    }
  });

  it('the clock jumps while it runs', async () => {
    const lock = await holdLock(cluster, 'shop', 'orders');
    const job = await createJob(dumpPlan(cluster, join(home.backups, 'shop.dump')), home);
    const real = Date;
    const events: JobEvent[] = [];
    const running = runJob(job.folder, secretsOf(cluster), { onEvent: (e) => events.push(e) });
    try {
      await eventually(() => dumpWaits(cluster), 'the dump waits');
      const back = 400 * 24 * 3_600_000;
      globalThis.Date = class extends real {
        constructor(...args: []) {
          if (args.length) super(...args);
          else super(real.now() - back);
        }
        static override now(): number {
          return real.now() - back;
        }
      } as DateConstructor;
      await lock.release();
      const outcome = await running;
      assert.equal(outcome.state, 'succeeded', JSON.stringify(outcome.error));
    } finally {
      globalThis.Date = real;
    }
    const { durationMs, startedAt, endedAt } = await readSummary(job.folder);
    assert.ok(endedAt! < startedAt!, 'the clock did jump');
    assert.ok(durationMs! >= 0 && durationMs! < 100_000);
    const ms = events.map((event) => event.ms);
    assert.deepEqual(
      ms,
      ms.toSorted((a, b) => a - b),
    );
  });

  it('the server does not answer any more, and the job is cancelled', async () => {
    const lock = await holdLock(cluster, 'shop', 'orders');
    const job = await createJob(dumpPlan(cluster, join(home.backups, 'shop.dump')), home);
    const stop = new AbortController();
    const running = runJob(job.folder, secretsOf(cluster), { signal: stop.signal });
    await eventually(() => dumpWaits(cluster), 'the dump waits');
    // The postmaster takes no new connection: neither a cancel request nor a session to end others from.
    cluster.process.kill('SIGSTOP');
    try {
      stop.abort();
      assert.equal((await running).state, 'cancelled');
      assert.deepEqual(await readdir(home.backups), []);
      assert.deepEqual(await readdir(join(home.state, 'locks')), []);
    } finally {
      cluster.process.kill('SIGCONT');
    }
    await lock.release();
  });

  // The last one: it takes the server away.
  it('the server is killed in the middle of the dump', async () => {
    const lock = await holdLock(cluster, 'shop', 'orders');
    const job = await createJob(dumpPlan(cluster, join(home.backups, 'shop.dump')), home);
    const events: JobEvent[] = [];
    const running = runJob(job.folder, secretsOf(cluster), { onEvent: (e) => events.push(e) });
    await eventually(() => dumpWaits(cluster), 'the dump waits');
    cluster.process.kill('SIGQUIT');
    const outcome = await running;
    await lock.release().catch(() => undefined);
    assert.equal(outcome.state, 'failed');
    assert.equal(outcome.error?.code, 'connection.lost', JSON.stringify(outcome.error));
    assert.deepEqual(states(events), ['queued', 'running', 'failed']);
    assert.deepEqual(await readdir(home.backups), []);
    assert.equal((await listJobs(home))[0]?.error?.code, 'connection.lost');
    const next = await createJob(dumpPlan(cluster, join(home.backups, 'shop.dump')), home);
    assert.equal((await runJob(next.folder, secretsOf(cluster))).error?.code, 'connection.refused');
  });
});

/** Puts the plan there, and as much else as leaves no room for events. */
async function createFull(folder: string, plan: object): Promise<void> {
  await writeFile(join(folder, 'plan.json'), JSON.stringify(plan));
  const filler = await open(join(folder, 'filler'), 'w');
  // Room for the small file that says who runs it, not for the events.
  for (let left = 5; left > 0; left--) await filler.write(Buffer.alloc(4096)).catch(() => undefined);
  await filler.close();
}
