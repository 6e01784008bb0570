import assert from 'node:assert/strict';
import { chown, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { listArtifacts } from '../../../src/engine/artifacts';
import { ConnectionStore } from '../../../src/engine/connections';
import {
  cancelJob,
  createJob,
  isTerminal,
  readSummary,
  runJob,
  startRunner,
  type JobOutcome,
} from '../../../src/engine/jobs';
import { home } from '../../../src/engine/home';
import type { Plan } from '../../../src/engine/plan';
import { planRecovery, planSideCluster, sideStatus, walFetchCommand } from '../../../src/engine/restore';
import { Archiving } from '../../support/archiving';
import { freePort, type Cluster } from '../../support/postgres';
import { serversIn } from '../../support/recovery';
import { testBuilds } from '../../support/restoring';
import { cli } from '../jobs/support';
import {
  askServer,
  eventually,
  noFolder,
  openFolder,
  planBase,
  runPlan,
  stopServer,
} from '../backup/baseSupport';

/** A recovery is stopped while its cluster replays: `restore_command` holds one segment back, as a slow archive would. */
describe('a recovery that is broken off while WAL is replayed', function () {
  this.timeout(180_000);
  let server: Archiving;
  let cluster: Cluster;
  let backups: string;
  let sides: string;
  let hold: string;
  let target: string;
  /** The segment of the backup's beginning, and one before the target. */
  let held: { begin: string; middle: string };

  before(async () => {
    server = await Archiving.start(17);
    ({ cluster } = server);
    [backups, sides] = [await openFolder(), await openFolder()];
    hold = join(sides, 'hold');
    await cluster.sql('create database shop');
    await cluster.sql('create table t as select 1 as n', 'shop');
    const made = await runPlan(
      await planBase(cluster, backups, { options: { 'wal-method': 'none' } }),
      cluster,
    );
    assert.equal(made.state, 'succeeded', JSON.stringify(made.error));
    const segment = async (): Promise<string> =>
      await cluster.sql('select pg_walfile_name(pg_current_wal_insert_lsn())');
    const { stopLsn, startLsn } = (await listArtifacts([backups]))[0]!.manifest!.base!;
    const begin = await cluster.sql(`select pg_walfile_name('${startLsn}')`);
    assert.ok(stopLsn);
    await server.switch();
    await cluster.sql('insert into t values (2)', 'shop');
    await server.switch();
    held = { begin, middle: await segment() };
    await cluster.sql('insert into t values (3)', 'shop');
    target = await cluster.sql('select pg_current_wal_insert_lsn()');
    await cluster.sql('insert into t values (4)', 'shop');
    await server.switch();
  });
  after(async () => {
    for (const name of sides ? await readdir(sides) : []) await stopServer(join(sides, name));
    await cluster?.stop();
    for (const folder of [backups, sides]) await noFolder(folder);
  });
  beforeEach(async () => {
    await mkdir(hold);
    const { uid, gid } = await stat(cluster.dataDir);
    await chown(hold, uid, gid);
  });
  afterEach(async () => await rm(hold, { recursive: true }));

  const planned = async (directory: string, segment: string): Promise<Plan> =>
    await planRecovery(
      {
        ...{ target: { kind: 'lsn', lsn: target }, backups: [backups], wal: server.archive, directory },
        ...{ port: await freePort(), keepAs: { id: 'side', name: 'side', of: 'shop' } },
      },
      {
        ...{ builds: await testBuilds([17]), now: new Date() },
        fetchCommand: (folder) =>
          `if [ %f = ${segment} ]; then : >${hold}/asked; until [ -e ${hold}/on ]; do sleep 0.1; done; fi; ${walFetchCommand(folder, { cli })}`,
      },
    );
  const run = async (plan: Plan): Promise<JobOutcome> =>
    await runJob((await createJob(plan, home())).folder, {});
  const listed = (directory: string): string[] =>
    new ConnectionStore()
      .list()
      .flatMap(({ id, recovered }) => (recovered?.directory === directory ? id : []));
  const isHeld = async (): Promise<boolean> => (await readdir(hold)).includes('asked');

  for (const [how, where] of [
    ['cancelled', 'begin'],
    ['cancelled', 'middle'],
    ['killed', 'middle'],
  ] as const)
    it(`${how} ${where === 'begin' ? 'before the end of the backup' : 'on the way to the target'}: no server goes on, nothing is listed, and it can be done again`, async () => {
      const directory = join(sides, `${how}-${where}`);
      const job = await createJob(await planned(directory, held[where]), home());
      await startRunner(job, { cli, secrets: {} });
      await eventually(isHeld, 'the segment is asked for');
      if (where === 'middle')
        await eventually(
          async () => (await sideStatus(directory)).phase === 'replaying',
          'the cluster lets readers in',
        );
      assert.notDeepEqual(await serversIn(directory), []);
      if (how === 'cancelled') {
        await cancelJob(job.folder);
        await eventually(async () => isTerminal((await readSummary(job.folder)).state), 'the job ends');
        const { state, reason } = await readSummary(job.folder);
        assert.equal(state, 'cancelled');
        assert.match(reason ?? '', /No cluster runs then/);
        // Not a moment later: whoever reads that it was cancelled removes the folder next.
        assert.deepEqual(await serversIn(directory), []);
      } else {
        const { pid } = JSON.parse(await readFile(join(job.folder, 'runner.json'), 'utf8')) as {
          pid: number;
        };
        process.kill(pid, 'SIGKILL');
        await eventually(async () => (await serversIn(directory)).length === 0, 'no server is left');
      }

      assert.deepEqual(await listArtifacts([sides]), []);
      assert.deepEqual(listed(directory), []);
      // It stays to be looked at, under its final name alone, and says what it is.
      assert.deepEqual(
        (await readdir(sides)).filter((name) => name.startsWith(how)),
        [`${how}-${where}`],
      );
      const { phase, promoted } = await sideStatus(directory);
      assert.deepEqual([phase, promoted], ['stopped', false]);

      await writeFile(join(hold, 'on'), '');
      const again = await planned(directory, held[where]);
      assert.deepEqual(
        again.warnings.filter(({ blocks }) => blocks).map(({ code }) => code),
        ['restore.notEmpty'],
      );
      const remove = async (): Promise<JobOutcome> =>
        await run(await planSideCluster({ do: 'remove' }, directory, { builds: await testBuilds([17]) }));
      assert.equal((await remove()).state, 'succeeded');
      const done = await run(await planned(directory, held[where]));
      assert.equal(done.state, 'succeeded', JSON.stringify(done.error));
      assert.deepEqual(listed(directory), ['side']);
      const { port } = await sideStatus(directory);
      assert.equal(await askServer(cluster, directory, port, 'select max(n) from t'), '3');
      assert.equal((await remove()).state, 'succeeded');
      assert.deepEqual(listed(directory), []);
    });
});
