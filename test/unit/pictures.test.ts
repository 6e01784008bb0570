import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

describe('pictures in the documentation', () => {
  it('are there, and none is there that nobody shows', async () => {
    const pages = (await readdir('docs')).filter((name) => name.endsWith('.md'));
    const texts = await Promise.all(
      ['README.md', ...pages.map((name) => join('docs', name))].map((path) => readFile(path, 'utf8')),
    );
    const shown = texts.flatMap((text) =>
      [...text.matchAll(/images\/([\w-]+\.png)/g)].map(([, name]) => name),
    );
    assert.deepEqual([...new Set(shown)].sort(), (await readdir('docs/images')).sort());
  });
});
