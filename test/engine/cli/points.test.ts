import assert from 'node:assert/strict';
import { loadSample } from '../../support/databases';
import { startCluster, type Cluster } from '../../support/postgres';
import { newUser, reach, type BackupDocument, type ErrorDocument, type User } from './support';

interface Undoable {
  undo: string;
}
interface Points {
  points: { id: string; of: string; kind: string; reason: string; note: string; bytes: number }[];
}

describe('restore-point undo, create, points, back, expire; verify --level rehearsal', function () {
  this.timeout(120_000);
  let cluster: Cluster;
  let user: User;
  let env: Record<string, string>;
  let artifact: string;
  let on: string[];
  let tools: string[];

  before(async () => {
    cluster = await startCluster(17);
    user = await newUser();
    await loadSample(cluster, 'chinook');
    await cluster.sql('create database shop template chinook');
    const { args, env: given } = reach(cluster);
    env = given;
    on = ['--on', args[1]!];
    tools = args.slice(2);
    const { document } = await user.json<BackupDocument>(['backup', ...args, '--database', 'chinook'], {
      env,
    });
    artifact = document.artifact;
  });
  after(async () => {
    await user?.remove();
    await cluster?.stop();
  });

  const albums = async (): Promise<string> => await cluster.sql('select count(*) from "Album"', 'shop');
  const json = async <T>(...args: string[]): Promise<T> => {
    const { code, document, stderr } = await user.json<T>(args, { env });
    assert.equal(code, 0, stderr);
    return document;
  };

  it('replaces a database, and takes it back', async () => {
    await cluster.sql('truncate "Album" cascade', 'shop');
    const into = ['--into', on[1]!, '--database', 'shop', '--strategy', 'replace', ...tools];
    const dry = await json<{ plan: { wayBack: string } }>('restore', artifact, ...into, '--dry-run');
    assert.match(dry.plan.wayBack, /stays beside it/);
    const { undo } = await json<Undoable>('restore', artifact, ...into);
    assert.match(undo, /^shop__before_/);
    assert.equal(await albums(), '347');
    const undone = await json<Undoable>('undo', 'shop', ...on);
    assert.equal(await albums(), '0');
    await json('undo', undone.undo, ...on);
    assert.equal(await albums(), '347');
  });

  it('keeps a state, lists it, goes back to it, and removes it', async () => {
    const { undo: id } = await json<Undoable>('create', 'shop', ...on, '--note', 'before 0042');
    await cluster.sql('truncate "Album" cascade', 'shop');
    const { points } = await json<Points>('points', 'shop', ...on);
    const mine = points.find((point) => point.id === id);
    assert.deepEqual(
      [mine?.of, mine?.kind, mine?.reason, mine?.note],
      ['shop', 'database', 'manual', 'before 0042'],
    );
    await json('back', id, ...on);
    assert.equal(await albums(), '347');
    await json('expire', 'shop', ...on, '--point', id);
    const left = await json<Points>('points', ...on);
    assert.ok(!left.points.some((point) => point.id === id));
    const plain = await user.run(['points', ...on], { env });
    assert.match(plain.stdout, /shop .*before going back/);
  });

  it('refuses before it starts what would fail, and says how to go on', async () => {
    const held = cluster.sql('select pg_sleep(60)', 'shop').catch(() => undefined);
    while ((await cluster.sql(`select count(*) from pg_stat_activity where wait_event = 'PgSleep'`)) !== '1')
      await new Promise((resolve) => setTimeout(resolve, 30));
    const { code, document } = await user.json<ErrorDocument>(['undo', 'shop', ...on], { env });
    assert.equal(code, 1);
    assert.equal(document.error.code, 'restore.blocked');
    assert.match(document.error.next, /--end-sessions/);
    await json('undo', 'shop', ...on, '--end-sessions');
    await held;
    const none = await user.json<ErrorDocument>(['back', 'nowhere', ...on], { env });
    assert.equal(none.document.error.code, 'point.none');
    assert.equal((await user.run(['back', ...on], { env })).code, 2);
  });

  it('rehearses a backup; a fault makes it fail, and both are kept', async () => {
    const args = ['verify', artifact, '--level', 'rehearsal', '--into', on[1]!, ...tools];
    const good = await json<{ ok: boolean; level: string; restoreMs: number; tables: { rows: number }[] }>(
      ...args,
      '--check',
      'select count(*) = 347 from "Album"',
    );
    assert.deepEqual([good.ok, good.level], [true, 'rehearsal']);
    assert.ok(good.restoreMs > 0);
    assert.equal(
      good.tables.reduce((sum, { rows }) => sum + rows, 0),
      15_607,
    );
    const bad = await user.json<{ ok: boolean; faults: { entry: string }[] }>(
      [...args, '--check', 'select false'],
      {
        env,
      },
    );
    assert.equal(bad.code, 1);
    assert.deepEqual(
      [bad.document.ok, bad.document.faults.map(({ entry }) => entry)],
      [false, ['select false']],
    );
    const list = await user.run(['list'], { env });
    assert.match(list.stdout, /REHEARSAL FAILED/);
  });
});
