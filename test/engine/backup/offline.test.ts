import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { chmod, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { listArtifacts } from '../../../src/engine/artifacts';
import { planOffline, type OfflineRequest } from '../../../src/engine/backup';
import { home } from '../../../src/engine/home';
import {
  createJob,
  reapJobs,
  runJob,
  startRunner,
  type JobEvent,
  type JobOutcome,
} from '../../../src/engine/jobs';
import type { Plan } from '../../../src/engine/plan';
import { readBackupManifest } from '../../../src/engine/pgdata';
import { asServer } from '../../support/recovery';
import { testBuilds } from '../../support/restoring';
import type { Cluster } from '../../support/postgres';
import { temporaryHome } from '../../unit/jobs/samples';
import { cli } from '../jobs/support';
import { newUser, type BackupDocument, type ErrorDocument, type User } from '../cli/support';
import {
  askServer,
  backedUpCluster,
  blocking,
  eventually,
  freePort,
  noFolder,
  openFolder,
  stopServer,
  sums,
} from './baseSupport';

const run = promisify(execFile);

interface OfflineDocument extends BackupDocument {
  level: string;
  base: { id: string; startLsn: string; stopLsn: string; tablespaces: { oid: number }[] };
}

/** Asks the cluster's own server, whoever started it. */
const ask = async (cluster: Cluster, sql: string): Promise<string> =>
  await askServer(cluster, cluster.socketDir, cluster.port, sql);

const runs = async (cluster: Cluster): Promise<boolean> =>
  await ask(cluster, 'select 1').then(
    () => true,
    () => false,
  );

/** For pg_ctl: as the test's own server ran, as far as it matters. */
const startAgain = ({ dataDir, socketDir, port }: Cluster): string[] => [
  ...['start', '-D', dataDir, '-w', '-l', join(socketDir, 'again.log')],
  ...['-o', `-p ${port} -k ${socketDir} -c fsync=off`],
];
const stopNow = ({ dataDir }: Cluster): string[] => ['stop', '-D', dataDir, '-m', 'fast', '-w'];

const stop = async (cluster: Cluster): Promise<void> =>
  void (await asServer(cluster, 'pg_ctl', stopNow(cluster)));

/** Ends whatever server is there, and takes the folder away. */
const end = async (cluster: Cluster | undefined): Promise<void> => {
  if (!cluster) return;
  await stopServer(cluster.dataDir);
  await cluster.stop();
};

const plan = async (cluster: Cluster, folder: string, more: Partial<OfflineRequest> = {}): Promise<Plan> =>
  await planOffline(
    { method: 'offline', directory: cluster.dataDir, ...more },
    { builds: await testBuilds(), folder, now: new Date() },
  );

const carryOut = async (
  planned: Plan,
  options: { signal?: AbortSignal; onEvent?: (event: JobEvent) => void } = {},
): Promise<JobOutcome> => {
  const job = await createJob(planned, home());
  return await runJob(job.folder, {}, options);
};

const nothingIn = async (folder: string): Promise<void> => {
  assert.deepEqual(await listArtifacts([folder]), []);
  for (const name of await readdir(folder, { recursive: true })) assert.doesNotMatch(name, /\.base|partial/);
};

for (const major of [15, 18])
  describe(`offline copies of PostgreSQL ${major}`, function () {
    this.timeout(180_000);
    let cluster: Cluster;
    let user: User;
    let folder: string;
    let rows: string;

    before(async () => {
      ({ cluster } = await backedUpCluster(major));
      await cluster.sql('create unlogged table quick as select 7 as id', 'shop');
      rows = await ask(cluster, sums);
      user = await newUser();
    });
    after(async () => {
      await end(cluster);
      await user?.remove();
    });
    beforeEach(async () => (folder = await openFolder()));
    afterEach(() => noFolder(folder));

    const backup = async (...args: string[]) =>
      await user.json<OfflineDocument & ErrorDocument>([
        'backup',
        ...['--method', 'offline', '--directory', cluster.dataDir, '--to', join(folder, 'to')],
        ...['--tools', cluster.bin, ...args],
      ]);

    it('a running one is refused; --stop stops it and starts it again as it was', async () => {
      const refused = await backup();
      assert.equal(refused.code, 1);
      assert.equal(refused.document.error.code, 'backup.blocked');
      assert.match(refused.document.error.why, /--stop/);

      const dry = await user.run([
        'backup',
        ...['--method', 'offline', '--directory', cluster.dataDir, '--to', folder, '--stop', '--dry-run'],
        ...['--tools', cluster.bin],
      ]);
      assert.match(dry.stdout, /pg_ctl stop -D/);
      assert.match(dry.stdout, /pg_ctl start -D/);
      assert.ok(await runs(cluster));

      const was = await ask(cluster, `select current_setting('port') || current_setting('fsync')`);
      const made = await backup('--stop');
      assert.equal(made.code, 0, made.stderr);
      assert.equal(await ask(cluster, `select current_setting('port') || current_setting('fsync')`), was);
      assert.equal(await ask(cluster, sums), rows);
      const { uid } = await stat(cluster.dataDir);
      const pid = Number((await readFile(join(cluster.dataDir, 'postmaster.pid'), 'utf8')).split('\n')[0]);
      assert.equal((await stat(`/proc/${pid}`)).uid, uid);
    });

    it('a stopped one is copied, listed, inspected, verified, restored and started with the same rows', async () => {
      if (await runs(cluster)) await stop(cluster);
      await writeFile(join(cluster.dataDir, 'pg_stat_tmp/left'), 'x');
      await writeFile(join(cluster.dataDir, 'base/pgsql_tmp_left'), 'x');
      await chmod(join(cluster.dataDir, 'pg_hba.conf'), 0o640);
      const made = await backup('--verify', 'contents', '--notes', 'cold');
      assert.equal(made.code, 0, made.stderr);
      const { artifact, method, format, evidence, base } = made.document;
      assert.deepEqual(
        [method, format, evidence.level, evidence.ok],
        ['offline', 'basebackup-plain', 'contents', true],
      );
      assert.ok(base.tablespaces.length === 1);
      assert.deepEqual(await readdir(join(artifact, 'pg_stat_tmp')), []);
      const names = await readdir(artifact, { recursive: true });
      for (const gone of ['postmaster.pid', 'postmaster.opts', 'base/pgsql_tmp_left'])
        assert.ok(!names.includes(gone), gone);
      assert.equal((await stat(join(artifact, 'pg_hba.conf'))).mode & 0o777, 0o640);
      assert.equal((await stat(artifact)).mode & 0o777, 0o700);

      // PostgreSQL's own program takes it for one of its base backups, WAL and all.
      await run(join(cluster.bin, 'pg_verifybackup'), [artifact], {
        env: { PATH: `${cluster.bin}:${process.env.PATH}` },
      });
      const facts = await readBackupManifest(
        (async function* () {
          yield await readFile(join(artifact, 'backup_manifest'));
        })(),
        () => {},
      );
      assert.deepEqual([facts.version, facts.checksumOk], [major >= 17 ? 2 : 1, true]);

      const listed = await user.json<{ artifacts: { path: string; kind: string }[] }>([
        'list',
        join(folder, 'to'),
      ]);
      assert.deepEqual(
        listed.document.artifacts.map(({ path, kind }) => [path, kind]),
        [[artifact, 'basebackup']],
      );
      const inspected = await user.json<{ id: string; wal: { needed: string[]; present: boolean } }>([
        'inspect',
        artifact,
      ]);
      assert.equal(inspected.document.id, base.id);
      assert.equal(inspected.document.wal.present, true);
      assert.equal(inspected.document.wal.needed.length, 1);
      const verified = await user.json<{ ok: boolean; tools: string[] }>([
        'verify',
        artifact,
        ...['--level', 'contents', '--tools', cluster.bin],
      ]);
      assert.equal(verified.document.ok, true, verified.stdout);
      assert.equal(verified.document.tools.length, 1);

      const directory = join(folder, 'restored');
      const port = await freePort();
      const restore = async (path: string): Promise<string> => {
        const ran = await user.json<ErrorDocument>([
          'restore',
          path,
          ...['--into-directory', directory, '--tools', cluster.bin, '--start', '--port', String(port)],
        ]);
        try {
          assert.equal(ran.code, 0, ran.stderr + ran.stdout);
          const quick = await askServer(cluster, directory, port, 'select id from quick');
          return `${await askServer(cluster, directory, port, sums)} ${quick}`;
        } finally {
          await stopServer(directory);
          await noFolder(directory);
          await noFolder(`${directory}.tablespaces`);
        }
      };
      assert.equal(await restore(artifact), `${rows} 7`);
      // Also without our manifest: by its own files.
      await rm(made.document.manifest);
      assert.equal(await restore(artifact), `${rows} 7`);

      // One altered byte is named.
      const file = join(artifact, 'PG_VERSION');
      await writeFile(file, `${major + 1}\n`);
      const damaged = await user.json<{ ok: boolean; faults: { entry: string }[] }>(['verify', artifact]);
      assert.deepEqual(
        [damaged.document.ok, damaged.document.faults.map(({ entry }) => entry)],
        [false, ['PG_VERSION']],
      );
    });

    it('one that crashed is refused, and so is a copy into itself', async () => {
      if (!(await runs(cluster))) await asServer(cluster, 'pg_ctl', startAgain(cluster));
      await asServer(cluster, 'pg_ctl', ['stop', '-D', cluster.dataDir, '-m', 'immediate', '-w']);
      assert.deepEqual(blocking(await plan(cluster, folder)), ['offline.notClean']);
      const inside = blocking(await plan(cluster, join(cluster.dataDir, 'backups')));
      assert.ok(inside.includes('basebackup.inside'), String(inside));
      await rm(join(cluster.dataDir, 'backups'), { recursive: true });
    });
  });

describe('offline copies: what goes wrong in the middle', function () {
  this.timeout(180_000);
  let cluster: Cluster;
  let folder: string;
  before(async () => ({ cluster } = await backedUpCluster(15)));
  after(() => end(cluster));
  beforeEach(async () => (folder = await openFolder()));
  afterEach(() => noFolder(folder));

  const pgCtl = (args: string[]): void =>
    void execFileSync(join(cluster.bin, 'pg_ctl'), args, {
      ...(process.getuid?.() === 0 ? { uid: owner.uid, gid: owner.gid } : {}),
      cwd: cluster.socketDir,
      stdio: 'ignore',
    });
  let owner: { uid: number; gid: number };
  before(async () => (owner = await stat(cluster.dataDir)));

  /** Does something once, when the copy has come to its files: this process waits for it. */
  const inTheMiddle = (work: () => void): ((event: JobEvent) => void) => {
    let did = false;
    return (event) => {
      if (did || event.type !== 'progress' || !event.bytes) return;
      did = true;
      work();
    };
  };

  it('a full disk: nothing is left, and a server that was stopped runs again', async function () {
    const disk = join(folder, 'small');
    await mkdir(disk);
    const mounted = await run('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', disk]).then(
      () => true,
      () => false,
    );
    if (!mounted) return this.skip();
    try {
      assert.ok(await runs(cluster));
      const outcome = await carryOut(await plan(cluster, disk, { stop: true }));
      assert.equal(outcome.state, 'failed');
      assert.equal(outcome.error?.code, 'disk.full', JSON.stringify(outcome.error));
      assert.ok(await runs(cluster));
      await nothingIn(disk);
    } finally {
      await run('umount', [disk]);
    }
  });

  it('a cancel: the same', async () => {
    assert.ok(await runs(cluster));
    const cancel = new AbortController();
    const outcome = await carryOut(await plan(cluster, folder, { stop: true }), {
      signal: cancel.signal,
      onEvent: inTheMiddle(() => cancel.abort()),
    });
    assert.equal(outcome.state, 'cancelled');
    assert.ok(await runs(cluster));
    await nothingIn(folder);
  });

  it('SIGKILL of the runner: the server is started again all the same, and the copy removed', async () => {
    assert.ok(await runs(cluster));
    const own = temporaryHome();
    try {
      const job = await createJob(await plan(cluster, folder, { stop: true }), own);
      const pidFile = join(cluster.dataDir, 'postmaster.pid');
      const was = await readFile(pidFile, 'utf8');
      await startRunner(job, {
        cli,
        secrets: {},
        env: { ...process.env, RESTORE_POINT_HOME: own.root },
      });
      await eventually(
        async () => (await readFile(pidFile, 'utf8').catch(() => '')) !== was,
        'the server is being stopped',
      );
      const { pid } = JSON.parse(await readFile(join(job.folder, 'runner.json'), 'utf8')) as { pid: number };
      process.kill(pid, 'SIGKILL');
      await eventually(
        async () =>
          (await readFile(pidFile, 'utf8').catch(() => was)).split('\n')[0] !== was.split('\n')[0] &&
          (await runs(cluster)),
        'another server runs',
      );
      await eventually(async () => {
        await reapJobs(own);
        return !(await readdir(folder, { recursive: true })).some((name) => name.includes('partial'));
      }, 'it is cleared away after');
      await nothingIn(folder);
      assert.equal(await ask(cluster, `select current_setting('fsync')`), 'off');
    } finally {
      own.remove();
    }
  });

  it('a cluster that is started: noticed, and the copy refused', async () => {
    await stop(cluster);
    const outcome = await carryOut(await plan(cluster, folder), {
      onEvent: inTheMiddle(() => pgCtl(startAgain(cluster))),
    });
    assert.equal(outcome.error?.code, 'offline.started', JSON.stringify(outcome.error));
    await nothingIn(folder);
    // Started and stopped again it has another checkpoint.
    await stop(cluster);
    const twice = await carryOut(await plan(cluster, folder), {
      onEvent: inTheMiddle(() => {
        pgCtl(startAgain(cluster));
        pgCtl(stopNow(cluster));
      }),
    });
    assert.equal(twice.error?.code, 'offline.started', JSON.stringify(twice.error));
    await nothingIn(folder);
    // Left alone it is copied.
    assert.equal((await carryOut(await plan(cluster, folder))).state, 'succeeded');
    pgCtl(startAgain(cluster));
    await eventually(() => runs(cluster), 'it runs');
  });
});
