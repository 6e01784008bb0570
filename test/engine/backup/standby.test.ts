import assert from 'node:assert/strict';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readBaseFacts, readControlFile } from '../../../src/engine/pgdata/restoring';
import { Archiving } from '../../support/archiving';
import { freePort, type Cluster } from '../../support/postgres';
import { asServer } from '../../support/recovery';
import { newUser, type BackupDocument, type ErrorDocument, type Ran, type User } from '../cli/support';
import { askServer, eventually, noFolder, openFolder, stopServer } from './baseSupport';

/** A standby that follows a primary, which archives. */
describe('base backups of a standby', function () {
  this.timeout(240_000);
  let server: Archiving;
  let primary: Cluster;
  let user: User;
  let folder: string;
  let standby: string;
  let port: number;
  /** A line for each folder whose server cleaned up. */
  let cleaned: string;
  let rows = 0;

  before(async () => {
    server = await Archiving.start(17);
    primary = server.cluster;
    user = await newUser();
    await primary.sql('create database shop');
    await primary.sql('create table t (n int)', 'shop');
    standby = join(primary.socketDir, 'standby');
    await asServer(primary, 'pg_basebackup', [
      ...['-h', primary.socketDir, '-p', String(primary.port), '-U', 'postgres', '-D', standby],
      ...['-R', '-c', 'fast', '--no-sync'],
    ]);
    port = await freePort();
    await start();
    // As standbys have them; a cluster that is recovered from its backup is not this standby.
    cleaned = join(primary.socketDir, 'cleaned');
    await onStandby(`alter system set archive_cleanup_command = 'pwd >>${cleaned}'`);
    await onStandby(`alter system set recovery_min_apply_delay = '1h'`);
  });
  after(async () => {
    if (standby) await stopServer(standby);
    await primary?.stop();
    await user?.remove();
  });
  beforeEach(async () => {
    folder = await openFolder();
    await add();
  });
  afterEach(async () => await noFolder(folder));

  const start = async (more = ''): Promise<void> =>
    void (await asServer(primary, 'pg_ctl', [
      ...['start', '-D', standby, '-w', '-l', join(primary.socketDir, 'standby.log'), '-o'],
      `-p ${port} -k ${standby} -c listen_addresses= -c fsync=off -c recovery_min_apply_delay=0 ${more}`,
    ]));
  const onStandby = async (sql: string): Promise<string> => await askServer(primary, standby, port, sql);
  /** A row, which the standby has when this is over. */
  const add = async (): Promise<void> => {
    await primary.sql(`insert into t values (${++rows})`, 'shop');
    const lsn = await primary.sql('select pg_current_wal_flush_lsn()');
    await eventually(
      async () => (await onStandby(`select pg_last_wal_replay_lsn() >= '${lsn}'`)) === 't',
      'the standby has it',
    );
  };

  type Made = Ran & { document: BackupDocument & ErrorDocument };
  const backup = async (...args: string[]): Promise<Made> =>
    await user.json([
      ...['backup', '--to', folder, '--tools', primary.bin, ...args],
      ...(args.includes('offline')
        ? []
        : [
            '--connection',
            `postgresql://postgres@/postgres?host=${encodeURIComponent(standby)}&port=${port}`,
          ]),
    ]);

  /** The primary goes on; what is recovered has exactly the rows of its target, and does not do as the standby was told. */
  const recovers = async (
    { code, document, stderr }: Made,
    ...targets: ('end' | 'later')[]
  ): Promise<void> => {
    assert.equal(code, 0, stderr);
    assert.equal((await readBaseFacts(document.artifact)).from, 'standby');
    const atItsEnd = rows;
    await primary.sql(`insert into t values (${++rows})`, 'shop');
    await primary.sql('checkpoint');
    const exact = await primary.sql('select pg_current_wal_insert_lsn()');
    await primary.sql(`insert into t values (${++rows})`, 'shop');
    await server.switch();
    for (const target of targets) {
      const into = join(folder, target);
      const sidePort = String(await freePort());
      const ran = await user.run([
        ...[
          'recover',
          '--target',
          target === 'end' ? 'immediate' : exact,
          '--into',
          into,
          '--port',
          sidePort,
        ],
        ...['--backups', document.artifact, '--wal', server.archive, '--tools', primary.bin],
      ]);
      assert.equal(ran.code, 0, ran.stderr);
      try {
        const found = await askServer(primary, into, Number(sidePort), 'select count(*), max(n) from t');
        const most = target === 'end' ? atItsEnd : atItsEnd + 1;
        assert.equal(found, `${most}|${most}`, target);
      } finally {
        await stopServer(into);
      }
      assert.ok(!(await readFile(cleaned, 'utf8').catch(() => '')).split('\n').includes(into));
    }
  };

  /** What the standby cannot do: the segment is ended on the primary. */
  const switching = async <T>(running: Promise<T>): Promise<T> => {
    let isOver = false;
    void running.finally(() => (isOver = true));
    while (!isOver) {
      await primary.sql(`select pg_logical_emit_message(false, 'a', 'b'), pg_switch_wal()`);
      await new Promise((wait) => setTimeout(wait, 200));
    }
    return await running;
  };

  it('by pg_basebackup, as tar files', async () => {
    await recovers(await backup('--method', 'basebackup', '--format', 'tar'), 'end', 'later');
  });

  it('by our own copy: only with an archive that is known, and its primary ends the segment', async () => {
    const refused = await backup('--method', 'low-level');
    assert.equal(refused.document.error.code, 'backup.blocked');
    assert.match(refused.document.error.why, /standby that archives none by itself.*--wal-from/);
    const from = ['--wal-from', server.archive];
    const waited = await backup('--method', 'low-level', ...from, '--wal-timeout', '1');
    assert.equal(waited.document.error.code, 'lowlevel.walMissing');
    assert.match(waited.document.error.next, /its primary.*pg_switch_wal/);
    await recovers(await switching(backup('--method', 'low-level', ...from)), 'later');
  });

  it('by a copy command, where the standby archives by itself: the control file is that of the end', async () => {
    await stopServer(standby);
    await start('-c archive_mode=always');
    const [here, on] = [join(folder, 'here'), join(folder, 'on')];
    const running = backup(
      ...['--method', 'low-level', '--copy-command'],
      `cp -a %source/. %target/; touch ${here}; until [ -e ${on} ]; do sleep 0.1; done`,
    );
    await eventually(async () => (await stat(here).catch(() => null)) !== null, 'all files are copied');
    await primary.sql('checkpoint');
    await add();
    await onStandby('checkpoint');
    const reached = (await readControlFile(standby)).minRecovery;
    await writeFile(on, '');
    const made = await switching(running);
    assert.equal(made.code, 0, made.stderr);
    assert.equal((await readControlFile(made.document.artifact)).minRecovery, reached);
    await recovers(made, 'end');
  });

  it('of one that is stopped: recovered with its archive, and started alone', async () => {
    await stopServer(standby);
    const made = await backup('--method', 'offline', '--directory', standby);
    await start();
    const most = rows;
    await recovers(made, 'later');
    const directory = join(folder, 'alone');
    const alone = String(await freePort());
    const ran = await user.run([
      ...['restore', made.document.artifact, '--into-directory', directory, '--tools', primary.bin],
      ...['--start', '--port', alone],
    ]);
    try {
      assert.equal(ran.code, 0, ran.stderr);
      const found = 'select count(*), max(n), pg_is_in_recovery() from t';
      assert.equal(await askServer(primary, directory, Number(alone), found), `${most}|${most}|f`);
    } finally {
      await stopServer(directory);
    }
  });
});
