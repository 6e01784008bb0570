import assert from 'node:assert/strict';
import { stat } from 'node:fs/promises';
import { recordFigure } from '../support/figures';
import { zipEntries } from '../support/zip';
import { sitDown, type Desk } from './driver';

describe('the package', () => {
  const vsix = process.env.RESTORE_POINT_VSIX ?? '';
  let desk: Desk | undefined;
  after(() => desk?.leave());

  it('is small', async () => {
    const { size } = await stat(vsix);
    recordFigure('package', `${Math.round(size / 1000)} kB (aim: under 2000 kB)`);
    assert.ok(size < 2_000_000, `${size} bytes`);
  });

  it('has a small bundle for the extension host', () => {
    const entries = zipEntries(vsix);
    const size = (name: string): number => entries.get(`extension/dist/${name}.js`) ?? 0;
    const text = (name: string): string => `${Math.round(size(name) / 1000)} kB`;
    recordFigure('host bundle', `${text('extension')} (aim: under 400 kB)`);
    recordFigure('engine, loaded at its first use', text('engine'));
    recordFigure('command line', text('cli'));
    assert.ok(size('extension') > 0 && size('extension') < 400_000, `${size('extension')} bytes`);
  });

  it('holds what is needed, and nothing of our workshop', () => {
    const paths = [...zipEntries(vsix).keys()].map((path) => path.replace(/^extension\//, ''));
    for (const needed of [
      'package.json',
      'package.nls.json',
      'LICENSE.txt',
      'readme.md',
      'dist/extension.js',
      'dist/cli.js',
      'dist/third-party-notices.txt',
    ])
      assert.ok(paths.includes(needed), `${needed} is missing`);
    const stray = paths.filter((path) =>
      /^(src|test|scripts|node_modules|docs|\.)|^dist\/test|\.map$|\.tsx?$/.test(path),
    );
    assert.deepEqual(stray, []);
  });

  it('installs, and shows its three views when asked', async () => {
    desk = await sitDown();
    const { window } = desk;
    await window.openSideBar();
    for (const title of ['Connections', 'Backups', 'Jobs']) await window.view(title).waitFor();
    await window.page.getByText('Add a PostgreSQL server').first().waitFor();
    await window.screenshot('empty', { everyTheme: true });
  });

  it('activates fast', async () => {
    assert.ok(desk);
    const { window } = desk;
    await window.command('Developer: Show Running Extensions');
    const row = window.page
      .locator('.runtime-extensions-editor .monaco-list-row')
      .filter({ hasText: 'Restore Point' });
    const text = (await row.locator('.activation-time').textContent()) ?? '';
    recordFigure(
      'activation of the installed package',
      `${text.replace('Activation: ', '')} (aim: under 50 ms)`,
    );
    assert.match(text, /\d+ ?ms/);
  });
});
