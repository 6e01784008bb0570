import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readManifest } from '../../../src/engine/artifacts';
import {
  createJob,
  isTerminal,
  readSummary,
  reapJobs,
  runJob,
  startRunner,
  type JobEvent,
} from '../../../src/engine/jobs';
import { readEvents } from '../../../src/engine/jobs/read';
import type { Plan } from '../../../src/engine/plan';
import { isSameProcess } from '../../../src/engine/process';
import { startCluster, type Cluster } from '../../support/postgres';
import { sshdProgram, startSshd, writeSshConfig, type Sshd } from '../../support/sshd';
import { eventually, temporaryHome } from '../../unit/jobs/samples';
import { cli, connectionOf, dumpPlan, dumpWaits, holdLock, secretsOf, sessions } from './support';

describe('jobs: through an ssh tunnel (PostgreSQL, sshd)', function () {
  this.timeout(120_000);
  let cluster: Cluster;
  let sshd: Sshd;
  let folder: string;
  let home: ReturnType<typeof temporaryHome>;

  before(async function () {
    if (!sshdProgram()) this.skip();
    folder = await mkdtemp(join(tmpdir(), 'rp-tunnel-'));
    home = temporaryHome();
    cluster = await startCluster(15);
    sshd = await startSshd();
    await cluster.sql('create database shop');
    await cluster.sql('create table orders as select generate_series(1, 1000) as id', 'shop');
  });
  after(async () => {
    await Promise.all([cluster?.stop(), sshd?.stop()]);
    home?.remove();
    if (folder) await rm(folder, { recursive: true, force: true });
  });

  async function tunnelled(path: string): Promise<Plan> {
    const configFile = await writeSshConfig(folder, { bastion: { sshd } });
    const plan = dumpPlan(cluster, path);
    plan.connections.source = {
      ...connectionOf(cluster, 'shop'),
      ssh: { destination: 'bastion', configFile },
    };
    return plan;
  }

  const sshOf = (events: JobEvent[]): Extract<JobEvent, { type: 'process' }> | undefined =>
    events.find((event) => event.type === 'process' && event.name === 'ssh') as
      Extract<JobEvent, { type: 'process' }> | undefined;

  it('opens the tunnel for the job, notes its process, and leaves none behind', async () => {
    const path = join(home.backups, 'shop.dump');
    const plan = await tunnelled(path);
    const events: JobEvent[] = [];
    const job = await createJob(plan, home);
    const outcome = await runJob(job.folder, secretsOf(cluster), { onEvent: (event) => events.push(event) });
    assert.equal(outcome.state, 'succeeded', JSON.stringify(outcome.error));
    assert.equal((await readManifest(path))?.tables[0]?.rows, 1000);
    const ssh = sshOf(events);
    assert.ok(ssh, 'it can be found should the runner die');
    assert.ok(!isSameProcess(ssh.pid, ssh.startedAtTicks));
    assert.match(sshd.log(), /Accepted publickey/);
    assert.equal(await sessions(cluster), 0);
  });

  it('leaves no ssh behind a runner that is killed', async () => {
    const lock = await holdLock(cluster, 'shop', 'orders');
    try {
      const job = await createJob(await tunnelled(join(home.backups, 'killed.dump')), home);
      const env = { ...process.env, RESTORE_POINT_HOME: home.root };
      await startRunner(job, { cli, secrets: secretsOf(cluster), env });
      await eventually(() => dumpWaits(cluster), 'the dump waits for the lock');
      const ssh = sshOf((await readEvents(job.folder, 0, 1 << 22)).events);
      assert.ok(ssh && isSameProcess(ssh.pid, ssh.startedAtTicks));
      const { pid } = JSON.parse(await readFile(join(job.folder, 'runner.json'), 'utf8')) as { pid: number };
      process.kill(pid, 'SIGKILL');
      await eventually(async () => isTerminal((await readSummary(job.folder)).state), 'the death is noticed');
      await reapJobs(home);
      await eventually(() => !isSameProcess(ssh.pid, ssh.startedAtTicks), 'ssh is gone');
    } finally {
      await lock.release();
    }
  });
});
