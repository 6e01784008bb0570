import assert from 'node:assert/strict';
import { chown, mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArchivingReport, ArchivingSetup, ArchiveTested } from '../../../src/engine/physical';
import type { ErrorFacts } from '../../../src/engine/errors';
import { cli } from '../../support/archiving';
import { startCluster, type Cluster } from '../../support/postgres';
import { newUser, type Ran, type User } from '../cli/support';

type Failed = { error: ErrorFacts };

describe('setting up, watching and testing an archive (PostgreSQL)', function () {
  this.timeout(240_000);
  let cluster: Cluster;
  let user: User;
  let archive: string;
  before(async () => {
    cluster = await startCluster(17);
    user = await newUser();
    archive = join(cluster.socketDir, "an archive, 100 % 'ours'");
    await mkdir(archive, { mode: 0o700 });
    const { uid, gid } = await stat(cluster.dataDir);
    await chown(archive, uid, gid);
    await cluster.sql(`create role watcher login password 'watcher'`);
  });
  after(async () => {
    await cluster?.stop();
    await user?.remove();
  });

  const wal = async <T>(
    action: string,
    more: string[] = [],
    role = 'postgres',
  ): Promise<Ran & { document: T }> =>
    await user.json<T>(['wal', action, `postgresql://${role}@127.0.0.1:${cluster.port}/postgres`, ...more], {
      env: { PGPASSWORD: role === 'postgres' ? cluster.password : role },
    });
  const status = async (role?: string): Promise<ArchivingReport> =>
    (await wal<ArchivingReport>('status', [], role)).document;
  const codes = ({ notices }: ArchivingReport): string[] => notices.map(({ code }) => code);
  const setup = async (more: string[] = [], role?: string): Promise<ArchivingSetup & { applied: boolean }> =>
    (await wal<ArchivingSetup & { applied: boolean }>('setup', ['--to', archive, ...more], role)).document;

  it('says that nothing is archived, and refuses to test that', async () => {
    const { condition, state } = await status();
    assert.equal(condition, 'off');
    assert.equal(state.settings.find(({ name }) => name === 'archive_mode')?.value, 'off');
    assert.deepEqual(state.rights, []);
    const { code, document } = await wal<Failed>('test');
    assert.equal(code, 1);
    assert.equal(document.error.code, 'archiving.off');
  });

  it('shows what has to change, and changes nothing by that', async () => {
    const { changes, statements, restart, restartCommand, applied } = await setup();
    assert.deepEqual(
      changes.map(({ name, needs }) => [name, needs]),
      [
        ['archive_mode', 'restart'],
        ['archive_command', 'reload'],
        ['archive_timeout', 'reload'],
      ],
    );
    assert.equal(applied, false);
    assert.equal(restart, true);
    assert.match(restartCommand ?? '', /^pg_ctl restart -D /);
    assert.match(statements[1]!, /100 %% .*--compress zstd/);
    assert.ok(statements[1]!.includes(cli));
    assert.equal((await status()).condition, 'off');
  });

  it('names the right that a role lacks, with the statement that grants it', async () => {
    const { state, notices } = await status('watcher');
    assert.deepEqual(
      state.rights.map(({ of }) => of),
      ['waiting', 'wal'],
    );
    assert.equal(state.waiting, null);
    assert.match(
      notices.find(({ code }) => code === 'archiving.right')?.next ?? '',
      /GRANT pg_monitor TO "watcher"/,
    );
    const { changes, statements } = await setup([], 'watcher');
    assert.deepEqual(statements, []);
    assert.match(changes[0]!.outOfReach ?? '', /GRANT ALTER SYSTEM ON PARAMETER archive_mode TO "watcher"/);
    await cluster.sql('grant pg_monitor to watcher');
    assert.deepEqual((await status('watcher')).state.rights, []);
    await cluster.sql('revoke pg_monitor from watcher');
  });

  it('runs the statements when it is told to, and waits for the restart', async () => {
    assert.equal((await setup(['--apply'])).applied, true);
    const waiting = await status();
    assert.equal(waiting.condition, 'restart');
    assert.ok(codes(waiting).includes('archiving.restart'));
    // What is set is not set again.
    const again = await setup();
    assert.deepEqual(again.statements, []);
    assert.equal(again.restart, true);
    await cluster.restart();
    assert.match((await status()).condition, /waiting|working/);
    assert.equal((await setup()).restart, false);
  });

  it('tests the archive: the segment is archived, in the folder, and whole', async () => {
    const { document, stderr } = await wal<ArchiveTested>('test', ['--wal', archive]);
    assert.match(document.segment, /^[0-9A-F]{24}$/, stderr);
    assert.equal(document.folder, archive);
    assert.ok((await stat(join(archive, `${document.segment}.zst`))).size > 0);
    const { condition, state } = await status();
    assert.equal(condition, 'working');
    assert.ok(state.archiver.archived > 0 && state.archiver.lastArchivedAge !== null);
    assert.equal(state.waiting?.files, 0);
  });

  it('notices that the command puts them elsewhere', async () => {
    const { document } = await wal<Failed>('test', ['--wal', cluster.socketDir, '--timeout', '3']);
    assert.equal(document.error.code, 'archiving.notInFolder');
  });

  it('tells a role that may not end a segment what it needs', async () => {
    const { document } = await wal<Failed>('test', [], 'watcher');
    assert.equal(document.error.code, 'archiving.right');
    assert.match(document.error.next, /pg_create_restore_point and pg_switch_wal/);
  });

  it('tells that the command fails, and that the server goes on by itself when it is mended', async () => {
    await cluster.sql(`alter system set archive_command = 'false'`);
    await cluster.sql('select pg_reload_conf()');
    const { document, code } = await wal<Failed>('test', ['--wal', archive]);
    assert.equal(code, 1);
    assert.equal(document.error.code, 'archiving.failed');
    assert.match(document.error.why, /pg_stat_archiver: [0-9A-F]{24} failed/);
    const failing = await wal<ArchivingReport>('status');
    assert.equal(failing.code, 1);
    assert.equal(failing.document.condition, 'failing');
    assert.equal(codes(failing.document)[0], 'archiving.failing');
    const replaced = await setup(['--apply']);
    assert.deepEqual(
      replaced.changes.map(({ name, needs }) => [name, needs]),
      [['archive_command', 'reload']],
    );
    assert.equal(replaced.notices[0]?.code, 'setup.replaces');
    // A reload has the archiver try at once.
    const tested = await wal<ArchiveTested>('test', ['--wal', archive]);
    assert.equal(tested.code, 0, tested.stderr);
    assert.equal((await status()).condition, 'working');
  });

  it('does not wait for ever', async () => {
    await cluster.sql(`alter system set archive_command = 'sleep 20'`);
    await cluster.sql('select pg_reload_conf()');
    const { document } = await wal<Failed>('test', ['--timeout', '2']);
    assert.equal(document.error.code, 'archiving.slow');
    await cluster.sql('alter system reset archive_command');
    await cluster.sql('select pg_reload_conf()');
    const { condition, notices } = await status();
    assert.equal(condition, 'noCommand');
    assert.equal(notices[0]?.level, 'error');
  });

  it('warns of a slot that holds back too much', async () => {
    await cluster.sql(`select pg_create_physical_replication_slot('nobody', true)`);
    await cluster.sql(`alter system set max_slot_wal_keep_size = '16MB'`);
    await cluster.sql('select pg_reload_conf()');
    for (let n = 0; n < 4; n++) await cluster.sql(`select pg_create_restore_point('x'), pg_switch_wal()`);
    const held = await status();
    assert.ok(
      codes(held).some((code) => code === 'slot.unreserved'),
      codes(held).join(),
    );
    await cluster.sql('checkpoint');
    const lost = await status();
    assert.ok(codes(lost).includes('slot.lost'));
    assert.equal(lost.state.slots[0]?.walStatus, 'lost');
  });
});

describe('setting up an archive that cannot be (PostgreSQL)', function () {
  this.timeout(120_000);

  it('says what ALTER SYSTEM cannot change, and why', async () => {
    const cluster = await startCluster(18, {
      settings: {
        archive_mode: 'off',
        wal_level: 'minimal',
        max_wal_senders: '0',
        allow_alter_system: 'off',
      },
    });
    const user = await newUser();
    try {
      const { document } = await user.json<ArchivingSetup>(
        ['wal', 'setup', `postgresql://postgres@127.0.0.1:${cluster.port}/postgres`, '--to', '/srv/wal'],
        { env: { PGPASSWORD: cluster.password } },
      );
      const reach = Object.fromEntries(document.changes.map(({ name, outOfReach }) => [name, outOfReach]));
      assert.match(reach.archive_mode ?? '', /command line/);
      assert.match(reach.wal_level ?? '', /command line/);
      assert.match(reach.archive_command ?? '', /allow_alter_system = off/);
      assert.deepEqual(document.statements, []);
    } finally {
      await cluster.stop();
      await user.remove();
    }
  });

  it('leaves a standby to its primary, unless archive_mode is always', async () => {
    const cluster = await startCluster(15, { standby: true, settings: { hot_standby: 'on' } });
    const user = await newUser();
    try {
      const at = `postgresql://postgres@127.0.0.1:${cluster.port}/postgres`;
      const env = { PGPASSWORD: cluster.password };
      const { document } = await user.json<ArchivingReport>(['wal', 'status', at], { env });
      assert.equal(document.state.inRecovery, true);
      const planned = await user.json<ArchivingSetup>(['wal', 'setup', at, '--to', '/srv/wal'], { env });
      assert.equal(planned.document.changes.find(({ name }) => name === 'archive_mode')?.then, 'always');
      const tested = await user.json<Failed>(['wal', 'test', at], { env });
      assert.equal(tested.document.error.code, 'archiving.standby');
    } finally {
      await cluster.stop();
      await user.remove();
    }
  });
});
