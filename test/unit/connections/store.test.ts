import assert from 'node:assert/strict';
import { existsSync, statSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RestorePointError } from '../../../src/engine/errors';
import {
  connectionFrom,
  ConnectionStore,
  parseConnectionText,
  roleOf,
  toConnection,
  type Connection,
} from '../../../src/engine/connections';

describe('Stored connections (unit)', () => {
  let folder: string;
  let store: ConnectionStore;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rp-store-'));
    store = new ConnectionStore({ config: join(folder, 'config') });
  });
  afterEach(async () => await rm(folder, { recursive: true }));

  const shop: Connection = {
    id: 'shop-1',
    name: 'shop',
    group: 'work',
    role: 'development',
    databaseRoles: { shop_live: 'production' },
    settings: { hosts: [{ host: 'h', port: 5432 }], user: 'u', extra: { application_name: 'x' } },
    ssh: { destination: 'bastion', port: 22 },
  };

  it('is empty to begin with', () => {
    assert.deepEqual(store.list(), []);
    assert.equal(existsSync(join(folder, 'config')), false);
  });

  it('keeps, replaces and removes', async () => {
    await store.save(shop);
    await store.save({ ...shop, id: 'other', name: 'other' });
    await store.save({ ...shop, role: 'staging' });
    assert.deepEqual(
      store.list().map(({ id, role }) => [id, role]),
      [
        ['shop-1', 'staging'],
        ['other', 'development'],
      ],
    );
    assert.deepEqual(new ConnectionStore({ config: join(folder, 'config') }).get('shop'), {
      ...shop,
      role: 'staging',
    });
    await store.remove('shop-1');
    assert.deepEqual(
      store.list().map(({ id }) => id),
      ['other'],
    );
    if (process.platform !== 'win32') assert.equal(statSync(store.file).mode & 0o777, 0o600);
    assert.deepEqual(await readdir(join(folder, 'config')), ['connections.json'], 'no temporary files stay');
  });

  it('keeps changes that come at the same time', async () => {
    await Promise.all(
      Array.from({ length: 20 }, (_, i) => store.save({ ...shop, id: `c${i}`, name: `n${i}` })),
    );
    assert.equal(store.list().length, 20);
  });

  it('duplicates under a free name and a new id', async () => {
    await store.save(shop);
    const first = await store.duplicate('shop-1');
    const second = await store.duplicate(first.id);
    assert.deepEqual([first.name, second.name], ['shop (2)', 'shop (3)']);
    assert.equal(new Set(store.list().map(({ id }) => id)).size, 3);
    assert.deepEqual(store.groups(), ['work']);
    await assert.rejects(store.duplicate('gone'), RestorePointError);
  });

  it('puts a damaged file aside and goes on', async () => {
    await mkdir(join(folder, 'config'));
    await writeFile(store.file, '{ "connections": [ {');
    assert.deepEqual(store.list(), []);
    const aside = store.damage?.keptAs ?? '';
    assert.equal(await readFile(aside, 'utf8'), '{ "connections": [ {');
    await store.save(shop);
    assert.equal(store.list().length, 1);
    assert.equal((await readdir(join(folder, 'config'))).length, 2);
  });

  it('keeps the sound connections of a file with an unsound one, and what a later version adds', async () => {
    await mkdir(join(folder, 'config'));
    const later = { ...shop, colour: 'red', settings: { ...shop.settings, later: 1 } };
    await writeFile(store.file, JSON.stringify({ version: 1, connections: [{ id: '../x' }, later, 5] }));
    assert.deepEqual(store.list(), [later]);
    assert.ok(store.damage?.why.includes('connections[0]'));
    assert.deepEqual(store.list(), [later], 'the mended file reads the same');
  });

  it('does not take over a password somebody wrote into the file', async () => {
    await mkdir(join(folder, 'config'));
    const bad = {
      ...shop,
      settings: { ...shop.settings, password: 's3cret', extra: { password: 's3cret', options: 'x' } },
    };
    await writeFile(store.file, JSON.stringify({ version: 1, connections: [bad] }));
    assert.doesNotMatch(JSON.stringify(store.list()), /s3cret/);
  });

  it('tells of changes', async () => {
    let told: () => void = () => {};
    const change = new Promise<void>((resolve) => (told = resolve));
    const watching = store.watch(() => told());
    const other = new ConnectionStore({ config: join(folder, 'config') });
    await other.save(shop);
    await change;
    watching.dispose();
    assert.equal(store.get('shop-1')?.name, 'shop');
  });

  it('has a role for each database', () => {
    assert.equal(roleOf(shop), 'development');
    assert.equal(roleOf(shop, 'shop_dev'), 'development');
    assert.equal(roleOf(shop, 'shop_live'), 'production');
    assert.equal(roleOf(shop, 'constructor'), 'development');
  });

  it('is what the command line’s words name first', async () => {
    await store.save(shop);
    assert.equal(toConnection('shop-1', store).name, 'shop');
    assert.equal(toConnection('shop', store).id, 'shop-1');
    assert.deepEqual(toConnection('some_service', store).settings, { service: 'some_service' });
    assert.deepEqual(toConnection('service=s dbname=d', store).settings, { service: 's', database: 'd' });
    assert.equal(toConnection('postgresql://localhost/x', store).role, 'local');
    assert.equal(toConnection('postgresql://db.example.com/x', store).role, 'development');
    for (const text of ['postgresql://u:s3cret@h/d', "host=h password='s3cret'"])
      assert.throws(
        () => toConnection(text, store),
        (error: unknown) =>
          error instanceof RestorePointError &&
          error.code === 'connection.secret' &&
          !JSON.stringify(error.facts()).includes('s3cret'),
      );
  });

  it('gives new connections ids of their own', () => {
    const parsed = parseConnectionText('postgresql://h/d');
    assert.notEqual(connectionFrom(parsed).id, connectionFrom(parsed).id);
  });
});
