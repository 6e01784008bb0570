import assert from 'node:assert/strict';
import { LineBuffer, Masker, maskLine } from '../../../src/engine/jobs/mask';

describe('jobs: masking secrets', () => {
  const secret = `p+w/=%'"\\ ä`;
  const cases: [string, string][] = [
    ['as it is', secret],
    ['percent-encoded, as URIs carry it', encodeURIComponent(secret)],
    ['percent-encoded in lower case', encodeURIComponent(secret).replace(/%../g, (c) => c.toLowerCase())],
    ['percent-encoded wholly', 'p%2Bw%2F%3D%25%27%22%5C%20%C3%A4'],
    ['as a conninfo value', `p+w/=%\\'"\\\\ ä`],
    ['as an SQL literal', `p+w/=%''"\\ ä`],
    ['as JSON', `p+w/=%'\\"\\\\ ä`],
  ];
  for (const [form, text] of cases)
    it(`masks it ${form}`, () => {
      assert.equal(maskLine([secret])(`a ${text} b ${text}`), 'a ••• b •••');
    });

  it('masks the longer of two secrets that overlap', () => {
    assert.equal(maskLine(['abc', 'abcdef'])('abcdef abc'), '••• •••');
  });

  it('leaves text alone when there is no secret, or an empty one', () => {
    assert.equal(maskLine([])('text'), 'text');
    assert.equal(maskLine([''])('text'), 'text');
  });

  it('masks each line of a secret that spans lines', () => {
    assert.equal(maskLine(['first\nsecond'])('the second'), 'the •••');
  });

  it('takes a secret with a lone surrogate', () => {
    assert.equal(maskLine(['a\ud800b'])('xa\ud800by'), 'x•••y');
  });

  it('puts a secret together that was cut by a chunk border', () => {
    const lines: string[] = [];
    const mask = maskLine(['topsecret']);
    const buffer = new LineBuffer((line) => lines.push(mask(line)));
    for (const chunk of ['password tops', 'ecr', 'et\nnext t', 'opsecret']) buffer.push(chunk);
    buffer.end();
    assert.deepEqual(lines, ['password •••', 'next •••']);
  });

  it('masks every string of an event but those the plan says, and learns secrets later', () => {
    const masker = new Masker(['shop']);
    masker.add('other');
    const event = { a: ['shop', { b: 'the other one' }], path: '/backups/shop', n: 1, none: null };
    assert.deepEqual(masker.value(event, new Set(['/backups/shop'])), {
      a: ['•••', { b: 'the ••• one' }],
      path: '/backups/shop',
      n: 1,
      none: null,
    });
  });
});
