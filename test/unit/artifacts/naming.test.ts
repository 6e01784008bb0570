import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  draftPath,
  manifestPath,
  memberPartialPath,
  partialPath,
  safeName,
} from '../../../src/engine/artifacts';
import type { Format } from '../../../src/engine/artifacts';
import { useTempFolder } from '../../support/fixtures';

const at = new Date('2026-11-21T07:15:12.345Z');

describe('names of artifacts', () => {
  const folder = useTempFolder();
  const path = (format: Format, more: object = {}): string =>
    draftPath(folder(), { connection: 'shop', database: 'shop_dev', format, at, ...more });

  it('puts server, database and time into the path', () => {
    const base = join(folder(), 'shop', 'shop_dev', 'shop_dev');
    assert.equal(path('custom'), `${base}_20261121T071512Z.dump`);
    assert.equal(path('directory'), `${base}_20261121T071512Z.dir`);
    assert.equal(path('tar'), `${base}_20261121T071512Z.tar`);
    assert.equal(path('plain', { compression: 'gzip:1' }), `${base}_20261121T071512Z.sql.gz`);
    assert.equal(path('plain', { compression: 'none' }), `${base}_20261121T071512Z.sql`);
    assert.equal(path('custom', { compression: 'zstd:3' }), `${base}_20261121T071512Z.dump`);
    assert.equal(path('csv', { scope: 'public.orders' }), `${base}.public.orders_20261121T071512Z.csv`);
    assert.equal(
      path('set', { database: '*' }),
      join(folder(), 'shop', 'server', 'server_20261121T071512Z.set'),
    );
  });

  it('takes another name when one is there, finished or in the making', async () => {
    const first = path('custom');
    await mkdir(dirname(first), { recursive: true });
    await writeFile(partialPath(first), '');
    const second = path('custom');
    assert.equal(second, first.replace('Z.dump', 'Z_2.dump'));
    await writeFile(manifestPath(second), '');
    assert.equal(path('custom'), first.replace('Z.dump', 'Z_3.dump'));
  });

  it('makes any name one safe and distinct part of a path', () => {
    const odd = [
      ['shop_dev', 'shop_dev'],
      ['my shop', 'my shop'],
      ['Grüße', 'Grüße'],
      ['..', '%2E%2E'],
      ['.hidden', '%2Ehidden'],
      ['-rf', '%2Drf'],
      ['a/b', 'a%2Fb'],
      ['a\\b:c*?"<>|', 'a%5Cb%3Ac%2A%3F%22%3C%3E%7C'],
      ["it's; $(x) `y`", 'it%27s%3B %24%28x%29 %60y%60'],
      ['line\nbreak', 'line%0Abreak'],
      ['100%', '100%25'],
      ['🐘', '%F0%9F%90%98'],
      ['con', '%63on'],
      ['end ', 'end%20'],
      ['', '%'],
    ] as const;
    for (const [name, safe] of odd) assert.equal(safeName(name), safe);
    const long = 'ä'.repeat(63);
    assert.ok(Buffer.byteLength(safeName(long)) <= 80);
    assert.notEqual(safeName(long), safeName(long.slice(1)));
    assert.notEqual(safeName(long + 'x'), safeName(long + 'y'));
  });

  it('writes members of a set below the partial folder, companions beside', () => {
    const draft = { path: '/b/x.set' };
    assert.equal(memberPartialPath(draft, '/b/x.set/shop.dump'), '/b/x.set.partial/shop.dump');
    assert.equal(memberPartialPath(draft, '/b/x.set'), '/b/x.set.partial');
    assert.equal(memberPartialPath(draft, '/b/x.setting.sql'), '/b/x.setting.sql.partial');
  });
});
