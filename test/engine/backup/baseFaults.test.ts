import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdir, open, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { listArtifacts } from '../../../src/engine/artifacts';
import { createJob, reapJobs, startRunner } from '../../../src/engine/jobs';
import { refuseIfNeeded, verifyBaseBackup } from '../../../src/engine/physical';
import { planRestoreDirectory } from '../../../src/engine/restore';
import { planCombine } from '../../../src/engine/backup';
import { testBuilds } from '../../support/restoring';
import { startCluster, type Cluster } from '../../support/postgres';
import { temporaryHome } from '../../unit/jobs/samples';
import { cli } from '../jobs/support';
import {
  backedUpCluster,
  blocking,
  eventually,
  noFolder,
  openFolder,
  planBase,
  runPlan,
  secretsFor,
} from './baseSupport';

const run = promisify(execFile);

/** Slow enough to be in the middle of it: the smallest cluster has 20 MB. */
const slow = { 'max-rate': '2M', compress: 'none' };

/** Sessions and slots a backup may have left. */
const left = `select (select count(*) from pg_stat_replication) + (select count(*) from pg_replication_slots)
  + (select count(*) from pg_stat_activity where application_name like 'restore-point%')`;

describe('base backups: what is told before', function () {
  this.timeout(180_000);
  let folder: string;
  before(async () => (folder = await openFolder()));
  after(() => noFolder(folder));

  it('no right, no line in pg_hba.conf, no sender, no slot, no summaries, a folder that is there, a tablespace inside', async () => {
    const cluster = await startCluster(17, {
      settings: { wal_level: 'replica', max_wal_senders: '2', max_replication_slots: '1' },
      hba: `local all all trust
local replication all trust
host all all 127.0.0.1/32 scram-sha-256
host replication postgres,weak 127.0.0.1/32 scram-sha-256
`,
    });
    try {
      await cluster.sql(
        `create role weak login password 'weak'; create role barred login replication password 'barred'`,
      );
      const weak = await planBase(cluster, folder, {}, { user: 'weak', password: 'weak' });
      assert.deepEqual(blocking(weak), ['basebackup.right']);
      assert.match(weak.warnings.find(({ blocks }) => blocks)!.text, /ALTER ROLE "?weak"? REPLICATION/);

      const barred = await planBase(cluster, folder, {}, { user: 'barred', password: 'barred' });
      assert.deepEqual(blocking(barred), ['basebackup.hba']);
      const line = /host +replication +barred +127\.0\.0\.1\/32 +scram-sha-256/.exec(
        barred.warnings.find(({ blocks }) => blocks)!.text,
      )?.[0];
      assert.ok(line);
      // The very line that was named lets it in.
      await writeFile(
        join(cluster.dataDir, 'pg_hba.conf'),
        `${line}\n${await readFile(join(cluster.dataDir, 'pg_hba.conf'), 'utf8')}`,
      );
      await cluster.sql('select pg_reload_conf()');
      await eventually(
        async () =>
          blocking(await planBase(cluster, folder, {}, { user: 'barred', password: 'barred' })).length === 0,
        'the line works',
      );

      assert.deepEqual(blocking(await planBase(cluster, folder, { path: folder })), ['basebackup.exists']);
      await cluster.sql(`select pg_create_physical_replication_slot('taken')`);
      assert.deepEqual(blocking(await planBase(cluster, folder)), ['basebackup.slots']);
      assert.deepEqual(blocking(await planBase(cluster, folder, { options: { 'no-slot': true } })), []);
      assert.deepEqual(
        blocking(await planBase(cluster, folder, { options: { slot: 'taken', 'create-slot': true } })),
        ['basebackup.slotExists'],
      );

      const inside = join(cluster.dataDir, 'inside');
      await run('install', ['-d', '-m', '700', '-o', 'postgres', '-g', 'postgres', inside]).catch(() =>
        mkdir(inside),
      );
      await cluster.sql(`create tablespace inner_one location '${inside}'`);
      assert.deepEqual(blocking(await planBase(cluster, folder, { options: { slot: 'taken' } })), [
        'basebackup.tablespaceInside',
      ]);
      await cluster.sql('drop tablespace inner_one');

      // Others have the senders.
      const receive = [
        '-D',
        folder,
        '-h',
        cluster.socketDir,
        '-p',
        String(cluster.port),
        '-U',
        'postgres',
        '-n',
      ];
      const holder = run(join(cluster.bin, 'pg_receivewal'), receive);
      holder.catch(() => undefined);
      const senders = async (): Promise<number> =>
        Number(await cluster.sql('select count(*) from pg_stat_replication'));
      await eventually(async () => (await senders()) === 1, 'a sender is taken');
      assert.deepEqual(blocking(await planBase(cluster, folder, { options: { 'no-slot': true } })), [
        'basebackup.walSenders',
      ]);
      holder.child.kill('SIGINT');
      await eventually(async () => (await senders()) === 0, 'it is given back');

      const full = await planBase(cluster, folder, { options: { 'no-slot': true } });
      assert.equal((await runPlan(full, cluster)).state, 'succeeded');
      const incremental = { level: 'incremental', options: { 'no-slot': true } } as const;
      assert.deepEqual(blocking(await planBase(cluster, folder, incremental)), ['basebackup.summarizeWal']);
      await assert.rejects(planBase(cluster, await openFolder(), incremental), {
        code: 'basebackup.noParent',
      });
    } finally {
      await cluster.stop();
    }
  });
});

describe('base backups: what goes wrong in the middle', function () {
  this.timeout(240_000);
  let cluster: Cluster;
  let folder: string;
  before(async () => ({ cluster } = await backedUpCluster(17)));
  after(() => cluster?.stop());
  beforeEach(async () => (folder = await openFolder()));
  afterEach(() => noFolder(folder));

  const isCopying = async (): Promise<boolean> =>
    (await cluster.sql(
      `select count(*) from pg_stat_progress_basebackup where backup_streamed > 1000000`,
    )) === '1';
  const assertNothingLeft = async (): Promise<void> => {
    await eventually(async () => (await cluster.sql(left)) === '0', 'no session and no slot is left');
    assert.deepEqual(
      (await readdir(folder, { recursive: true, withFileTypes: true }))
        .filter((entry) => entry.isFile())
        .map(({ name }) => name),
      [],
    );
  };

  for (const format of ['basebackup-tar', 'basebackup-plain'] as const)
    it(`cancelled (${format}): the tool is ended, nothing is left, also no slot that it made`, async () => {
      const plan = await planBase(cluster, folder, {
        format,
        options: { ...slow, slot: 'kept', 'create-slot': true },
      });
      const cancel = new AbortController();
      const running = runPlan(plan, cluster, { signal: cancel.signal });
      await eventually(isCopying, 'it is in the middle');
      cancel.abort();
      assert.equal((await running).state, 'cancelled');
      await assertNothingLeft();
    });

  it('a slot that was made stays when all went well', async () => {
    const plan = await planBase(cluster, folder, { options: { slot: 'kept', 'create-slot': true } });
    assert.equal((await runPlan(plan, cluster)).state, 'succeeded');
    assert.equal(await cluster.sql('select slot_name from pg_replication_slots'), 'kept');
    await cluster.sql(`select pg_drop_replication_slot('kept')`);
  });

  it('the runner killed: the program ends with it, and what was half-made goes', async () => {
    const home = temporaryHome();
    try {
      const plan = await planBase(cluster, folder, { options: slow });
      const job = await createJob(plan, home);
      await startRunner(job, {
        cli,
        secrets: secretsFor(plan, cluster),
        env: { ...process.env, RESTORE_POINT_HOME: home.root },
      });
      await eventually(isCopying, 'it is in the middle');
      const { pid } = JSON.parse(await readFile(join(job.folder, 'runner.json'), 'utf8')) as { pid: number };
      process.kill(pid, 'SIGKILL');
      assert.deepEqual(
        (await listArtifacts([folder])).filter(({ partial }) => !partial),
        [],
      );
      await eventually(async () => (await reapJobs(home)).includes(job.id), 'it is cleared away after');
      await assertNothingLeft();
    } finally {
      home.remove();
    }
  });

  it('the server stopped in the middle: said, and nothing is left', async () => {
    const plan = await planBase(cluster, folder, { options: slow });
    const running = runPlan(plan, cluster);
    await eventually(isCopying, 'it is in the middle');
    await cluster.restart();
    const outcome = await running;
    assert.deepEqual(
      [outcome.state, outcome.error?.code],
      ['failed', 'connection.lost'],
      JSON.stringify(outcome.error),
    );
    await assertNothingLeft();
  });

  it('a standby that is promoted in the middle: said, and nothing is left', async () => {
    const standby = await startCluster(17, {
      settings: { wal_level: 'replica', full_page_writes: 'on' },
      standby: true,
    });
    try {
      const plan = await planBase(standby, folder, { options: slow });
      const running = runPlan(plan, standby);
      const copying = `select count(*) > 0 from pg_stat_progress_basebackup where backup_streamed > 1000000`;
      await eventually(async () => (await standby.sql(copying)) === 't', 'it is in the middle');
      await standby.sql('select pg_promote()');
      const outcome = await running;
      assert.equal(outcome.state, 'failed');
      assert.deepEqual(outcome.error?.code, 'basebackup.promoted', JSON.stringify(outcome.error));
      assert.deepEqual(await listArtifacts([folder]), []);
      assert.equal(await standby.sql(left), '0');
    } finally {
      await standby.stop();
    }
  });

  it('a full disk on this side', async function () {
    if (process.getuid?.() !== 0) return this.skip();
    const mounted = await run('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', folder]).then(
      () => true,
      () => false,
    );
    if (!mounted) return this.skip();
    try {
      for (const format of ['basebackup-tar', 'basebackup-plain'] as const) {
        const plan = await planBase(cluster, folder, {
          format,
          options: { ...(format === 'basebackup-tar' ? { compress: 'none' } : {}) },
        });
        assert.ok(plan.warnings.some(({ code }) => code === 'space.low'));
        const outcome = await runPlan(plan, cluster);
        assert.deepEqual(
          [outcome.state, outcome.error?.code],
          ['failed', 'disk.full'],
          JSON.stringify(outcome.error),
        );
        await assertNothingLeft();
      }
    } finally {
      await run('umount', [folder]);
    }
  });
});

describe('base backups: trouble on the server', function () {
  this.timeout(240_000);
  let cluster: Cluster;
  let folder: string;
  // Its pages have checksums by themselves from 18 on.
  before(async () => ({ cluster } = await backedUpCluster(18)));
  after(() => cluster?.stop());
  beforeEach(async () => (folder = await openFolder()));
  afterEach(() => noFolder(folder));

  const assertNothingLeft = async (): Promise<void> => {
    await eventually(async () => (await cluster.sql(left)) === '0', 'no session and no slot is left');
    assert.deepEqual(
      (await readdir(folder, { recursive: true, withFileTypes: true }))
        .filter((entry) => entry.isFile())
        .map(({ name }) => name),
      [],
    );
  };

  it('damaged pages are named with their table, nothing is left; --no-verify-checksums takes them along', async () => {
    await cluster.sql('create table torn as select g as id from generate_series(1, 5000) g', 'shop');
    const file = await cluster.sql(`select pg_relation_filepath('torn')`, 'shop');
    await cluster.sql('checkpoint');
    await cluster.restart();
    const handle = await open(join(cluster.dataDir, file), 'r+');
    await handle.write(Buffer.alloc(64, 0x55), 0, 64, 8192 + 4000);
    await handle.close();
    const outcome = await runPlan(await planBase(cluster, folder), cluster);
    assert.deepEqual(
      [outcome.state, outcome.error?.code],
      ['failed', 'basebackup.checksums'],
      JSON.stringify(outcome.error),
    );
    assert.ok(
      outcome.error!.why.startsWith(`torn in the database shop: ${file}, block 1`),
      outcome.error!.why,
    );
    assert.match(outcome.error!.next, /--no-verify-checksums/);
    await assertNothingLeft();
    const along = await planBase(cluster, folder, { options: { 'no-verify-checksums': true } });
    assert.equal((await runPlan(along, cluster)).state, 'succeeded');
    await cluster.sql('drop table torn', 'shop');
  });

  it('a full disk on the server’s side is told as that', async function () {
    if (process.getuid?.() !== 0) return this.skip();
    const owner = ['-o', `size=4m,mode=0777`];
    const mounted = await run('mount', ['-t', 'tmpfs', ...owner, 'tmpfs', folder]).then(
      () => true,
      () => false,
    );
    if (!mounted) return this.skip();
    try {
      const plan = await planBase(cluster, folder, {
        options: { target: `server:${join(folder, 'there')}` },
      });
      const outcome = await runPlan(plan, cluster);
      assert.deepEqual(
        [outcome.state, outcome.error?.code, outcome.error?.what],
        ['failed', 'disk.full', 'The disk of the server is full.'],
        JSON.stringify(outcome.error),
      );
      await eventually(async () => (await cluster.sql(left)) === '0', 'no session and no slot is left');
    } finally {
      await run('umount', [folder]);
    }
  });

  it('the stream of the WAL with its slot lost in the middle: failed, nothing is left', async () => {
    const running = runPlan(await planBase(cluster, folder, { options: slow }), cluster);
    await eventually(
      async () =>
        (await cluster.sql(
          `select pg_terminate_backend(pid) from pg_stat_replication where state = 'streaming'`,
        )) === 't',
      'the stream is ended',
    );
    const outcome = await running;
    assert.deepEqual(
      [outcome.state, outcome.error?.code],
      ['failed', 'connection.lost'],
      JSON.stringify(outcome.error),
    );
    await assertNothingLeft();
  });
});

describe('base backups: damage and strangers', function () {
  this.timeout(240_000);
  let cluster: Cluster;
  let folder: string;
  const made: Record<string, string> = {};
  before(async () => {
    ({ cluster } = await backedUpCluster(18));
    folder = await openFolder();
    for (const format of ['basebackup-plain', 'basebackup-tar'] as const) {
      const plan = await planBase(cluster, folder, {
        format,
        path: join(folder, format),
        options: format === 'basebackup-tar' ? { compress: 'none' } : {},
      });
      assert.equal((await runPlan(plan, cluster)).state, 'succeeded');
      made[format] = join(folder, format);
    }
  });
  after(async () => {
    await cluster?.stop();
    if (folder) await noFolder(folder);
  });

  /** A copy with one byte of a file changed. */
  const altered = async (format: string, file: string, at: number): Promise<string> => {
    const copy = join(folder, 'altered');
    await noFolder(copy);
    await noFolder(`${copy}.tablespaces`);
    await cp(made[format]!, copy, { recursive: true, verbatimSymlinks: true });
    await cp(`${made[format]!}.tablespaces`, `${copy}.tablespaces`, { recursive: true }).catch(
      () => undefined,
    );
    const handle = await open(join(copy, file), 'r+');
    const byte = Buffer.alloc(1);
    await handle.read(byte, 0, 1, at);
    byte[0]! ^= 1;
    await handle.write(byte, 0, 1, at);
    await handle.close();
    return copy;
  };
  const faultsOf = async (path: string, level: 'checksum' | 'contents' = 'checksum') =>
    (await verifyBaseBackup(path, level)).faults ?? [];

  it('the manifest altered by one byte is noticed', async () => {
    const { length } = await readFile(join(made['basebackup-plain']!, 'backup_manifest'));
    for (const at of [100, 5_000, length - 200, length - 40]) {
      const faults = await faultsOf(await altered('basebackup-plain', 'backup_manifest', at));
      assert.ok(
        faults.some(({ entry }) => entry === 'backup_manifest'),
        `${at}: ${JSON.stringify(faults)}`,
      );
    }
  });

  it('a file altered by one byte is named; the server’s own program says the same', async () => {
    const copy = await altered('basebackup-plain', 'global/pg_filenode.map', 30);
    assert.deepEqual(
      (await faultsOf(copy)).map(({ entry }) => entry),
      ['global/pg_filenode.map'],
    );
    const theirs = await run(join(cluster.bin, 'pg_verifybackup'), ['-n', copy]).catch(
      (error: { stderr: string }) => error,
    );
    assert.match(theirs.stderr, /checksum mismatch for file "global\/pg_filenode\.map"/);
    const refused = await restore(copy);
    assert.deepEqual([refused.state, refused.error?.code], ['failed', 'artifact.damaged']);
    assert.match(refused.error!.why, /pg_filenode\.map/);
  });

  it('a tar file altered by one byte: the file in it is named, or the header', async () => {
    const tar = join(made['basebackup-tar']!, 'base.tar');
    const where = (await readFile(tar)).indexOf('global/pg_filenode.map');
    const inFile = await faultsOf(await altered('basebackup-tar', 'base.tar', where + 512 + 30));
    assert.deepEqual(
      inFile.map(({ entry }) => entry),
      ['global/pg_filenode.map'],
    );
    const inHeader = await faultsOf(await altered('basebackup-tar', 'base.tar', where + 100));
    assert.ok(
      inHeader.some(({ entry }) => entry === 'base.tar'),
      JSON.stringify(inHeader),
    );
  });

  it('missing, extra and damaged WAL files are named', async () => {
    const copy = await altered('basebackup-plain', 'PG_VERSION', 0);
    await writeFile(join(copy, 'base/extra'), 'x');
    await noFolder(join(copy, 'pg_hba.conf'));
    assert.deepEqual((await faultsOf(copy)).map(({ entry }) => entry).sort(), [
      'PG_VERSION',
      'base/extra',
      'pg_hba.conf',
    ]);
    const [segment] = (await readdir(join(copy, 'pg_wal'))).filter((name) => /^[0-9A-F]{24}$/.test(name));
    await noFolder(join(copy, 'pg_wal', segment!));
    assert.ok((await faultsOf(copy, 'contents')).some(({ entry }) => entry === `pg_wal/${segment}`));
  });

  const restore = async (path: string, directory = join(folder, 'restored')) => {
    const plan = await planRestoreDirectory({ artifact: path, directory }, { builds: [], now: new Date() });
    assert.deepEqual(blocking(plan), []);
    const outcome = await runPlan(plan, cluster);
    assert.deepEqual(
      (await readdir(folder)).filter((name) => name.includes('.partial')),
      [],
    );
    return outcome;
  };

  it('a folder that is not empty, a server of another major: told before', async () => {
    const other = await testBuilds([17]);
    const request = { artifact: made['basebackup-plain']!, directory: folder, start: { port: 1 } };
    assert.deepEqual(blocking(await planRestoreDirectory(request, { builds: other, now: new Date() })), [
      'restore.notEmpty',
      'restore.noServer',
    ]);
    await assert.rejects(
      planRestoreDirectory({ ...request, tablespaces: { none: '/x' } }, { builds: other, now: new Date() }),
      { code: 'restore.tablespace' },
    );
  });

  it('a tar file whose names lead elsewhere is not unpacked', async () => {
    const copy = await altered('basebackup-tar', 'base.tar', 0);
    const tar = await readFile(join(made['basebackup-tar']!, 'base.tar'));
    const at = tar.indexOf('global/pg_filenode.map');
    tar.write('../../../../evil_entry\0'.padEnd(23, '\0'), at, 'latin1');
    const header = tar.subarray(at, at + 512);
    header.write('        ', 148, 'latin1');
    header.write(
      header
        .reduce((sum, byte) => sum + byte, 0)
        .toString(8)
        .padStart(6, '0') + '\0 ',
      148,
      'latin1',
    );
    await writeFile(join(copy, 'base.tar'), tar);
    const outcome = await restore(copy);
    assert.deepEqual([outcome.state, outcome.error?.code], ['failed', 'pgdata.unreadable']);
    assert.ok(!(await readdir('/')).includes('evil_entry'));
  });

  it('an incremental backup against another cluster’s, and combining without the program of its major', async () => {
    const stranger = await startCluster(18, { settings: { summarize_wal: 'on' } });
    try {
      const plan = await planBase(stranger, folder, {
        level: 'incremental',
        parent: made['basebackup-plain'],
      });
      assert.ok(blocking(plan).includes('basebackup.otherCluster'));
      // Told before; and whoever goes on all the same hears it from the server.
      const outcome = await runPlan(plan, stranger);
      assert.deepEqual(
        [outcome.state, outcome.error?.code],
        ['failed', 'basebackup.parent'],
        JSON.stringify(outcome.error),
      );
    } finally {
      await stranger.stop();
    }
    const child = await planBase(cluster, folder, {
      level: 'incremental',
      path: join(folder, 'child'),
      parent: made['basebackup-plain'],
    });
    assert.equal((await runPlan(child, cluster)).state, 'succeeded');
    await assert.rejects(
      planCombine({ artifact: join(folder, 'child') }, { builds: await testBuilds([17]), now: new Date() }),
      { code: 'tool.missing' },
    );
    await assert.rejects(refuseIfNeeded([made['basebackup-plain']!]), {
      code: 'basebackup.needed',
      why: /child/,
    });
    await refuseIfNeeded([join(folder, 'child')]);
  });
});
