import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PresetStore } from '../../../src/engine/backup/presets';
import type { DumpRequest } from '../../../src/engine/backup/types';

describe('presets', () => {
  let root: string;
  let store: PresetStore;
  const request: DumpRequest = {
    method: 'dump',
    database: 'shop',
    format: 'directory',
    options: { jobs: 4 },
    notes: 'before the release',
    path: '/b/shop.dir',
    tables: [{ schema: 'public', name: 'orders' }],
  };

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'rp-presets-'));
    store = new PresetStore({ config: join(root, 'config'), state: root, backups: root });
  });
  afterEach(async () => await rm(root, { recursive: true, force: true }));

  it('keep answers, not what belongs to one moment', async () => {
    await store.save('nightly', request);
    assert.deepEqual(await store.list(), [
      { name: 'nightly', request: { method: 'dump', format: 'directory', options: { jobs: 4 } } },
    ]);
  });

  it('remember the last answers by connection, else by method', async () => {
    await store.remember(request, 'a');
    await store.remember({ method: 'dump', database: 'x', format: 'tar' }, 'b');
    assert.equal((await store.last('dump', 'a'))?.format, 'directory');
    assert.equal((await store.last('dump', 'c'))?.format, 'tar');
    assert.equal(await store.last('set', 'a'), undefined);
  });

  it('replace one of the same name, and go away', async () => {
    await store.save('x', request);
    await store.save('x', { method: 'dumpall', scope: 'globals' });
    assert.equal((await store.get('x'))?.request.method, 'dumpall');
    await store.remove('x');
    assert.deepEqual(await store.list(), []);
  });

  it('are for their owner only', async () => {
    await store.save('x', request);
    assert.equal((await stat(join(root, 'config', 'presets.json'))).mode & 0o777, 0o600);
  });

  it('survive a damaged file, which is kept aside', async () => {
    await store.save('x', request);
    await writeFile(join(root, 'config', 'presets.json'), '{"version": 1, "pres');
    assert.deepEqual(await store.list(), []);
    await store.save('y', request);
    const aside = (await readdir(join(root, 'config'))).find((name) => name.includes('damaged'));
    assert.equal(await readFile(join(root, 'config', aside!), 'utf8'), '{"version": 1, "pres');
  });
});
