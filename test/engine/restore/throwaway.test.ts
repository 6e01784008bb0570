import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inspectArtifact } from '../../../src/engine/artifacts';
import { planBackup } from '../../../src/engine/backup';
import { createJob, followJob, reapJobs, startRunner, type JobOutcome } from '../../../src/engine/jobs';
import type { Plan } from '../../../src/engine/plan';
import { planClusterRehearsal, type RehearsalRequest } from '../../../src/engine/restore';
import { loadSample, runTool } from '../../support/databases';
import { useTempFolder } from '../../support/fixtures';
import { startCluster, type Cluster } from '../../support/postgres';
import { Restorer } from '../../support/restoring';
import { cli } from '../jobs/support';

describe('rehearsal in a throwaway cluster', function () {
  this.timeout(120_000);
  const folder = useTempFolder();
  let source: Cluster;
  let restorer: Restorer;

  before(async () => {
    source = await startCluster(15);
    restorer = await Restorer.open(source);
    await loadSample(source, 'chinook');
    await source.sql('create role owner; create role gone');
    await source.sql('alter table "Album" owner to owner', 'chinook');
  });
  after(async () => {
    await restorer?.close();
    await source?.stop();
  });

  async function dump(tool: 'pg_dump' | 'pg_dumpall', ...options: string[]): Promise<string> {
    const path = join(folder(), 'dump');
    await runTool(source, 15, tool, ['-f', path, ...options]);
    return path;
  }
  const planned = async (request: RehearsalRequest): Promise<Plan> =>
    await planClusterRehearsal(request, { builds: restorer.builds, now: new Date() });
  /** Runs it; the cluster is gone afterwards, whatever happened. */
  async function run(plan: Plan, signal?: AbortSignal): Promise<JobOutcome> {
    const outcome = await restorer.run(plan, { signal });
    const [start] = plan.steps;
    assert.ok(start?.do === 'startCluster');
    assert.equal(existsSync(start.folder), false, 'its folder is gone');
    return outcome;
  }

  for (const format of ['-Fc', '-Fd', '-Fp'])
    it(`of a dump (${format}), with its roles, by the server of its own major release`, async () => {
      const path = await dump('pg_dump', format, 'chinook');
      const plan = await planned({
        artifact: path,
        checks: [
          { name: 'owner', sql: `select tableowner = 'owner' from pg_tables where tablename = 'Album'` },
          { name: 'no TCP', sql: `select current_setting('listen_addresses') = ''` },
        ],
      });
      const outcome = await run(plan);
      assert.equal(outcome.state, 'succeeded', JSON.stringify(outcome.error));
      const { evidence } = await inspectArtifact(path);
      assert.deepEqual([evidence?.level, evidence?.ok, evidence?.rows], ['rehearsal', true, 15_607]);
      assert.match(evidence!.serverVersion!, /^15/);
      assert.equal(evidence!.messages?.degraded, 0);
    });

  it('of a script of the whole server', async () => {
    const path = await dump('pg_dumpall');
    const outcome = await run(await planned({ artifact: path }));
    assert.equal(outcome.state, 'succeeded', JSON.stringify(outcome.error));
    assert.equal((await inspectArtifact(path)).evidence?.ok, true);
  });

  it('of a set of databases with their globals', async () => {
    const made = await restorer.with((context) =>
      planBackup({ method: 'set', format: 'custom' }, { ...context, folder: folder() }),
    );
    assert.equal((await restorer.run(made)).state, 'succeeded');
    const path = made.artifact!.path;
    const outcome = await run(await planned({ artifact: path }));
    assert.equal(outcome.state, 'succeeded', JSON.stringify(outcome.error));
    const { evidence } = await inspectArtifact(path);
    assert.deepEqual([evidence?.level, evidence?.ok], ['rehearsal', true]);
  });

  it('finds faults, and leaves nothing when it is cancelled', async () => {
    const path = await dump('pg_dump', '-Fc', 'chinook');
    const failed = await run(
      await planned({ artifact: path, checks: [{ name: 'never', sql: 'select false' }] }),
    );
    assert.equal(failed.error?.code, 'rehearsal.faults');
    const stop = new AbortController();
    const plan = await planned({ artifact: path, checks: [{ name: 'slow', sql: 'select pg_sleep(60)' }] });
    setTimeout(() => stop.abort(), 2500);
    assert.equal((await run(plan, stop.signal)).state, 'cancelled');
  });

  it('says what is missing where there is no server', async () => {
    const path = await dump('pg_dump', '-Fc', 'chinook');
    await assert.rejects(planClusterRehearsal({ artifact: path }, { builds: [], now: new Date() }), {
      code: 'rehearsal.noServer',
    });
  });

  it('is cleared away after a runner that was killed', async () => {
    const path = await dump('pg_dump', '-Fc', 'chinook');
    const plan = await planned({ artifact: path, checks: [{ name: 'slow', sql: 'select pg_sleep(60)' }] });
    const job = await createJob(plan, restorer.home);
    const env = { ...process.env, RESTORE_POINT_HOME: join(restorer.home.state, '..') };
    await startRunner(job, { cli, secrets: {}, env });
    const [start] = plan.steps;
    assert.ok(start?.do === 'startCluster');
    for await (const event of followJob(job.folder)) if (event.type === 'step' && event.index === 2) break;
    process.kill(
      JSON.parse(await readFile(join(job.folder, 'runner.json'), 'utf8')).pid as number,
      'SIGKILL',
    );
    await reapJobs(restorer.home);
    for (let n = 0; existsSync(start.folder) && n < 100; n++) {
      await new Promise((done) => setTimeout(done, 100));
      await reapJobs(restorer.home);
    }
    assert.equal(existsSync(start.folder), false);
  });
});
