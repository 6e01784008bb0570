import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { developerCache } from '../../support/cache';

const variables = ['RESTORE_POINT_DEV_CACHE', 'XDG_CACHE_HOME'];

describe('developer cache', () => {
  const before = variables.map((name) => [name, process.env[name]] as const);
  afterEach(() => {
    for (const [name, value] of before)
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
  });

  for (const own of [{}, { XDG_CACHE_HOME: '/somewhere' }, { RESTORE_POINT_DEV_CACHE: '/elsewhere' }])
    it(`is the same folder for the scripts and for the tests ${JSON.stringify(own)}`, () => {
      for (const name of variables) delete process.env[name];
      Object.assign(process.env, own);
      const script = pathToFileURL(resolve('scripts/setup/cache.mjs')).href;
      const code = `import(${JSON.stringify(script)}).then((m) => console.log(m.developerCache()))`;
      const theirs = execFileSync(process.execPath, ['-e', code], { encoding: 'utf8' }).trim();
      assert.equal(theirs, developerCache());
    });
});
