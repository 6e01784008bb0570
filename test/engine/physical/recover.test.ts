import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, stat, writeFile, chmod, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Archiving } from '../../support/archiving';
import { freePort, type Cluster } from '../../support/postgres';
import { seededRandom } from '../../support/random';
import { asServer, serversIn } from '../../support/recovery';
import type { SideStatus } from '../../../src/engine/restore';
import { askServer, eventually, stopServer } from '../backup/baseSupport';
import { newUser, reach, type BackupDocument, type ErrorDocument, type User } from '../cli/support';

/** The long mode: RESTORE_POINT_RECOVERIES=100 RESTORE_POINT_SEED=5. */
const recoveries = Number(process.env.RESTORE_POINT_RECOVERIES ?? 4);
const seed = Number(process.env.RESTORE_POINT_SEED ?? 1);

interface Recovered {
  target: string;
  reached: { time: string | null; lsn: string };
  recovering: boolean;
  directory: string;
  port: number;
  socketFolder: string;
}

/** A committed row, and the moments right after its commit. */
interface Moment {
  row: number;
  lsn: string;
  time: string;
  xid: string;
}

/** What a recovery does, by the titles of its steps, and whether its folder is there when it is killed then. */
const stages = [
  ['Bring the files over', false],
  ['Make it ready and name it', null],
  ['Start the cluster', true],
  ['Replay the WAL', true],
] as const;

/** Servers under load, backed up and archived; then what was committed before a moment is there, and nothing else. */
for (const major of [15, 17, 18] as const)
  describe(`recovery to a moment: PostgreSQL ${major}`, function () {
    this.timeout(240_000 + recoveries * 30_000);
    const next = seededRandom(seed * 31 + major);
    const pick = <T>(all: readonly T[]): T => all[Math.floor(next() * all.length)]!;
    let user: User;
    let server: Archiving;
    let cluster: Cluster;
    let folder: string;
    let sides: string;
    const moments: Moment[] = [];
    let early: Moment;
    let late: Moment;
    let count = 0;

    before(async () => {
      user = await newUser();
      server = await Archiving.start(major, [], major >= 17 ? { summarize_wal: 'on' } : {});
      ({ cluster } = server);
      folder = await mkdtemp(join(tmpdir(), 'rp-recover-'));
      sides = await mkdtemp(join(tmpdir(), 'rp-side-'));
      for (const path of [folder, sides]) await chmod(path, 0o755);
      await cluster.sql('create database shop');
      await cluster.sql('create table t (n int primary key, at timestamptz)', 'shop');
      early = await work();
      await backUp('full');
      for (let round = 0; round < 4; round++) {
        for (let row = 0; row < 6; row++) moments.push(await work());
        // A crash: what was committed stays; a name is on the disk with the next commit only.
        if (round === 2) await cluster.restart();
        await cluster.sql(`select pg_create_restore_point('after_${moments.length}')`);
        if (round === 1) await backUp(major >= 17 ? 'incremental' : 'full');
        await server.switch();
      }
      late = await work();
      // Not archived yet: the WAL of the last row.
    });
    after(async () => {
      await user?.remove();
      await cluster?.stop();
      for (const path of [folder, sides]) if (path) await rm(path, { recursive: true, force: true });
    });

    async function work(): Promise<Moment> {
      const row = ++count;
      const xid = await cluster.sql(
        `insert into t values (${row}, clock_timestamp()) returning pg_current_xact_id()`,
        'shop',
      );
      const after = await cluster.sql(
        `select pg_current_wal_insert_lsn() || ' ' || to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`,
        'shop',
      );
      const [lsn = '', time = ''] = after.split(' ');
      return { row, lsn, time, xid };
    }

    async function backUp(level: string): Promise<void> {
      const { args, env } = reach(cluster);
      const made = await user.json<BackupDocument & ErrorDocument>(
        ['backup', ...args, '--method', 'basebackup', '--to', folder, '--level', level, '--format', 'plain'],
        { env },
      );
      assert.equal(made.code, 0, made.stderr);
    }

    async function recover(
      target: string,
      more: string[] = [],
      wal = server.archive,
    ): Promise<{ code: number; document: Recovered & ErrorDocument; into: string; stderr: string }> {
      const into = join(sides, `side-${Math.floor(next() * 1e9)}`);
      const ran = await user.json<Recovered & ErrorDocument>([
        ...['recover', '--target', target, '--into', into, '--port', String(await freePort())],
        ...['--backups', folder, '--wal', wal, '--tools', cluster.bin, ...more],
      ]);
      return { ...ran, into };
    }

    const rowsOf = async ({ socketFolder, port }: Recovered): Promise<string> =>
      await askServer(cluster, socketFolder, port, 'select count(*), max(n) from t');

    async function remove(into: string): Promise<void> {
      const ran = await user.run(['recover', '--remove', into, '--tools', cluster.bin]);
      assert.equal(ran.code, 0, ran.stderr);
      assert.equal(await stat(into).catch(() => null), null);
    }

    for (let round = 0; round < recoveries; round++)
      it(`gives exactly the rows that were committed: ${round + 1}`, async () => {
        const moment = pick(moments);
        const named = moment.row - 1 - ((moment.row - 1) % 6);
        const [target, rows] = pick([
          [moment.lsn, moment.row],
          [moment.time, moment.row],
          [`xid:${moment.xid}`, moment.row],
          ...(named > 0 ? [[`name:after_${named}`, named + 1] as const] : []),
        ] as const);
        const { code, document, into, stderr } = await recover(target);
        assert.equal(code, 0, `${target}: ${stderr}`);
        assert.equal(document.recovering, true);
        assert.equal(await rowsOf(document), `${rows}|${rows}`, target);
        await remove(into);
      });

    it('goes to the end of the archive, and to the end of a backup', async () => {
      const latest = await recover('latest');
      assert.equal(latest.code, 0, latest.stderr);
      assert.equal(latest.document.recovering, false);
      assert.equal(await rowsOf(latest.document), `${moments.length + 1}|${moments.length + 1}`);
      await remove(latest.into);
      const immediate = await recover('immediate');
      assert.equal(immediate.code, 0, immediate.stderr);
      assert.equal(await rowsOf(immediate.document), '13|13');
      // Looked at read-only, then opened.
      const write = 'insert into t values (1000, now())';
      const { socketFolder, port } = immediate.document;
      await assert.rejects(askServer(cluster, socketFolder, port, write), /read-only|recovery/);
      const opened = await user.run(['recover', '--promote', immediate.into, '--tools', cluster.bin]);
      assert.equal(opened.code, 0, opened.stderr);
      await askServer(cluster, socketFolder, port, write);
      assert.equal(await askServer(cluster, socketFolder, port, 'show archive_mode'), 'off');
      await remove(immediate.into);
    });

    if (major === 17)
      it('moves on to later targets, and refuses those behind it and beyond the archive', async () => {
        const first = moments[1]!;
        const { document, into, code, stderr } = await recover(first.lsn);
        assert.equal(code, 0, stderr);
        const status = async (): Promise<SideStatus & { target: string }> =>
          (await user.json<SideStatus & { target: string }>(['recover', '--status', into])).document;
        const paused = await status();
        assert.deepEqual(
          [paused.phase, paused.running, paused.promoted, paused.target],
          ['paused', true, false, first.lsn],
        );
        assert.ok(paused.replayed.time! <= first.time && paused.replayed.time! > moments[0]!.time);
        const forward = async (
          target: string,
        ): Promise<{ code: number; document: Recovered & ErrorDocument; stderr: string }> =>
          await user.json(['recover', '--forward', into, '--target', target, '--tools', cluster.bin]);
        for (const [target, refusal] of [
          [moments[0]!.lsn, 'recovery.behind'],
          [moments[0]!.time, 'recovery.behind'],
          ['immediate', 'recovery.behind'],
          [late.lsn, 'recovery.unreachable'],
          [new Date(Date.now() + 3_600_000).toISOString(), 'recovery.unreachable'],
          [`xid:${moments[0]!.xid}`, 'recovery.unreachable'],
          ['name:never_made', 'recovery.unreachable'],
        ] as const)
          assert.equal((await forward(target)).document.error.code, refusal, target);
        // Nothing was touched by all of these.
        assert.equal((await status()).phase, 'paused');
        assert.equal(await rowsOf(document), `${first.row}|${first.row}`);
        const next = moments[9]!;
        const moved = await forward(next.time);
        assert.equal(moved.code, 0, moved.stderr);
        assert.equal(await rowsOf(moved.document), `${next.row}|${next.row}`);
        // Also one that was stopped goes on.
        await stopServer(into);
        assert.deepEqual([(await status()).phase, (await status()).target], ['stopped', next.time]);
        const named = await forward('name:after_18');
        assert.equal(named.code, 0, named.stderr);
        assert.equal(await rowsOf(named.document), '19|19');
        const latest = await forward('latest');
        assert.equal(latest.code, 0, latest.stderr);
        assert.equal(await rowsOf(latest.document), `${moments.length + 1}|${moments.length + 1}`);
        assert.equal((await status()).phase, 'promoted');
        assert.equal((await forward('latest')).document.error.code, 'recovery.promoted');
        await remove(into);
        assert.equal((await forward('latest')).document.error.code, 'recovery.notOurs');
      });

    if (major === 18)
      for (const [title, isThere] of stages)
        it(`killed at "${title}": no server goes on, nothing half-made is listed, and it can be done again`, async () => {
          const into = join(sides, 'killed');
          const words = async (): Promise<string[]> => [
            ...['recover', '--target', moments[3]!.lsn, '--into', into, '--port', String(await freePort())],
            ...['--backups', folder, '--wal', server.archive, '--tools', cluster.bin],
          ];
          await user.killedAt(await words(), title);
          // A server that was about to come up does so, and is stopped.
          await eventually(async () => (await serversIn(into)).length === 0, 'no server is left');
          await user.run(['jobs']);
          const listed = await user.json<object>(['list', sides]);
          assert.deepEqual(listed.document, { artifacts: [], partials: [], walArchives: [] });
          const again = await user.run(await words());
          if (isThere !== null) assert.equal(again.code, isThere ? 1 : 0, again.stderr);
          if (again.code !== 0) {
            assert.match(again.stderr, /is not empty/);
            await remove(into);
            const third = await user.run(await words());
            assert.equal(third.code, 0, third.stderr);
          }
          await remove(into);
          assert.deepEqual(await serversIn(into), []);
        });

    it('goes to moments behind the last commit, where the server itself would find no end', async () => {
      const { windows } = (
        await user.json<{ windows: { to: { time: string; lsn: string } }[] }>([
          ...['recover', '--windows', '--backups', folder, '--wal', server.archive],
        ])
      ).document;
      const [{ to } = { to: { time: '', lsn: '' } }] = windows;
      const all = `${moments.length + 1}|${moments.length + 1}`;
      // The last byte that is archived: no record begins there.
      const [high = '', low = ''] = to.lsn.split('/');
      const last = `${high}/${(Number.parseInt(low, 16) - 1).toString(16).toUpperCase()}`;
      for (const [target, ...more] of [[to.time], [last], [last, '--exclusive']] as const) {
        const { code, document, into, stderr } = await recover(target, [...more]);
        assert.equal(code, 0, stderr);
        assert.equal(document.recovering, true);
        assert.equal(await rowsOf(document), all);
        await remove(into);
      }
    });

    it('refuses what cannot be reached before anything is copied, with the nearest that can', async () => {
      for (const [target, said] of [
        [early.time, /No backup had ended by then.*nearest after it is \d{4}-/s],
        [early.lsn, /nearest after it is [0-9A-F]+\/[0-9A-F]+/],
        [late.lsn, /archive ends before it.*nearest before it is [0-9A-F]+\/[0-9A-F]+/s],
        [new Date(Date.now() + 3_600_000).toISOString(), /archive ends before it.*nearest before it is/s],
      ] as const) {
        const { code, document, into } = await recover(target, ['--dry-run']);
        assert.equal(code, 1);
        assert.equal(document.error.code, 'recovery.unreachable');
        assert.match(`${document.error.why} ${document.error.next}`, said, target);
        assert.equal(await stat(into).catch(() => null), null);
      }
      const never = await recover('never');
      assert.equal(never.document.error.code, 'recovery.time');
    });

    it('tells of a gap, and goes up to it', async () => {
      const copy = await server.copyOf(server.archive, 'gap');
      const segments = (await readdir(copy)).filter(
        (name) => /^[0-9A-F]{24}(?:\.|$)/.test(name) && !/backup/.test(name),
      );
      const gone = segments.sort().at(-2)!;
      await rm(join(copy, gone));
      const windows = await user.json<{ windows: { stopsAt: string | null; to: { lsn: string } }[] }>([
        ...['recover', '--windows', '--backups', folder, '--wal', copy],
      ]);
      assert.equal(windows.document.windows[0]?.stopsAt, gone.slice(0, 24));
      const beyond = await recover(moments.at(-1)!.lsn, [], copy);
      assert.match(`${beyond.document.error.why}`, new RegExp(`${gone.slice(0, 24)} is missing`));
      const before = await recover('latest', [], copy);
      assert.equal(before.code, 0, before.stderr);
      await remove(before.into);
    });

    it('ends with the reason where the WAL is damaged, or does not have the target', async () => {
      const copy = await server.copyOf(server.archive, 'damaged');
      const names = (await readdir(copy)).filter(
        (name) => /^[0-9A-F]{24}(?:\.|$)/.test(name) && !/backup/.test(name),
      );
      const bad = join(copy, names.sort().at(-1)!);
      const bytes = await readFile(bad);
      // Bits of a long run of zeros may change nothing.
      bytes.fill(0xff, 100, 132);
      await writeFile(bad, bytes);
      if (major !== 18) {
        const damaged = await recover('latest', [], copy);
        assert.equal(damaged.code, 1);
        assert.match(damaged.document.error.code, /^(?:recovery\.damagedWal|cluster\.notStarted)$/);
        assert.match(`${damaged.document.error.why}`, /could not restore file|exit code 200/);
      }
      const absent = await recover('name:never_made');
      assert.equal(absent.code, 1);
      assert.equal(absent.document.error.code, 'recovery.notReached', absent.stderr);
      // The server ended by itself; the folder stays to be looked at, and is removed when that is said.
      await remove(absent.into);
      const other = await user.run(['recover', '--remove', cluster.dataDir, '--tools', cluster.bin]);
      assert.equal(other.code, 1);
      assert.match(other.stderr, /no cluster that restore-point recover made/);
      await asServer(cluster, '/bin/ls', [cluster.dataDir]);
    });
  });
