import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readManifest } from '../../../src/engine/artifacts';
import { createJob, runJob, type JobEvent } from '../../../src/engine/jobs';
import { isSameProcess } from '../../../src/engine/process';
import { startCluster, type Cluster } from '../../support/postgres';
import { sshdProgram, startSshd, writeSshConfig, type Sshd } from '../../support/sshd';
import { temporaryHome } from '../../unit/jobs/samples';
import { connectionOf, dumpPlan, secretsOf, sessions } from './support';

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

  it('opens the tunnel for the job, notes its process, and leaves none behind', async () => {
    const configFile = await writeSshConfig(folder, { bastion: { sshd } });
    const path = join(home.backups, 'shop.dump');
    const plan = dumpPlan(cluster, path);
    plan.connections.source = {
      ...connectionOf(cluster, 'shop'),
      ssh: { destination: 'bastion', configFile },
    };
    const events: JobEvent[] = [];
    const job = await createJob(plan, home);
    const outcome = await runJob(job.folder, secretsOf(cluster), { onEvent: (event) => events.push(event) });
    assert.equal(outcome.state, 'succeeded', JSON.stringify(outcome.error));
    assert.equal((await readManifest(path))?.tables[0]?.rows, 1000);
    const ssh = events.find((event) => event.type === 'process' && event.name === 'ssh');
    assert.ok(ssh?.type === 'process', 'it can be found should the runner die');
    assert.ok(!isSameProcess(ssh.pid, ssh.startedAtTicks));
    assert.match(sshd.log(), /Accepted publickey/);
    assert.equal(await sessions(cluster), 0);
  });
});
