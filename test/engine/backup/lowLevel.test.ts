import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { listArtifacts } from '../../../src/engine/artifacts';
import { planBackup, type LowLevelRequest } from '../../../src/engine/backup';
import { createJob, reapJobs, startRunner, type JobOutcome } from '../../../src/engine/jobs';
import type { Plan } from '../../../src/engine/plan';
import { accessTo, testBuilds, type Who } from '../../support/restoring';
import { startCluster, type Cluster } from '../../support/postgres';
import { temporaryHome } from '../../unit/jobs/samples';
import { cli } from '../jobs/support';
import { newUser, reach, type BackupDocument, type ErrorDocument, type User } from '../cli/support';
import {
  askServer,
  backedUpCluster,
  blocking,
  eventually,
  freePort,
  noFolder,
  openFolder,
  runPlan,
  secretsFor,
  stopServer,
  sums,
} from './baseSupport';

const run = promisify(execFile);

interface LowLevelDocument extends BackupDocument {
  base: { id: string; label: string; startLsn: string; stopLsn: string; walMethod: string };
  wal: { segments: string[]; from: string | null };
}

/** A server that archives into a folder beside its data. */
async function archivingCluster(major: number): Promise<{ cluster: Cluster; wal: string }> {
  const { cluster } = await backedUpCluster(major, { archive_mode: 'on' });
  const wal = join(cluster.socketDir, 'wal');
  const { uid, gid } = await stat(cluster.dataDir);
  await mkdir(wal);
  await run('chown', [`${uid}:${gid}`, wal]);
  await archive(cluster, `cp %p ${wal}/%f`);
  return { cluster, wal };
}

async function archive(cluster: Cluster, command: string): Promise<void> {
  await cluster.sql(`alter system set archive_command = '${command}'`);
  await cluster.sql('select pg_reload_conf()');
}

const sessions = `select count(*) from pg_stat_activity where application_name like 'restore-point%'`;

/** Not in backup mode, by the sessions that could hold it there, and by starting another backup. */
async function assertLeft(cluster: Cluster, folder: string): Promise<void> {
  await eventually(async () => (await cluster.sql(sessions)) === '0', 'no session is left');
  assert.deepEqual(
    (await listArtifacts([folder])).map(({ path }) => path),
    [],
  );
  for (const name of await readdir(folder, { recursive: true })) assert.doesNotMatch(name, /\.base|partial/);
}

async function planLow(
  cluster: Cluster,
  folder: string,
  request: Omit<LowLevelRequest, 'method'> = {},
  who: Who = {},
): Promise<Plan> {
  const access = await accessTo(cluster, who);
  try {
    const builds = await testBuilds();
    return await planBackup({ method: 'low-level', ...request }, { access, builds, folder, now: new Date() });
  } finally {
    await access.close();
  }
}

for (const major of [15, 18])
  describe(`low-level backups of PostgreSQL ${major}`, function () {
    this.timeout(180_000);
    let cluster: Cluster;
    let wal: string;
    let user: User;
    let folder: string;
    before(async () => {
      ({ cluster, wal } = await archivingCluster(major));
      user = await newUser();
    });
    after(async () => {
      await cluster?.stop();
      await user?.remove();
    });
    beforeEach(async () => (folder = await openFolder()));
    afterEach(() => noFolder(folder));

    const backup = async (...args: string[]) => {
      const { args: where, env } = reach(cluster);
      const all = ['backup', ...where, '--method', 'low-level', '--to', join(folder, 'to'), ...args];
      return await user.json<LowLevelDocument & ErrorDocument>(all, { env });
    };
    const restored = async (path: string): Promise<string> => {
      const directory = join(folder, 'restored');
      const port = await freePort();
      const ran = await user.json<ErrorDocument>([
        'restore',
        path,
        ...['--into-directory', directory, '--tools', cluster.bin, '--start', '--port', String(port)],
        ...['--restore-command', `cp ${wal}/%f %p`],
      ]);
      try {
        assert.equal(ran.code, 0, ran.stderr + ran.stdout);
        return await askServer(cluster, directory, port, sums);
      } finally {
        await stopServer(directory);
      }
    };

    it('our own copy while rows are written: label, WAL, verified, restored with the rows of its end', async () => {
      const writer = cluster.sql(
        `do $$ begin for i in 1..300 loop
           insert into orders values (100000 + i, 'x'); commit; perform pg_sleep(0.01); end loop; end $$`,
        'shop',
      );
      const made = await backup('--label', 'by hand', '--wal-from', wal);
      assert.equal(made.code, 0, made.stderr + made.stdout);
      await writer;
      await cluster.sql('select pg_switch_wal()');
      const { artifact, method, evidence, base } = made.document;
      assert.deepEqual([method, evidence.level, evidence.ok], ['low-level', 'checksum', true]);
      assert.deepEqual([base.label, base.walMethod], ['by hand', 'none']);
      assert.ok(made.document.wal.segments.length > 0);
      for (const name of made.document.wal.segments) await stat(join(wal, name));
      assert.match(await readFile(join(artifact, 'backup_label'), 'utf8'), /LABEL: by hand/);
      assert.doesNotMatch(await readFile(join(artifact, 'tablespace_map'), 'utf8'), /\/space$/m);
      const names = await readdir(artifact);
      assert.ok(!names.includes('postmaster.pid') && !names.includes('postmaster.opts'));
      await run(join(cluster.bin, 'pg_verifybackup'), ['--no-parse-wal', artifact]);
      await assertNoMode();

      // All that was committed is in the archive by now.
      const last = (await readdir(wal))
        .filter((name) => name.length === 24)
        .sort()
        .at(-1)!;
      await eventually(async () => {
        const archived = await cluster.sql('select last_archived_wal from pg_stat_archiver');
        return archived >= last;
      }, 'all is archived');
      assert.equal(await restored(artifact), await cluster.sql(sums, 'shop'));
    });

    it('a copy command of the user, quoted, its words in the log; the copy is ours to finish', async () => {
      const command = `echo copying; rsync --version >/dev/null 2>&1; cp -a %source/. %target/`;
      const dry = await user.run(
        [
          ...['backup', ...reach(cluster).args, '--method', 'low-level', '--to', join(folder, "it's")],
          ...['--copy-command', command, '--wal-from', wal, '--dry-run'],
        ],
        { env: reach(cluster).env },
      );
      assert.match(dry.stdout, /pg_backup_start\('restore-point', true\)/);
      assert.match(dry.stdout, /'\\''s/);
      assert.match(dry.stdout, /pg_backup_stop/);

      const { args: where, env } = reach(cluster);
      const made = await user.json<LowLevelDocument & ErrorDocument>(
        [
          ...['backup', ...where, '--method', 'low-level', '--to', join(folder, "it's")],
          ...['--copy-command', command, '--wal-from', wal, '--verify', 'checksum', '--verbose'],
        ],
        { env },
      );
      assert.equal(made.code, 0, made.stderr + made.stdout);
      assert.match(made.stderr, /copying/);
      const { artifact } = made.document;
      assert.equal(made.document.evidence.ok, true);
      const names = await readdir(artifact, { recursive: true });
      for (const gone of ['postmaster.pid', 'postmaster.opts'])
        assert.ok(!names.includes(gone), `${gone} is left out`);
      assert.deepEqual(await readdir(join(artifact, 'pg_replslot')), []);
      assert.deepEqual(await readdir(join(artifact, 'pg_wal')), ['archive_status']);
      await assertNoMode();
      assert.equal(await restored(artifact), await cluster.sql(sums, 'shop'));
    });

    it('without a folder of the archive the server is asked; backups may run side by side', async () => {
      const both = await Promise.all([backup(), backup()]);
      assert.deepEqual(
        both.map(({ code }) => code),
        [0, 0],
        both.map(({ stdout, stderr }) => stdout + stderr).join('\n'),
      );
      assert.equal(both[0]!.document.wal.from, null);
      await assertNoMode();
    });

    const assertNoMode = async (): Promise<void> =>
      await eventually(async () => (await cluster.sql(sessions)) === '0', 'no session holds the backup');
  });

describe('low-level backups: what goes wrong', function () {
  this.timeout(180_000);
  let cluster: Cluster;
  let wal: string;
  let folder: string;
  before(async () => ({ cluster, wal } = await archivingCluster(15)));
  after(() => cluster?.stop());
  beforeEach(async () => (folder = await openFolder()));
  afterEach(() => noFolder(folder));

  const outcomeOf = async (
    request: Omit<LowLevelRequest, 'method'>,
    options: { signal?: AbortSignal } = {},
  ): Promise<JobOutcome> => await runPlan(await planLow(cluster, folder, request), cluster, options);

  /** Copies, tells that it is in the middle, and goes on when it is told to. */
  const waiting = (): {
    copyCommand: string;
    inTheMiddle: () => Promise<void>;
    goOn: () => Promise<void>;
  } => {
    const [here, on] = [join(folder, 'here'), join(folder, 'on')];
    return {
      copyCommand: `: %source %target; touch ${here}; while [ ! -e ${on} ]; do sleep 0.1; done; cp -a %source/. %target/`,
      inTheMiddle: () =>
        eventually(
          async () => (await stat(here).catch(() => null)) !== null,
          'it is in the middle of the copy',
        ),
      goOn: () => writeFile(on, ''),
    };
  };

  it('is told before: no archive, no right, a command without its places, another cluster’s directory, minimal WAL', async () => {
    const plain = await startCluster(18, { settings: { wal_level: 'minimal', max_wal_senders: '0' } });
    try {
      await plain.sql(`create role weak login password 'weak'`);
      const codes = blocking(await planLow(plain, folder));
      assert.deepEqual(codes.sort(), ['basebackup.walLevel', 'lowlevel.noArchive']);
      const weak = blocking(
        await planLow(plain, folder, { walFrom: wal }, { user: 'weak', password: 'weak' }),
      );
      assert.deepEqual(weak.sort(), ['basebackup.walLevel', 'lowlevel.directory', 'lowlevel.right']);
      const other = blocking(await planLow(plain, folder, { walFrom: wal, directory: cluster.dataDir }));
      assert.deepEqual(other.sort(), ['basebackup.walLevel', 'lowlevel.otherCluster']);
    } finally {
      await plain.stop();
    }
    assert.deepEqual(blocking(await planLow(cluster, folder, { copyCommand: 'cp -a %source /x' })), [
      'lowlevel.command',
    ]);
    assert.deepEqual(blocking(await planLow(cluster, join(cluster.dataDir, 'here'))), ['basebackup.inside']);
    await rm(join(cluster.dataDir, 'here'), { recursive: true });
  });

  it('WAL of several segments: what is archived last has the name of the first', async () => {
    const { password } = cluster;
    await cluster.sql(
      `create role monitors login password '${password}'; grant pg_monitor to monitors;
       create role blind login password '${password}'; grant pg_read_all_settings to blind;
       grant execute on function pg_backup_start, pg_backup_stop to monitors, blind`,
    );
    for (const user of ['postgres', 'monitors', 'blind']) {
      const { copyCommand, inTheMiddle, goOn } = waiting();
      const plan = await planLow(
        cluster,
        folder,
        { copyCommand, directory: cluster.dataDir },
        { user, password },
      );
      const running = runPlan(plan, cluster);
      await inTheMiddle();
      await cluster.sql(`create table ${user}_wrote (); select pg_switch_wal()`);
      await cluster.sql(`drop table ${user}_wrote; select pg_switch_wal()`);
      await goOn();
      let isOver = false;
      void running.finally(() => (isOver = true));
      // Who may not look into the archiver's notes is told by a later segment.
      while (user === 'blind' && !isOver) {
        await cluster.sql(`select pg_logical_emit_message(false, 'a', 'b'), pg_switch_wal()`);
        await new Promise((wait) => setTimeout(wait, 200));
      }
      const { state, error } = await running;
      assert.equal(state, 'succeeded', `${user}: ${JSON.stringify(error)}`);
      for (const name of ['here', 'on']) await rm(join(folder, name));
    }
  });

  it('a command that fails, and one that copies nothing', async () => {
    const failed = await outcomeOf({
      copyCommand: 'cp %source/PG_VERSION %target/; echo no luck >&2; exit 3',
    });
    assert.equal(failed.error?.code, 'lowlevel.copy', JSON.stringify(failed.error));
    assert.match(failed.error.what, /3/);
    assert.match(failed.error.why, /no luck/);
    await assertLeft(cluster, folder);
    const empty = await outcomeOf({ copyCommand: ': %source %target' });
    assert.equal(empty.error?.code, 'lowlevel.noCopy', JSON.stringify(empty.error));
    await assertLeft(cluster, folder);
  });

  it('a cancel in the middle of the copy', async () => {
    const { copyCommand, inTheMiddle } = waiting();
    const cancel = new AbortController();
    const running = outcomeOf({ copyCommand }, { signal: cancel.signal });
    await inTheMiddle();
    assert.equal(await cluster.sql(sessions), '1');
    cancel.abort();
    assert.equal((await running).state, 'cancelled');
    await assertLeft(cluster, folder);
  });

  it('SIGKILL of the runner: the server leaves backup mode by itself, the command is ended, nothing is left', async () => {
    const { copyCommand, inTheMiddle } = waiting();
    const own = temporaryHome();
    try {
      const plan = await planLow(cluster, folder, { copyCommand });
      const job = await createJob(plan, own);
      await startRunner(job, {
        cli,
        secrets: secretsFor(plan, cluster),
        env: { ...process.env, RESTORE_POINT_HOME: own.root },
      });
      await inTheMiddle();
      const { pid } = JSON.parse(await readFile(join(job.folder, 'runner.json'), 'utf8')) as { pid: number };
      process.kill(pid, 'SIGKILL');
      await eventually(async () => (await cluster.sql(sessions)) === '0', 'the session is gone');
      await eventually(async () => (await reapJobs(own)).includes(job.id), 'it is cleared away after');
      await assertLeft(cluster, folder);
      await eventually(
        async () => !(await run('ps', ['-eo', 'args'])).stdout.includes(join(folder, 'on')),
        'the command is ended',
      );
    } finally {
      own.remove();
    }
  });

  it('a server that restarts in the middle ends the copy', async () => {
    const { copyCommand, inTheMiddle } = waiting();
    const running = outcomeOf({ copyCommand });
    await inTheMiddle();
    await cluster.restart();
    const outcome = await running;
    assert.equal(outcome.error?.code, 'lowlevel.sessionLost', JSON.stringify(outcome.error));
    await assertLeft(cluster, folder);
  });

  it('WAL that is not archived in time, and WAL that is damaged there', async () => {
    await archive(cluster, '/bin/false');
    const missing = await outcomeOf({ walFrom: wal, walSeconds: 2 });
    assert.equal(missing.error?.code, 'lowlevel.walMissing', JSON.stringify(missing.error));
    await assertLeft(cluster, folder);
    const asked = await outcomeOf({ walSeconds: 2 });
    assert.equal(asked.error?.code, 'lowlevel.walMissing', JSON.stringify(asked.error));
    await assertLeft(cluster, folder);
    await archive(cluster, `head -c 8192 %p > ${wal}/%f; sleep 1; cp %p ${wal}/%f`);
    const slow = await outcomeOf({ walFrom: wal });
    assert.equal(slow.state, 'succeeded', JSON.stringify(slow.error));
    for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true });
    await archive(cluster, `head -c 8192 %p > ${wal}/%f`);
    const damaged = await outcomeOf({ walFrom: wal });
    assert.equal(damaged.error?.code, 'lowlevel.walDamaged', JSON.stringify(damaged.error));
    await assertLeft(cluster, folder);
    await archive(cluster, `cp %p ${wal}/%f`);
  });
});
