import assert from 'node:assert/strict';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { loadSample } from '../../support/databases';
import { startCluster, type Cluster } from '../../support/postgres';
import { newUser, reach, type BackupDocument, type ErrorDocument, type User } from './support';

interface Compared {
  equal: boolean;
  objects: { kind: string; schema: string; name: string; change: string }[];
  tables: {
    schema: string;
    name: string;
    state: string;
    added: number;
    removed: number;
    changed: number;
    same: number;
  }[];
  comparison: string;
}

describe('restore-point compare and history', function () {
  this.timeout(120_000);
  let cluster: Cluster;
  let user: User;
  let env: Record<string, string>;
  let uri: string;
  let tools: string[];
  let connection: string[];
  const backups: string[] = [];

  before(async () => {
    cluster = await startCluster(17);
    user = await newUser();
    await loadSample(cluster, 'chinook');
    const { args, env: given } = reach(cluster);
    [env, connection] = [given, args];
    uri = args[1]!.replace(/\/[^/?]*($|\?)/, '/chinook$1');
    tools = args.slice(2);
    await backUp();
    await cluster.sql(
      `update "Artist" set "Name" = 'X' where "ArtistId" = 1; delete from "PlaylistTrack" where "PlaylistId" = 1; create view v as select 1 as one`,
      'chinook',
    );
  });
  after(async () => {
    await user?.remove();
    await cluster?.stop();
  });

  async function backUp(...more: string[]): Promise<{ code: number; suspicions: { rule: string }[] }> {
    const { code, document } = await user.json<BackupDocument & { suspicions: { rule: string }[] }>(
      ['backup', ...connection, '--database', 'chinook', ...more],
      { env },
    );
    backups.push(document.artifact);
    return { code, suspicions: document.suspicions };
  }

  it('says what differs, as text, JSON and SQL, and by its exit code', async () => {
    const { code, document } = await user.json<Compared>(['compare', backups[0]!, uri, '--data', ...tools], {
      env,
    });
    assert.equal(code, 3);
    assert.equal(document.equal, false);
    assert.deepEqual(
      document.objects.map(({ change, kind, schema, name }) => [change, kind, schema, name]),
      [['added', 'VIEW', 'public', 'v']],
    );
    const differing = document.tables.filter(({ state }) => state !== 'same');
    assert.deepEqual(
      differing.map(({ name, added, removed, changed }) => [name, added, removed, changed]),
      [
        ['Artist', 0, 0, 1],
        ['PlaylistTrack', 0, 3290, 0],
      ],
    );
    const text = await user.run(['compare', backups[0]!, uri, '--data', ...tools], { env });
    assert.match(
      text.stdout,
      /\+ VIEW public\.v\n~ public\.Artist: ~1 rows; 274 are the same\n~ public\.PlaylistTrack: -3,290 rows/,
    );
    assert.match(text.stderr, /in one snapshot/);
    const sql = await user.run(
      ['compare', backups[0]!, uri, '--format', 'sql', '--direction', 'to-left', ...tools],
      { env },
    );
    assert.equal(sql.code, 3);
    assert.match(sql.stdout, /BEGIN;[^]*DROP VIEW public\.v;[^]*COMMIT;/);
    const same = await user.json<Compared>(
      [
        'compare',
        backups[0]!,
        uri,
        '--data',
        '--table',
        'Genre',
        '--output',
        join(user.home, 'one.rpcompare'),
        ...tools,
      ],
      { env },
    );
    assert.deepEqual(
      [same.code, same.document.equal, same.document.comparison],
      [0, true, join(user.home, 'one.rpcompare')],
    );
  });

  it('refuses what cannot be compared, each with a reason', async () => {
    const fails = async (args: string[], code: string, exit: number): Promise<void> => {
      const failed = await user.json<ErrorDocument>(['compare', ...args], { env });
      assert.deepEqual([failed.code, failed.document.error.code], [exit, code]);
    };
    await fails([backups[0]!], 'usage', 2);
    await fails([backups[0]!, uri, '--ignore', 'nonsense'], 'usage', 2);
    await fails([backups[0]!, uri, '--key', 'orders'], 'usage', 2);
    await fails([backups[0]!, backups[0]!], 'compare.same', 1);
    await fails([backups[0]!, `${uri}x`], 'connection.noDatabase', 1);
    await cp('package.json', join(user.home, 'no.dump'));
    await fails([backups[0]!, join(user.home, 'no.dump')], 'compare.notADump', 1);
    const planned = await user.json<{ plan: { steps: { do: string }[] } }>(
      ['compare', backups[0]!, uri, '--dry-run', ...tools],
      { env },
    );
    assert.deepEqual(
      planned.document.plan.steps.map((step) => step.do),
      ['compare'],
    );
  });

  it('notices when a new backup looks wrong, and shows a row in all of them', async () => {
    const second = await backUp('--fail-on-suspicious');
    assert.deepEqual([second.code, second.suspicions.map(({ rule }) => rule)], [0, []]);
    await cluster.sql(`drop table "PlaylistTrack"; delete from "InvoiceLine"`, 'chinook');
    const third = await backUp('--fail-on-suspicious');
    assert.deepEqual(
      [third.code, third.suspicions.map(({ rule }) => rule).sort()],
      [3, ['rowsFell', 'tableGone']],
    );
    const history = await user.json<{ points: { path: string; suspicions: object[] }[] }>(
      ['history', '--database', 'chinook'],
      { env },
    );
    assert.equal(history.code, 3);
    assert.deepEqual(
      history.document.points.map(({ path, suspicions }) => [path, suspicions.length]),
      backups.map((path, at) => [path, at === 2 ? 2 : 0]),
    );
    const table = await user.json<{ points: { rows: number }[] }>(
      ['history', '--database', 'chinook', '--table', '"PlaylistTrack"'],
      { env },
    );
    assert.deepEqual(
      table.document.points.map(({ rows }) => rows),
      [8715, 5425, null],
    );
    const row = await user.json<{
      found: { state: string; changed: boolean; row: Record<string, string> }[];
    }>(['history', '--database', 'chinook', '--table', '"Artist"', '--find', 'ArtistId=1'], { env });
    assert.deepEqual(
      row.document.found.map(({ state, changed, row: { Name } }) => [state, changed, Name]),
      [
        ['found', false, 'AC/DC'],
        ['found', true, 'X'],
        ['found', false, 'X'],
      ],
    );
    const gone = await user.json<{ found: { state: string }[] }>(
      ['history', '--database', 'chinook', '--table', '"PlaylistTrack"', '--find', 'PlaylistId=1'],
      { env },
    );
    assert.deepEqual(
      gone.document.found.map(({ state }) => state),
      ['found', 'absent', 'noTable'],
    );
  });
});
