import assert from 'node:assert/strict';
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { planReceive, type ReceiveRequest } from '../../../src/engine/backup';
import {
  cancelJob,
  createJob,
  isTerminal,
  readSummary,
  reapJobs,
  retryJob,
  runJob,
  startRunner,
  type Job,
  type JobEvent,
  type JobSummary,
} from '../../../src/engine/jobs';
import { checkWal, readWalArchive, WalFolder } from '../../../src/engine/physical';
import type { Plan } from '../../../src/engine/plan';
import { startCluster, type Cluster } from '../../support/postgres';
import { accessTo, testBuilds, type Who } from '../../support/restoring';
import { eventually, plan as emptyPlan, temporaryHome } from '../../unit/jobs/samples';
import { cli, commandLines } from './support';

for (const major of [15, 18] as const)
  describe(`receiving WAL from PostgreSQL ${major}`, function () {
    this.timeout(240_000);
    let cluster: Cluster;
    let home: ReturnType<typeof temporaryHome>;
    let folder: string;
    /** A job that was cancelled, and its archive. */
    let stopped: { job: Job; where: string };
    before(async () => {
      cluster = await startCluster(major, { settings: { wal_sender_timeout: '3s' } });
      await cluster.sql('create table orders (id int, note text)');
      await cluster.sql(`create role app login password 'app'`);
      home = temporaryHome();
    });
    after(async () => {
      await cluster?.stop();
      home?.remove();
    });
    beforeEach(async function () {
      folder = join(home.root, this.currentTest!.title.replace(/\W+/g, '-'));
      await mkdir(folder, { mode: 0o700 });
    });

    const planned = async (request: Partial<ReceiveRequest> = {}, who: Who = {}): Promise<Plan> => {
      const access = await accessTo(cluster, who);
      try {
        return await planReceive(
          { folder, slot: 'archive', ...request },
          { access, builds: await testBuilds() },
        );
      } finally {
        await access.close();
      }
    };
    const blocking = ({ warnings }: Plan): string[] =>
      warnings.filter(({ blocks }) => blocks).map(({ code }) => code);
    const secretsOf = (plan: Plan): Record<string, string> =>
      Object.fromEntries(Object.values(plan.connections).map(({ id }) => [id, cluster.password]));
    const start = async (plan: Plan): Promise<Job> => {
      assert.deepEqual(blocking(plan), []);
      const job = await createJob(plan, home);
      await startRunner(job, {
        cli,
        secrets: secretsOf(plan),
        env: { ...process.env, RESTORE_POINT_HOME: home.root },
      });
      return job;
    };
    /** Rows, and the end of the segment they are in. */
    const write = async (id: number): Promise<string> =>
      await cluster.sql(
        `insert into orders select ${id}, md5(g::text) from generate_series(1, 1000) g;
         select pg_walfile_name(pg_switch_wal())`,
      );
    const received = async (segment: string, where = folder): Promise<boolean> =>
      (await readdir(where)).some((name) => name === segment || name === `${segment}.gz`);
    const slot = async (name = 'archive'): Promise<string> =>
      await cluster.sql(`select active from pg_replication_slots where slot_name = '${name}'`);
    const ended = async (job: Job): Promise<JobSummary> => {
      const isOver = async (): Promise<boolean> => isTerminal((await readSummary(job.folder)).state);
      await eventually(isOver, 'the job ends').catch(async (error: unknown) => {
        throw new Error(await logged(job), { cause: error });
      });
      return await readSummary(job.folder);
    };
    const cancel = async (job: Job): Promise<JobSummary> => {
      await cancelJob(job.folder);
      return await ended(job);
    };
    const isRunning = async (job: Job): Promise<boolean> =>
      (await commandLines()).some((line) => line.includes('pg_receivewal') && line.includes(job.id));
    const events = async (job: Job): Promise<JobEvent[]> =>
      (await readFile(join(job.folder, 'events.jsonl'), 'utf8'))
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as JobEvent);
    const logged = async (job: Job): Promise<string> =>
      (await events(job)).map((event) => (event.type === 'log' ? event.text : '')).join('\n');

    /** What does not depend on the major. */
    const once = (title: string, body: () => Promise<void>): void => {
      if (major === 18) it(title, body);
    };

    once('is refused beforehand where it would fail', async () => {
      assert.deepEqual(blocking(await planned()), ['receive.slotMissing']);
      assert.deepEqual(blocking(await planned({ slot: 'No Name', createSlot: true })), ['receive.slotName']);
      const nowhere = await planned({ folder: join(folder, 'none'), createSlot: true });
      assert.deepEqual(blocking(nowhere), ['receive.folder']);
      assert.deepEqual(blocking(await planned({ createSlot: true }, { user: 'app', password: 'app' })), [
        'receive.right',
      ]);
    });

    it('goes on over a restart of the server until it is cancelled, and the slot stays', async () => {
      const job = await start(await planned({ createSlot: true }));
      await eventually(async () => (await slot()) === 't', 'the slot is used');
      const first = await write(1);
      await eventually(() => received(first), 'the first segment is there');
      await cluster.restart();
      const second = await write(2);
      await eventually(() => received(second), 'the segment of after the restart is there');
      // What is not full yet is there, too.
      await cluster.sql('insert into orders values (3)');
      await eventually(
        async () => (await readWalArchive(new WalFolder(folder))).timelines[0]!.partials.length === 1,
        'the segment that is being written',
      );
      assert.deepEqual(blocking(await planned()), ['receive.slotActive']);
      const summary = await cancel(job);
      assert.equal(summary.state, 'cancelled');
      assert.match(summary.reason ?? '', /goes on keeping WAL/);
      assert.match(await logged(job), /tries again in 1/);
      assert.equal(await isRunning(job), false);
      assert.equal(await slot(), 'f');
      const { ok, archive, faults } = await checkWal(new WalFolder(folder), { deep: true });
      assert.ok(ok, JSON.stringify(faults));
      assert.equal(archive.timelines[0]!.bands.length, 1);
      assert.deepEqual(blocking(await planned()), []);
      stopped = { job, where: folder };
    });

    once('goes on with the same slot where it stopped', async () => {
      const before = await write(4);
      // It is told to make its slot, and finds it.
      const job = await retryJob(stopped.job.folder);
      await startRunner(job, {
        cli,
        secrets: secretsOf(job.plan),
        env: { ...process.env, RESTORE_POINT_HOME: home.root },
      });
      await eventually(() => received(before, stopped.where), 'what was written meanwhile');
      assert.equal((await cancel(job)).state, 'cancelled');
      await cluster.sql(`select pg_drop_replication_slot('archive')`);
    });

    once('drops its slot when it is told to', async () => {
      const job = await start(await planned({ slot: 'once', createSlot: true, dropSlot: true }));
      const segment = await write(5);
      await eventually(() => received(segment), 'a segment is there');
      assert.equal((await cancel(job)).state, 'cancelled');
      assert.equal(await slot('once'), '');
    });

    once('leaves no program behind when its runner is killed', async () => {
      const job = await start(await planned({ slot: 'killed', createSlot: true }));
      await eventually(async () => (await slot('killed')) === 't', 'the slot is used');
      const { pid } = JSON.parse(await readFile(join(job.folder, 'runner.json'), 'utf8')) as { pid: number };
      process.kill(pid, 'SIGKILL');
      await eventually(async () => !(await isRunning(job)), 'the program is gone');
      await eventually(async () => (await slot('killed')) === 'f', 'the slot is free');
      await reapJobs(home);
      assert.equal((await readSummary(job.folder)).state, 'interrupted');
      await cluster.sql(`select pg_drop_replication_slot('killed')`);
    });

    once('takes no slot from jobs that end', async () => {
      const job = await start(await planned({ slot: 'long', createSlot: true, dropSlot: true }));
      await eventually(async () => (await slot('long')) === 't', 'the slot is used');
      await mkdir(home.config, { recursive: true });
      await writeFile(join(home.config, 'settings.json'), JSON.stringify({ maxJobs: 1 }));
      const other = await createJob(emptyPlan(), home);
      const outcome = await runJob(other.folder, {}, { home });
      assert.equal(outcome.state, 'succeeded');
      assert.equal((await readSummary(job.folder)).state, 'running');
      await cancel(job);
    });

    it('says at once that its slot was lost, and that the archive has a gap', async () => {
      await cluster.sql(`alter system set max_slot_wal_keep_size = '16MB'`);
      await cluster.sql('select pg_reload_conf()');
      const job = await start(await planned({ slot: 'slow', createSlot: true, mostHeld: 20 * 1024 ** 2 }));
      const segment = await write(6);
      await eventually(() => received(segment), 'a segment is there');
      const program = (await events(job)).findLast(
        (event) => event.type === 'process' && event.name === 'pg_receivewal',
      ) as { pid: number };
      // It does not come to take anything for a while.
      process.kill(program.pid, 'SIGSTOP');
      try {
        for (let n = 0; n < 8; n++) await write(7 + n);
        // The checkpoint ends its session, which waits for it to read what was sent.
        const checkpoint = cluster.sql('checkpoint');
        const signalled = `select count(*) from pg_stat_activity where backend_type = 'checkpointer' and wait_event = 'ReplicationSlotDrop'`;
        await eventually(async () => (await cluster.sql(signalled)) === '1', 'the server gives the slot up');
        process.kill(program.pid, 'SIGCONT');
        await checkpoint;
      } finally {
        try {
          process.kill(program.pid, 'SIGCONT');
        } catch {
          // It has ended.
        }
      }
      const { state, error } = await ended(job);
      assert.equal(state, 'failed');
      assert.equal(error?.code, 'receive.slotLost');
      assert.match(error?.next ?? '', /has a gap from here on.*base backup/);
      assert.deepEqual(blocking(await planned({ slot: 'slow' })), ['receive.slotLost']);
      await cluster.sql(`select pg_drop_replication_slot('slow')`);
    });

    once('ends when somebody dropped its slot, and refuses another cluster’s folder', async () => {
      const job = await start(await planned({ slot: 'gone', createSlot: true }));
      const segment = await write(20);
      await eventually(() => received(segment), 'a segment is there');
      await cluster.sql(
        `select pg_terminate_backend(active_pid), pg_sleep(0.3) from pg_replication_slots where slot_name = 'gone'`,
      );
      await eventually(async () => {
        await cluster.sql(`select pg_drop_replication_slot('gone')`).catch(() => undefined);
        return (await slot('gone')) === '';
      }, 'the slot is dropped');
      const { error } = await ended(job);
      assert.equal(error?.code, 'receive.slotMissing');
      const other = await startCluster(major);
      try {
        const access = await accessTo(other);
        const plan = await planReceive(
          { folder, slot: 'other', createSlot: true },
          { access, builds: await testBuilds() },
        );
        await access.close();
        assert.deepEqual(blocking(plan), ['receive.otherCluster']);
      } finally {
        await other.stop();
      }
    });

    once('drops the slot it made when nothing could be received', async () => {
      await chmod(folder, 0o700);
      const plan = await planned({ slot: 'vain', createSlot: true, options: { compress: 'snappy' } });
      const job = await start(plan);
      const { state, error } = await ended(job);
      assert.equal(state, 'failed');
      assert.equal(error?.code, 'receive.compression', JSON.stringify(error));
      assert.equal(await slot('vain'), '');
    });
  });
