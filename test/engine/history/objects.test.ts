import assert from 'node:assert/strict';
import { cp, mkdtemp, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { objectHistory, objectInBackup, objectsOf, type ObjectInBackup } from '../../../src/engine/history';
import { dump } from '../../support/dumps';
import { startCluster, type Cluster } from '../../support/postgres';

describe('objects over backups', function () {
  this.timeout(120_000);
  const clusters: Cluster[] = [];
  let folder: string;
  const paths: string[] = [];
  const definition = `create table orders (id int primary key, note text not null);
    create view seen as select orders.id from orders where orders.id > 1;
    create server remote foreign data wrapper dummy;
    create user mapping for current_user server remote options (user 'u', password `;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rp-history-'));
    for (const [major, secret] of [
      [15, 'old-0penSesame'],
      [18, 'new-0penSesame'],
    ] as const) {
      const cluster = await startCluster(major);
      clusters.push(cluster);
      await cluster.sql('create database told');
      await cluster.sql(`create foreign data wrapper dummy; ${definition} '${secret}')`, 'told');
      paths.push(join(folder, `${major}.dump`));
      await dump(cluster, 'told', paths.at(-1)!, ['-Fc']);
    }
    const [, newer] = clusters;
    await newer!.sql('alter table orders add at date; drop view seen', 'told');
    paths.push(join(folder, 'later.sql'));
    await dump(newer!, 'told', paths[2]!, []);
    paths.push(join(folder, 'cut.dump'));
    await cp(paths[1]!, paths[3]!);
    await truncate(paths[3]!, 700);
  });
  after(async () => {
    for (const cluster of clusters) await cluster.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function history(kind: string, schema: string | null, name: string): Promise<ObjectInBackup[]> {
    const { objects } = await objectsOf(paths);
    const object = objects.find((one) => one.kind === kind && one.schema === schema && one.name === name);
    assert.ok(object, JSON.stringify(objects));
    const found: ObjectInBackup[] = [];
    for await (const one of objectHistory(paths, object.key)) found.push(one);
    assert.deepEqual(
      found.map(({ path }) => path),
      paths,
    );
    return found;
  }
  const told = (found: ObjectInBackup[]): string[] =>
    found.map(({ state, changed, aspects }) =>
      [state, ...(changed ? ['changed'] : []), ...aspects].join(' '),
    );

  it('are the same where majors only spell them differently, in any format', async () => {
    assert.deepEqual(told(await history('TABLE', 'public', 'orders')), [
      'found',
      'found',
      'found changed columns',
      'unreadable',
    ]);
    const view = await history('VIEW', 'public', 'seen');
    assert.deepEqual(told(view), ['found', 'found', 'absent', 'unreadable']);
    assert.ok(view[3]!.why);
  });

  it('tell that a secret changed, and never show it', async () => {
    const { objects } = await objectsOf(paths);
    const { key, schema, name } = objects.find(({ kind }) => kind === 'USER MAPPING')!;
    assert.deepEqual(told(await history('USER MAPPING', schema, name)), [
      'found',
      'found changed secret',
      'found',
      'unreadable',
    ]);
    const text = await objectInBackup(paths[0]!, key);
    assert.match(text, /CREATE USER MAPPING/);
    assert.doesNotMatch(text, /0penSesame/);
  });

  it('are listed with those that only an old backup has, and with what could not be read', async () => {
    const read: number[] = [];
    const { objects, unread } = await objectsOf(paths, { onBackup: (at) => void read.push(at) });
    assert.deepEqual(read, [0, 1, 2, 3]);
    assert.deepEqual(
      objects.filter(({ schema }) => schema === 'public').map(({ kind, name }) => `${kind} ${name}`),
      ['CONSTRAINT orders orders_pkey', 'TABLE orders', 'VIEW seen'],
    );
    assert.deepEqual(
      unread.map(({ path }) => path),
      [paths[3]],
    );
    const seen = objects.find(({ name }) => name === 'seen')!;
    assert.equal(await objectInBackup(paths[2]!, seen.key), '');
  });

  it('stop when that is asked for', async () => {
    const stop = new AbortController();
    const reading = objectsOf(paths, { signal: stop.signal, onBackup: (at) => at === 1 && stop.abort() });
    await assert.rejects(reading, { name: /Abort|Cancel/ });
  });
});
