import assert from 'node:assert/strict';
import { parseHistory } from '../../../src/engine/physical';

describe('histories of timelines', () => {
  it('are read as servers write them', () => {
    const text =
      '1\t0/13000000\tno recovery target specified\n\n2\t0/15063E00\tbefore 2026-11-30 03:05:04.07+00\n';
    assert.deepEqual(parseHistory(3, text), [
      { timeline: 1, lsn: '0/13000000', reason: 'no recovery target specified' },
      { timeline: 2, lsn: '0/15063E00', reason: 'before 2026-11-30 03:05:04.07+00' },
    ]);
  });

  it('may have comments, blanks and no reasons', () => {
    assert.deepEqual(parseHistory(2, '# mine\n  \n 1   a/b\r\n'), [{ timeline: 1, lsn: 'A/B', reason: '' }]);
    assert.deepEqual(parseHistory(2, ''), []);
  });

  for (const [what, text] of [
    ['no place', '1\n'],
    ['a place that is none', '1\t0-13000000\tx\n'],
    ['bytes of something else', '\u0000\u0001\u0002'],
    ['timelines backwards', '2\t0/1\tx\n1\t0/2\tx\n'],
    ['a timeline twice', '1\t0/1\tx\n1\t0/2\tx\n'],
    ['itself', '3\t0/1\tx\n'],
    ['a newer one', '4\t0/1\tx\n'],
  ] as const)
    it(`with ${what} are refused`, () => assert.throws(() => parseHistory(3, text), { code: 'wal.history' }));
});
