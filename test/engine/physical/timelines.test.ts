import assert from 'node:assert/strict';
import { join } from 'node:path';
import { Archiving, command } from '../../support/archiving';
import { freePort, type Cluster } from '../../support/postgres';
import { baseBackup, recover as recoverByHand } from '../../support/recovery';
import { askServer, noFolder, openFolder, planBase, runPlan, stopServer } from '../backup/baseSupport';
import { newUser, type User } from '../cli/support';

interface Planned {
  facts: { timeline: number; artifact: string };
  checked: { code: string; text: string }[];
}

/**
 * A server is promoted, and the one that it left goes on by mistake: two timelines after the branch, which archive into one folder.
 * Rows 1 to 3 are on both, 4 to 6 on the first, 20 and 21 on the second; backups lie before row 2, and behind row 4.
 */
describe('recovery over timelines, and to what only the WAL can place', function () {
  this.timeout(180_000);
  let server: Archiving;
  let cluster: Cluster;
  let user: User;
  let folder: string;
  const backups = { before: '', behind: '' };
  let onFirst: { time: string; xid: string };
  let onSecond: { time: string };
  let shared: { xid: string };

  before(async () => {
    server = await Archiving.start(17);
    ({ cluster } = server);
    user = await newUser();
    folder = await openFolder();
    await cluster.sql('create database shop');
    await cluster.sql('create table t (n int)', 'shop');
    const add = async (n: number): Promise<string> =>
      await cluster.sql(`insert into t values (${n}) returning pg_current_xact_id()`, 'shop');
    const now = `select to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
    const backUp = async (name: keyof typeof backups): Promise<void> => {
      backups[name] = join(folder, `${name}.base`);
      const made = await runPlan(await planBase(cluster, folder, { path: backups[name] }), cluster);
      assert.equal(made.state, 'succeeded', JSON.stringify(made.error));
    };
    await add(1);
    await backUp('before');
    const other = await baseBackup(cluster, 'other');
    await add(2);
    await cluster.sql(`select pg_create_restore_point('twice')`);
    shared = { xid: await add(3) };
    await server.switch();
    const promoted = await recoverByHand(cluster, other, {
      restore_command: command('fetch', '%f', '%p', '--from', `"${server.archive}"`),
      archive_mode: 'on',
    });
    try {
      assert.ok(promoted.opened, promoted.log);
      await add(4);
      await backUp('behind');
      const sql = async (text: string): Promise<string> =>
        await askServer(cluster, other, Number(await promoted.sql('show port')), text);
      await sql('insert into t values (20)');
      onSecond = { time: await promoted.sql(now) };
      await sql('insert into t values (21)');
      const last = await promoted.sql('select pg_walfile_name(pg_switch_wal())');
      while ((await promoted.sql(`select last_archived_wal = '${last}' from pg_stat_archiver`)) !== 't')
        await new Promise((wait) => setTimeout(wait, 100));
    } finally {
      await promoted.stop();
    }
    const xid = await add(5);
    onFirst = { time: await cluster.sql(now), xid };
    await cluster.sql(`select pg_create_restore_point('twice')`);
    await add(6);
    await server.switch();
  });
  after(async () => {
    await cluster?.stop();
    await user?.remove();
    await noFolder(folder);
  });

  const words = (into: string, port: number, target: string, ...more: string[]): string[] => [
    ...['recover', '--target', target, '--into', join(folder, into), '--port', String(port)],
    ...['--backups', folder, '--wal', server.archive, '--tools', cluster.bin, ...more],
  ];
  const rowsOf = async (target: string, ...more: string[]): Promise<string> => {
    const into = `side-${target.replace(/\W/g, '')}`;
    const port = await freePort();
    const ran = await user.run(words(into, port, target, ...more));
    assert.equal(ran.code, 0, ran.stderr);
    try {
      return await askServer(cluster, join(folder, into), port, 'select count(*), max(n) from t');
    } finally {
      await stopServer(join(folder, into));
    }
  };
  const planned = async (target: string, ...more: string[]): Promise<Planned> => {
    const ran = await user.json<{ plan: Planned }>(words('planned', 5432, target, '--dry-run', ...more));
    assert.equal(ran.code, 0, ran.stderr);
    return ran.document.plan;
  };

  it('both timelines are told, with the backups that lead there', async () => {
    const { document } = await user.json<{ windows: { timeline: number; backup: string }[] }>([
      ...['recover', '--windows', '--backups', folder, '--wal', server.archive],
    ]);
    assert.deepEqual(
      document.windows.map(({ timeline, backup }) => [backup, timeline]),
      [
        [backups.behind, 1],
        [backups.before, 2],
        [backups.before, 1],
      ],
    );
  });

  it('a time on the newest timeline that has it, or on the one that is named', async () => {
    // The later backup is on the first timeline, and its WAL has this time, too.
    assert.equal(await rowsOf(onSecond.time), '4|20');
    assert.equal(await rowsOf(onFirst.time, '--timeline', '1'), '5|5');
  });

  it('a name and a transaction from the newest backup before them', async () => {
    const told = ({ facts, checked }: Planned): [string, number, boolean] => [
      facts.artifact,
      facts.timeline,
      checked.some(({ code }) => code === 'recovery.found'),
    ];
    // On the second timeline it is there once, before the branch.
    assert.deepEqual(told(await planned('name:twice')), [backups.before, 2, true]);
    assert.deepEqual(told(await planned('name:twice', '--timeline', '1')), [backups.behind, 1, true]);
    // As pg_current_xact_id() prints it after four billion others.
    const later = `xid:${BigInt(onFirst.xid) + 2n ** 32n}`;
    assert.deepEqual(told(await planned(later, '--timeline', '1')), [backups.behind, 1, true]);
    // What only the oldest leads to is met when it comes.
    assert.deepEqual(told(await planned(`xid:${shared.xid}`, '--timeline', '1')), [backups.before, 1, false]);
    assert.deepEqual(told(await planned('name:never')), [backups.before, 2, false]);
    assert.deepEqual(told(await planned('name:twice', '--from', backups.before)), [backups.before, 2, false]);
    assert.equal(await rowsOf('name:twice', '--timeline', '1'), '5|5');
  });
});
