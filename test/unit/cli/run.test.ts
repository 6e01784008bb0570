import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../../../src/cli/run';
import { useTempFolder } from '../../support/fixtures';
import { testIo } from './io';

describe('the command line', () => {
  const folder = useTempFolder();

  it('without a verb shows the overview on standard error and exits 2', async () => {
    const { io, out, err } = testIo();
    assert.equal(await run([], io), 2);
    assert.equal(out(), '');
    assert.match(err(), /Usage: restore-point VERB/);
  });

  it('--help is a result', async () => {
    const { io, out, err } = testIo();
    assert.equal(await run(['--help'], io), 0);
    assert.match(out(), /Exit codes: 0 done, 1 failed, 2 wrong use, 3 differences found, 130 cancelled/);
    assert.equal(err(), '');
  });

  it('an unknown verb is wrong use; with --json the error is the one document', async () => {
    const { io, out, err } = testIo();
    assert.equal(await run(['frobnicate', '--json'], io), 2);
    const { error } = JSON.parse(out());
    assert.equal(error.code, 'usage');
    assert.deepEqual(Object.keys(error).slice(0, 4), ['code', 'what', 'why', 'next']);
    assert.match(err(), /There is no verb "frobnicate"/);
  });

  it('knows its version', async () => {
    const { io, out } = testIo();
    assert.equal(await run(['--version'], io), 0);
    assert.match(out(), /^restore-point \d+\.\d+\.\d+\n$/);
  });

  it('says on an old Node which it needs; to a recovery that is no end of the archive', () => {
    const old = `data:text/javascript,Object.defineProperty(process, 'versions', { value: { node: '20.1.0' } })`;
    const start = (...args: string[]) =>
      spawnSync(process.execPath, ['--import', old, 'dist/cli.js', ...args], { encoding: 'utf8' });
    const { status, stdout, stderr } = start('list', '--json');
    assert.deepEqual([status, stdout], [1, '']);
    assert.match(stderr, /needs Node 22 or later/);
    assert.equal(start('wal', 'fetch', '000000010000000000000001', '/nowhere', '--from', '/').status, 200);
  });

  it('says that its modules are not beside it; to a recovery that is no end of the archive either', async () => {
    const alone = join(folder(), 'cli.js');
    await copyFile('dist/cli.js', alone);
    const start = (...args: string[]) => spawnSync(process.execPath, [alone, ...args], { encoding: 'utf8' });
    for (const [args, code] of [
      [['list'], 1],
      [['wal', 'push', 'x', '--to', '/'], 1],
      [['wal', 'fetch', '000000010000000000000001', '/nowhere', '--from', '/'], 200],
      [['wal', '--json', 'fetch', '000000010000000000000001', '/nowhere', '--from', '/'], 200],
    ] as const) {
      const { status, stderr } = start(...args);
      assert.equal(status, code, args.join(' '));
      assert.match(stderr, /^restore-point is incomplete: the folder cli belongs beside cli\.js/);
    }
  });
});
