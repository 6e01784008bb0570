import assert from 'node:assert/strict';
import { nameOf, Names, safeName } from '../../../src/extension/reader/worker/files/names';

describe('names of files inside of dumps', () => {
  const awkward = [
    'orders',
    'f(integer, text)',
    'a/b\\c:d*e?f"g<h>i|j',
    'two\nlines\tand a tab',
    ' leads',
    'trails ',
    'ends.',
    '.git',
    'ends!',
    '(no schema)',
    'con',
    'NUL',
    'com1.old',
    'lpt²',
    'a=2Fb',
    'a~2',
    '',
    '..',
    '.',
    'Ünïcödé 表 🐘',
    'raw \udc80 byte',
    'right \u202eto left',
  ];

  for (const name of awkward)
    it(`${JSON.stringify(name)} is safe and comes back`, () => {
      const safe = safeName(name);
      assert.equal(nameOf(safe), name);
      assert.doesNotMatch(safe, /[\u0000-\u001f"*/:<>?\\|\u202e]|^[ .(]|[ .!]$/);
      assert.doesNotMatch(`${safe}.sql`, /^(con|nul|com1|lpt²)\./i);
      assert.ok(Buffer.from(safe).toString() === safe, 'has no lone surrogate');
      assert.notEqual(safe, '');
    });

  it('are different for different names', () => {
    assert.equal(new Set(awkward.map(safeName)).size, awkward.length);
  });

  it('are cut to what every file system takes, and still differ', () => {
    const [one, other] = ['表'.repeat(200), `${'表'.repeat(200)}x`].map(safeName);
    assert.notEqual(one, other);
    for (const name of [one, other]) assert.ok(Buffer.byteLength(name ?? '') <= 150);
  });

  it('are numbered where some system would take them for one', () => {
    const names = new Names();
    assert.equal(names.take('users', '.sql'), 'users.sql');
    assert.equal(names.take('Users', '.sql'), 'Users~2.sql');
    assert.equal(names.take('users', '.csv'), 'users.csv');
    assert.equal(names.take('caf\u00e9', '.sql'), 'caf\u00e9.sql');
    assert.equal(names.take('cafe\u0301', '.sql'), 'cafe\u0301~2.sql');
  });
});
