import assert from 'node:assert/strict';
import { fakeVscode, l10n } from './fakeVscode';

describe('preview of rows (unit)', () => {
  let fake: { restore(): void };
  let tableText: typeof import('../../../src/extension/documents/preview').tableText;

  before(async () => {
    fake = fakeVscode({ l10n });
    ({ tableText } = await import('../../../src/extension/documents/preview'));
  });
  after(() => fake.restore());

  it('aligns values under names, and tells NULL from nothing', () => {
    const rows = [
      ['1', ''],
      ['2222', null],
    ];
    assert.equal(
      tableText({ columns: ['id', 'note'], rows }),
      'id   │ note\n─────┼─────\n1    │\n2222 │ NULL',
    );
  });

  it('numbers columns without names, also of rows of different lengths', () => {
    assert.equal(tableText({ columns: null, rows: [['a'], ['b', 'c']] }), '#1 │ #2\n───┼───\na  │\nb  │ c');
  });

  it('keeps a row on one line and cuts long values', () => {
    const text = tableText({ columns: ['x'], rows: [['a\nb'], ['y'.repeat(100)]] });
    assert.deepEqual(text.split('\n').slice(2), ['a⏎b', `${'y'.repeat(39)}…`]);
  });

  it('shows the names of a table without rows', () => {
    assert.equal(tableText({ columns: ['id'], rows: [] }), 'id\n──');
  });
});
