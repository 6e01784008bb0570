import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { chmod, open, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { inspectArtifact, type Evidence } from '../../../src/engine/artifacts';
import { createJob, followJob, reapJobs, startRunner } from '../../../src/engine/jobs';
import type { Plan } from '../../../src/engine/plan';
import { planBaseRehearsal, type BaseRehearsalRequest } from '../../../src/engine/restore';
import { Archiving, command } from '../../support/archiving';
import type { Cluster } from '../../support/postgres';
import { testBuilds } from '../../support/restoring';
import { temporaryHome } from '../../unit/jobs/samples';
import { newUser, type User } from '../cli/support';
import { cli } from '../jobs/support';
import {
  backedUpCluster,
  blocking,
  eventually,
  noFolder,
  openFolder,
  planBase,
  runPlan,
} from './baseSupport';

interface Rehearsed {
  ok: boolean;
  rows: number;
  faults: { what: string; entry: string | null }[];
  restoreMs: number;
  times: { copyMs: number; recoveryMs: number; startMs: number; checksMs: number };
  checks: { name: string; ok: boolean }[];
  tables: { database: string; schema: string; name: string; rows: number }[];
  serverVersion: string;
}

/** Folders of throwaway clusters that are there. */
function throwaways(): string[] {
  return readdirSync(tmpdir()).filter((name) => /^rp-[0-9a-f]{12}\.partial$/.test(name));
}

const planned = async (artifact: string, more: Partial<BaseRehearsalRequest> = {}): Promise<Plan> =>
  await planBaseRehearsal({ artifact, ...more }, { builds: await testBuilds(), now: new Date() });
const evidenceOf = async (path: string): Promise<Evidence | null> => (await inspectArtifact(path)).evidence;

/** Where the throwaway cluster of a plan lies. */
function folderOf({ steps }: Plan): string {
  const step = steps.find((one) => one.do === 'recoverCopy');
  assert.ok(step);
  return step.folder;
}

describe('rehearsal of a base backup', function () {
  this.timeout(240_000);
  let cluster: Cluster;
  let folder: string;
  let user: User;
  const backup = async (name: string, request: Parameters<typeof planBase>[2] = {}): Promise<string> => {
    const plan = await planBase(cluster, folder, { path: join(folder, name), ...request });
    const outcome = await runPlan(plan, cluster);
    assert.equal(outcome.state, 'succeeded', JSON.stringify(outcome.error));
    return join(folder, name);
  };

  before(async () => {
    // Its pages have checksums by themselves from 18 on.
    ({ cluster } = await backedUpCluster(18));
    folder = await openFolder();
    user = await newUser();
    await cluster.sql('create index on orders (id); create index on orders (note)', 'shop');
  });
  after(async () => {
    await cluster?.stop();
    await user?.remove();
    if (folder) await noFolder(folder);
    assert.deepEqual(throwaways(), []);
  });

  it('restored, recovered, started, all its databases checked; the receipt says how long each took', async () => {
    // What an original may be set to must not get in the way, nor reach out.
    const harm = { ssl: 'on', synchronous_standby_names: 'nobody', port: '1' };
    for (const [name, value] of Object.entries(harm))
      await cluster.sql(`alter system set ${name} = '${value}'`);
    await cluster.sql(`alter database shop set default_transaction_read_only = on`);
    await cluster.sql(`alter database shop set statement_timeout = '5ms'`);
    const path = await backup('full.base');
    await cluster.sql('alter system reset all');
    await cluster.sql('alter database shop reset all');
    const { document, code, stderr } = await user.json<Rehearsed>([
      ...['verify', path, '--level', 'rehearsal', '--tools', cluster.bin, '--heapallindexed'],
      ...['--check', 'select count(*) = 20000 from orders'],
      ...['--check', `select current_setting('listen_addresses') = '' and pg_is_in_recovery() = false`],
      ...['--check', `select current_setting('archive_mode') = 'off'`],
    ]);
    assert.equal(code, 0, stderr);
    assert.deepEqual([document.ok, document.faults], [true, []]);
    assert.match(document.serverVersion, /^18/);
    const { copyMs, recoveryMs, startMs, checksMs } = document.times;
    assert.equal(document.restoreMs, copyMs + recoveryMs + startMs);
    assert.ok(
      [copyMs, recoveryMs, startMs, checksMs].every((ms) => ms > 0),
      JSON.stringify(document.times),
    );
    const names = document.checks.map(({ name }) => name);
    for (const name of ['pg_checksums', 'amcheck']) assert.ok(names.includes(name), names.join());
    assert.deepEqual(
      document.tables.filter(({ database }) => database === 'shop').map(({ name, rows }) => [name, rows]),
      [
        ['aside', 500],
        ['orders', 20_000],
      ],
    );
    assert.equal((await evidenceOf(path))?.level, 'rehearsal');
    assert.deepEqual(throwaways(), []);
  });

  it('of a chain, plain: combined first', async () => {
    const parent = await backup('parent.base', { format: 'basebackup-plain' });
    await cluster.sql(`insert into orders values (0, 'new')`, 'shop');
    const path = await backup('child.base', { format: 'basebackup-plain', level: 'incremental', parent });
    const plan = await planned(path, {
      checks: [{ name: 'rows', sql: 'select count(*) from orders', database: 'none' }],
    });
    const outcome = await runPlan(plan, cluster);
    assert.equal(
      outcome.error?.code,
      'rehearsal.faults',
      'a check of a database that is not there is a fault',
    );
    assert.equal((await evidenceOf(path))?.ok, false);
    const good = await runPlan(await planned(path), cluster);
    assert.equal(good.state, 'succeeded', JSON.stringify(good.error));
    assert.equal((await evidenceOf(path))?.ok, true);
    assert.equal((await evidenceOf(parent))?.level, 'checksum', 'the parent itself was not rehearsed');
    assert.deepEqual(throwaways(), []);
  });

  it('finds what no checksum of a file shows: a page that was damaged before, an index without its rows', async () => {
    await cluster.sql('create table torn as select g as id from generate_series(1, 5000) g', 'shop');
    const file = await cluster.sql(`select pg_relation_filepath('torn')`, 'shop');
    await cluster.sql('checkpoint');
    await cluster.restart();
    await cluster.sql('checkpoint');
    const handle = await open(join(cluster.dataDir, file), 'r+');
    await handle.write(Buffer.alloc(64, 0x55), 0, 64, 8192 + 4000);
    await handle.close();
    const path = await backup('torn.base', { options: { 'no-verify-checksums': true } });
    assert.equal((await evidenceOf(path))?.ok, true, 'the files are what the server sent');
    const outcome = await runPlan(await planned(path), cluster);
    assert.equal(outcome.error?.code, 'rehearsal.faults');
    const { faults = [], checks = [] } = (await evidenceOf(path))!;
    assert.ok(
      faults.some(({ entry, what }) => entry === file && /block 1 /.test(what)),
      JSON.stringify(faults),
    );
    assert.ok(
      faults.some(({ entry }) => entry === 'shop: TABLE public.torn'),
      JSON.stringify(faults),
    );
    assert.deepEqual(
      checks.filter(({ ok }) => !ok).map(({ name }) => name),
      ['pg_checksums', 'every table can be read', 'amcheck'],
    );
    assert.deepEqual(throwaways(), []);
    await cluster.sql('drop table torn', 'shop');
  });

  it('a damaged file and a server that cannot recover are kept as a rehearsal that was not passed', async () => {
    const path = await backup('damaged.base', { format: 'basebackup-plain' });
    const map = join(path, 'global/pg_filenode.map');
    await chmod(map, 0o600);
    const before = await readFile(map);
    const handle = await open(map, 'r+');
    await handle.write(Buffer.from([before[30]! ^ 1]), 0, 1, 30);
    await handle.close();
    const outcome = await runPlan(await planned(path), cluster);
    assert.equal(outcome.error?.code, 'artifact.damaged');
    const evidence = await evidenceOf(path);
    assert.deepEqual([evidence?.level, evidence?.ok], ['rehearsal', false]);
    assert.match(evidence!.faults![0]!.what, /global\/pg_filenode\.map/);
    // Without its own manifest nobody knows, until the server reads it.
    await noFolder(join(path, 'backup_manifest'));
    const unknown = await runPlan(await planned(path), cluster);
    assert.equal(unknown.error?.code, 'rehearsal.notRecovered', JSON.stringify(unknown.error));
    assert.deepEqual(throwaways(), []);
  });

  const slow = { checks: [{ name: 'slow', sql: 'select pg_sleep(600)', database: 'shop' }] };

  it('cancelled, it leaves no server and no folder', async () => {
    const path = join(folder, 'full.base');
    const plan = await planned(path, slow);
    const cancel = new AbortController();
    const running = runPlan(plan, cluster, { signal: cancel.signal });
    const pidFile = join(folderOf(plan), 'data/postmaster.pid');
    const server = async (): Promise<number> =>
      Number((await readFile(pidFile, 'utf8').catch(() => '')).split('\n')[0]);
    await eventually(async () => (await server()) > 0, 'it was started');
    const pid = await server();
    cancel.abort();
    assert.equal((await running).state, 'cancelled');
    assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' });
    assert.deepEqual(throwaways(), []);
  });

  it('after SIGKILL of the runner the server is ended and the folder removed', async () => {
    const home = temporaryHome();
    try {
      const plan = await planned(join(folder, 'full.base'), slow);
      const job = await createJob(plan, home);
      await startRunner(job, { cli, secrets: {}, env: { ...process.env, RESTORE_POINT_HOME: home.root } });
      const checks = plan.steps.findIndex((step) => step.do === 'checkCluster');
      for await (const event of followJob(job.folder))
        if (event.type === 'step' && event.index === checks) break;
      const pidFile = join(folderOf(plan), 'data/postmaster.pid');
      const server = Number((await readFile(pidFile, 'utf8')).split('\n')[0]);
      const { pid } = JSON.parse(await readFile(join(job.folder, 'runner.json'), 'utf8')) as { pid: number };
      process.kill(pid, 'SIGKILL');
      await eventually(async () => {
        await reapJobs(home);
        return throwaways().length === 0;
      }, 'its folder is removed');
      assert.throws(() => process.kill(server, 0), { code: 'ESRCH' });
    } finally {
      home.remove();
    }
  });

  it('is told before: no server programs of its major, no room, no WAL', async () => {
    const artifact = join(folder, 'full.base');
    await assert.rejects(
      planBaseRehearsal({ artifact }, { builds: await testBuilds([17]), now: new Date() }),
      { code: 'rehearsal.noServer' },
    );
    const bare = await backup('bare.base', { options: { 'wal-method': 'none' } });
    assert.deepEqual(blocking(await planned(bare)), ['restore.noWal']);
  });
});

describe('rehearsal of a base backup with its WAL archive', function () {
  this.timeout(240_000);

  it('is recovered to the end of the archive', async () => {
    const server = await Archiving.start(15);
    const { cluster } = server;
    const folder = await openFolder();
    try {
      await cluster.sql('create table seen as select 1 as id');
      const made = await planBase(cluster, folder, {
        path: join(folder, 'old.base'),
        options: { 'wal-method': 'none' },
      });
      const outcome = await runPlan(made, cluster);
      assert.equal(outcome.state, 'succeeded', JSON.stringify(outcome.error));
      await cluster.sql('insert into seen values (2)');
      await server.switch();
      const fetch = command('fetch', '%f', '%p', '--from', `"${server.archive}"`);
      const plan = await planned(made.artifact!.path, {
        restoreCommand: fetch,
        checks: [{ name: 'both rows', sql: 'select count(*) = 2 from seen', database: 'postgres' }],
      });
      const done = await runPlan(plan, cluster);
      assert.equal(done.state, 'succeeded', JSON.stringify(done.error));
      const evidence = await evidenceOf(made.artifact!.path);
      assert.deepEqual([evidence?.level, evidence?.ok], ['rehearsal', true]);
      // The cluster of 15 has no checksums: nothing says that they were checked.
      assert.ok(!evidence!.checks!.some(({ name }) => name === 'pg_checksums'));
      assert.equal(basename(dirname(made.artifact!.path)), basename(folder));
    } finally {
      await cluster.stop();
      await noFolder(folder);
    }
  });
});
