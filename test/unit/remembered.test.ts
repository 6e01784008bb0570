import assert from 'node:assert/strict';
import { appendFile, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { recall, remember } from '../../src/engine/remembered';

describe('remembered facts', () => {
  let folder: string;
  let where: { state: string };
  let dump: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rp-remembered-'));
    where = { state: join(folder, 'state') };
    dump = join(folder, 'a.dump');
    await writeFile(dump, 'some bytes');
  });
  afterEach(async () => await rm(folder, { recursive: true }));

  it('come back for the same file, by a link too, and for their kind only', async () => {
    assert.equal(await recall('positions', dump, where), null);
    await remember('positions', dump, { 4: 17 }, where);
    await symlink(dump, join(folder, 'link'));
    assert.deepEqual(await recall('positions', join(folder, 'link'), where), { 4: 17 });
    assert.equal(await recall('receipts', dump, where), null);
  });

  it('are forgotten when the file changes', async () => {
    await remember('positions', dump, { 4: 17 }, where);
    await appendFile(dump, '!');
    assert.equal(await recall('positions', dump, where), null);
  });

  it('of a directory dump hold until its table of contents changes', async () => {
    const directory = join(folder, 'dump.dir');
    await mkdir(directory);
    await writeFile(join(directory, 'toc.dat'), 'toc');
    await remember('receipts', directory, 'good', where);
    assert.equal(await recall('receipts', directory, where), 'good');
    await appendFile(join(directory, 'toc.dat'), '!');
    assert.equal(await recall('receipts', directory, where), null);
  });

  it('of too many files are thinned out, the longest unused first', async () => {
    for (let i = 0; i < 1001; i++) {
      const path = join(folder, `${i}.dump`);
      await writeFile(path, '');
      await remember('many', path, i, where);
    }
    assert.ok((await readdir(join(where.state, 'remembered', 'many'))).length <= 1000);
    assert.equal(await recall('many', join(folder, '1000.dump'), where), 1000);
  });

  it('never fail: a state folder that cannot be written keeps nothing', async () => {
    const file = join(folder, 'file');
    await writeFile(file, '');
    await remember('positions', dump, 1, { state: file });
    assert.equal(await recall('positions', dump, { state: file }), null);
  });
});
