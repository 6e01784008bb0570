import assert from 'node:assert/strict';
import { bytesText, durationText, printable, table } from '../../../src/cli/output';
import { parse, UsageError, wholeNumber } from '../../../src/cli/args';
import { askSecret } from '../../../src/cli/prompt';
import { testIo } from './io';

describe('what the command line prints', () => {
  it('writes sizes and durations as everywhere, a dash for what is not known', () => {
    assert.deepEqual([bytesText(null), bytesText(0), bytesText(1_395_864_371)], ['–', '0 B', '1.3 GB']);
    assert.deepEqual([durationText(null), durationText(125_000)], ['–', '2 min 5 s']);
  });

  it('aligns columns by characters', () => {
    assert.equal(
      table(
        [
          ['a', '10'],
          ['🐘🐘', '9'],
        ],
        [1],
      ),
      'a   10\n🐘🐘   9',
    );
  });

  it('shows what would move the cursor as an escape', () => {
    assert.equal(printable('a\nb\u001b[31m\u202e'), 'a\\nb\\u001b[31m\\u202e');
  });
});

describe('arguments', () => {
  const config = (args: string[]) => ({
    args,
    options: { level: { type: 'string' as const }, json: { type: 'boolean' as const } },
  });

  it('never repeats a value: it may be a secret in the wrong place', () => {
    for (const args of [
      ['--password=hunter2'],
      ['--password', 'hunter2'],
      ['hunter2'],
      ['--json=hunter2'],
      ['-phunter2'],
    ])
      assert.throws(
        () => parse(config(args)),
        (error: unknown) => error instanceof UsageError && !JSON.stringify(error.facts()).includes('hunter2'),
        args.join(' '),
      );
  });

  it('says which option needs a value', () => {
    assert.throws(() => parse(config(['--level'])), { what: /--level needs a value/ });
  });

  it('takes whole numbers only', () => {
    assert.equal(wholeNumber('rows', '12'), 12);
    for (const text of ['-1', '1.5', 'x', '', '9e99'])
      assert.throws(() => wholeNumber('rows', text), UsageError);
  });
});

describe('asking for a password', () => {
  it('takes a line with corrections, and shows nothing of it', async () => {
    const { io, err } = testIo();
    const answer = askSecret({ ...io, json: false }, 'Password: ');
    io.stdin.write('sEcx\u007fr');
    io.stdin.write('et\rrest');
    assert.equal(await answer, 'sEcret');
    assert.equal(err(), 'Password: \n');
  });

  it('Ctrl-C cancels', async () => {
    const { io } = testIo();
    const answer = askSecret({ ...io, json: false }, '');
    io.stdin.write('abc\u0003');
    await assert.rejects(answer, { name: 'CancelledError' });
  });
});
