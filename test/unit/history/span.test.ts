import assert from 'node:assert/strict';
import { spanOf, spanText } from '../../../src/engine/history';

describe('first and last backup that have something', () => {
  const seen = (text: string): { state: string; changed: boolean }[] =>
    [...text].map((one) => ({
      state: { '-': 'absent', '?': 'unreadable' }[one] ?? 'found',
      changed: one === '~',
    }));

  for (const [found, text] of [
    ['', 'In none of the backups.'],
    ['--?', 'In none of the backups.'],
    ['-=-', 'Only in 1.'],
    ['==', 'First in 0, last in 1; never changed.'],
    ['-=?~-', 'First in 1, last in 3; changed once.'],
    ['=~-~', 'First in 0, last in 3; changed 2 times.'],
  ] as const)
    it(`of "${found}"`, () => assert.equal(spanText(seen(found), String), text));

  it('by their places', () => {
    assert.deepEqual(spanOf(seen('-=~-')), { first: 1, last: 2, changes: 1 });
    assert.equal(spanOf(seen('-')), null);
  });
});
