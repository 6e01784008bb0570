import assert from 'node:assert/strict';
import { exactPattern, matchName, matchRelation } from '../../../src/engine/backup/patterns';

describe('name patterns', () => {
  const odd = [
    'plain',
    'Upper',
    'a.b',
    'we"ird',
    'new\nline',
    '-dash',
    'emoji 🐘',
    'a*b',
    'a$b',
    'x|y',
    'back\\slash',
    '',
  ];

  it('an exact pattern fits its own name and no other', () => {
    for (const name of odd)
      for (const other of odd)
        assert.equal(matchName(exactPattern(name))(other), name === other, `${name} against ${other}`);
  });

  it('an exact pattern of a table names the schema', () => {
    const matches = matchRelation(exactPattern('my.schema', 'T"1'));
    assert.equal(matches({ schema: 'my.schema', name: 'T"1', visible: false }), true);
    assert.equal(matches({ schema: 'other', name: 'T"1', visible: true }), false);
    assert.equal(exactPattern('my.schema', 'T"1'), '"my.schema"."T""1"');
  });

  const cases: [pattern: string, name: string, fits: boolean][] = [
    ['ord*', 'orders', true],
    ['ORD*', 'orders', true],
    ['"ORD"*', 'orders', false],
    ['"ORD"*', 'ORDers', true],
    ['?', 'a', true],
    ['?', 'ab', false],
    ['a|b', 'b', true],
    ['(a|b)c', 'bc', true],
    ['[0-9]*', '7up', true],
    ['a$b', 'a$b', true],
    ['"a*"', 'a*', true],
    ['"a*"', 'ab', false],
  ];
  for (const [pattern, name, fits] of cases)
    it(`${pattern} ${fits ? 'fits' : 'does not fit'} ${name}`, () =>
      assert.equal(matchName(pattern)(name), fits));

  it('without a schema only what the search path shows fits', () => {
    const matches = matchRelation('order*');
    assert.equal(matches({ schema: 'public', name: 'orders', visible: true }), true);
    assert.equal(matches({ schema: 'audit', name: 'orders', visible: false }), false);
    assert.equal(matchRelation('audit.order*')({ schema: 'audit', name: 'orders', visible: false }), true);
  });
});
