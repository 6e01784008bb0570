import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkFolder, watchArtifacts } from '../../../src/engine/artifacts';
import { useTempFolder } from '../../support/fixtures';

describe('the backup folder', () => {
  const folder = useTempFolder();

  it('is created for its owner only, and its free space told', async () => {
    const path = join(folder(), 'a', 'b');
    const { freeBytes, warnings } = await checkFolder(path);
    assert.ok(freeBytes! > 0);
    assert.deepEqual(warnings, []);
    assert.equal((await stat(path)).mode & 0o777, 0o700);
    assert.deepEqual(await readdir(path), []);
  });

  it('is refused when nothing can be written there', async () => {
    await writeFile(join(folder(), 'file'), '');
    await assert.rejects(
      checkFolder(join(folder(), 'file', 'below')),
      (error: { code: string; remedies: unknown }) => {
        assert.equal(error.code, 'folder.unwritable');
        assert.deepEqual(error.remedies, [{ do: 'chooseFolder' }]);
        return true;
      },
    );
  });

  it('is refused, and soon, where the system makes no folders', async function () {
    if (process.platform !== 'linux') this.skip();
    await assert.rejects(checkFolder('/proc/nowhere/backups'), { code: 'folder.unwritable' });
  });

  it('is warned of in a git work tree that does not ignore it', async () => {
    const tree = join(folder(), 'tree');
    await mkdir(tree);
    execFileSync('git', ['init', '--quiet', tree]);
    const path = join(tree, 'backups');
    const { warnings } = await checkFolder(path);
    assert.deepEqual(
      warnings.map(({ code }) => code),
      ['folder.git'],
    );
    await writeFile(join(tree, '.gitignore'), '/backups\n');
    assert.deepEqual((await checkFolder(path)).warnings, []);
  });
});

describe('watching backup folders', () => {
  const folder = useTempFolder();

  it('tells of changes, also below and in folders that appear later', async () => {
    const late = join(folder(), 'late');
    let wake: () => void = () => {};
    const changed = (): Promise<void> => new Promise((resolve) => (wake = resolve));
    const watcher = watchArtifacts([late], () => wake());
    try {
      let change = changed();
      await mkdir(late);
      await change;
      change = changed();
      await mkdir(join(late, 'deeper'));
      await change;
      change = changed();
      await writeFile(join(late, 'deeper', 'x.dump'), 'x');
      await change;
    } finally {
      watcher.dispose();
    }
  });
});
