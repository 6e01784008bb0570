import assert from 'node:assert/strict';
import { linesWith, projectFiles } from '../../support/committed';

const own = 'test/unit/house/registry.test.ts';

/** Where packages come from is each machine's own setting, and no machine's folders are everybody's. */
const forbidden: [what: string, pattern: RegExp][] = [
  [
    'a package registry or mirror',
    /registry\.(npmjs|yarnpkg|npmmirror)|npmjs\.(org|com)\/[^ ]*-\/|deb\.debian\.org|snapshot\.debian/,
  ],
  ['marketplace host', /open-vsx\.org|marketplace\.visualstudio\.com\/_apis/],
  ['address a package was downloaded from', /"resolved": "https?:/],
  ['folder of one machine', /\/(work|home\/\w+|Users\/\w+)\/(main|wt|shared|src|code)\b/],
];

describe('committed files', () => {
  const files = projectFiles().filter((path) => path !== own);
  for (const [what, pattern] of forbidden)
    it(`name no ${what}`, () => {
      const found = files.flatMap((path) => linesWith(path, pattern));
      assert.deepEqual(found, []);
    });
});
