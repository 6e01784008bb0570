import assert from 'node:assert/strict';
import { cp, mkdir, readFile, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import type { Manifest } from '../../../src/engine/artifacts';
import { startCluster, type Cluster } from '../../support/postgres';
import { newUser, reach, type BackupDocument, type ErrorDocument, type User } from './support';

interface Point {
  path: string;
  tables: { name: string; rows: number | null }[] | null;
  damaged: boolean;
  suspicions: { rule: string }[];
}

interface Found {
  object: { kind: string; schema: string; name: string };
  first: string | null;
  last: string | null;
  changes: number;
  found: { path: string; state: string; part: boolean; changed: boolean; aspects: string[] }[];
}

describe('restore-point history of objects, and counting', function () {
  this.timeout(120_000);
  let cluster: Cluster;
  let user: User;
  let env: Record<string, string>;
  let connection: string[];
  const backups: string[] = [];
  const database = 'told';

  async function backUp(...more: string[]): Promise<{ code: number; suspicions: { rule: string }[] }> {
    const { code, document } = await user.json<BackupDocument & { suspicions: { rule: string }[] }>(
      ['backup', ...connection, '--database', database, ...more],
      { env },
    );
    backups.push(document.artifact);
    return { code, suspicions: document.suspicions };
  }
  const history = async <T>(...more: string[]) =>
    await user.json<T>(['history', ...more, '--database', database], { env });

  before(async () => {
    cluster = await startCluster(17);
    user = await newUser();
    ({ args: connection, env } = reach(cluster));
    await cluster.sql(`create database ${database}`);
    await cluster.sql(
      `create table orders as select g as id from generate_series(1, 1000) g; create view v as select 1 as one;
       create function f(integer) returns integer language sql as 'select 1';
       create function f(text) returns integer language sql as 'select 2'`,
      database,
    );
    await backUp('--verify', 'checksum');
    await cluster.sql('create or replace view v as select 2 as one', database);
    await backUp();
    await cluster.sql('drop view v', database);
    await backUp('--verify', 'checksum');
    await cluster.sql(`create view v as select 2 as one; comment on view v is 'again'`, database);
    await backUp('--format', 'plain');
  });
  after(async () => {
    await user?.remove();
    await cluster?.stop();
  });

  it('tells in which backups an object is, and where it changed', async () => {
    const { code, document } = await history<Found>('--object', 'view:public.v');
    assert.equal(code, 0);
    assert.deepEqual(document.object, { kind: 'VIEW', schema: 'public', name: 'v' });
    assert.deepEqual(
      document.found.map(({ state, changed, aspects }) => [state, changed, ...aspects]),
      [
        ['found', false],
        ['found', true, 'definition'],
        ['absent', false],
        ['found', true, 'comment'],
      ],
    );
    assert.deepEqual([document.first, document.last, document.changes], [backups[0], backups[3], 2]);
    const text = await user.run(['history', '--database', database, '--object', 'v'], { env });
    assert.match(text.stdout, /^First in 20\S+, last in 20\S+; changed 2 times\.\n= {2}/);
  });

  it('takes an overload by its arguments, and refuses what is not one object', async () => {
    const one = await history<Found>('--object', 'FUNCTION:public.f(integer)');
    assert.deepEqual([one.document.object.name, one.document.changes], ['f(integer)', 0]);
    const fails = async (words: string[], code: string, exit: number): Promise<void> => {
      const failed = await history<ErrorDocument>(...words);
      assert.deepEqual([failed.code, failed.document.error.code], [exit, code]);
    };
    await fails(['--object', 'function:public.f'], 'history.severalObjects', 1);
    await fails(['--object', 'table:public.v'], 'history.noObject', 1);
    await fails(['--object', 'v', '--table', 'orders'], 'usage', 2);
    await fails(['--fallen-by', '101'], 'usage', 2);
  });

  it('counts the backups that nobody counted, and keeps it', async () => {
    const counts = ({ points }: { points: Point[] }): (number | null | undefined)[] =>
      points.map(({ tables }) => tables && tables.find(({ name }) => name === 'orders')?.rows);
    const before = await history<{ points: Point[] }>();
    assert.deepEqual(counts(before.document), [null, 1000, null, 1000]);
    // What was not counted is not called gone.
    assert.deepEqual(
      before.document.points.flatMap(({ suspicions }) => suspicions),
      [],
    );
    const counted = await history<{ points: Point[] }>('--count');
    assert.deepEqual([counted.code, ...counts(counted.document)], [0, 1000, 1000, 1000, 1000]);
    const manifest = JSON.parse(await readFile(`${backups[0]}.manifest.json`, 'utf8')) as Manifest;
    assert.deepEqual(
      manifest.evidence.map(({ level, ok }) => [level, ok]),
      [
        ['checksum', true],
        ['contents', true],
      ],
    );
  });

  it('counts dumps of others too, and says which is damaged', async () => {
    const folder = join(user.home, 'foreign');
    await mkdir(folder);
    const [whole, cut] = [join(folder, 'whole.dump'), join(folder, 'cut.dump')];
    await cp(backups[1]!, whole);
    await cp(backups[1]!, cut);
    await truncate(cut, (await stat(whole)).size - 200);
    const counted = await history<{ points: Point[] }>(folder, '--count');
    assert.equal(counted.code, 1, counted.stderr);
    assert.match(counted.stderr, /cut\.dump: /);
    const points = new Map(counted.document.points.map((point) => [point.path, point]));
    assert.deepEqual([points.get(whole)!.tables?.[0]?.rows, points.get(whole)!.damaged], [1000, false]);
    assert.deepEqual([points.get(cut)!.tables, points.get(cut)!.damaged], [null, true]);
  });

  it('says which backups are a part of the database', async () => {
    await backUp('--table', 'orders');
    const { document } = await history<Found>('--object', 'view:v');
    assert.deepEqual(
      document.found.map(({ state, part }) => [state, part]),
      [
        ['found', false],
        ['found', false],
        ['absent', false],
        ['found', false],
        ['absent', true],
      ],
    );
    assert.equal(document.last, backups[3]);
  });

  it('judges new backups by the share that may go', async () => {
    await cluster.sql('delete from orders where id <= 200', database);
    const strict = await backUp('--fallen-by', '10', '--fail-on-suspicious');
    assert.deepEqual([strict.code, strict.suspicions.map(({ rule }) => rule)], [3, ['rowsFell']]);
    await cluster.sql('delete from orders where id <= 400', database);
    const usual = await backUp('--fail-on-suspicious');
    assert.deepEqual([usual.code, usual.suspicions], [0, []]);
  });
});
