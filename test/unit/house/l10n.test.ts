import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { extname, join } from 'node:path';
import { getL10nJson } from '@vscode/l10n-dev';

/** Sources of the sentences people see. */
function sources(): { extension: '.ts' | '.tsx'; contents: string }[] {
  return readdirSync('src', { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.tsx?$/.test(path))
    .map((path) => ({
      extension: extname(path) as '.ts' | '.tsx',
      contents: readFileSync(join('src', path), 'utf8'),
    }));
}

describe('sentences for translators', () => {
  it('are all in l10n/bundle.l10n.json, and no others (npm run l10n writes it)', async function () {
    this.timeout(180_000);
    const wanted = Object.keys(await getL10nJson(sources())).sort();
    const kept = Object.keys(JSON.parse(readFileSync('l10n/bundle.l10n.json', 'utf8')) as object).sort();
    assert.deepEqual(kept, wanted);
  });
});
