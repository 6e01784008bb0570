import assert from 'node:assert/strict';
import { formatBytes } from '../../../src/engine/format';
import { bytesText } from '../../../src/shared/bytes';
import { sqlTokens } from '../../../src/shared/sqlTokens';

/** Tokens as `type text`. */
function tokensOf(sql: string): string[] {
  return sqlTokens(sql).map(({ type, from, to }) => `${type} ${sql.slice(from, to)}`);
}

describe('colours of SQL', () => {
  it('tells keywords, types, names, numbers and strings', () => {
    assert.deepEqual(tokensOf(`CREATE TABLE "a ""b""" (id bigint DEFAULT 1.5, x text DEFAULT 'it''s');`), [
      'keyword CREATE',
      'keyword TABLE',
      'name "a ""b"""',
      'type bigint',
      'keyword DEFAULT',
      'number 1.5',
      'type text',
      'keyword DEFAULT',
      `string 'it''s'`,
    ]);
  });

  it('knows escape strings, nested comments, line comments and psql commands', () => {
    assert.deepEqual(tokensOf(String.raw`E'a\'b' /* a /* b */ c */ 1 -- to the end` + '\n2\n\\restrict x'), [
      String.raw`string E'a\'b'`,
      'comment /* a /* b */ c */',
      'number 1',
      'comment -- to the end',
      'number 2',
      'meta \\restrict x',
    ]);
  });

  it('colours bodies as code, within bodies too, and bodies of other languages as text', () => {
    const body = (language: string): string => `AS $_$ select $x$ a 'b' $x$ $_$ LANGUAGE ${language};`;
    assert.deepEqual(tokensOf(body('plpgsql')).slice(0, 4), [
      'keyword AS',
      'string $_$',
      'keyword select',
      'string $x$',
    ]);
    assert.deepEqual(tokensOf(body('plpython3u')).slice(0, 2), [
      'keyword AS',
      "string $_$ select $x$ a 'b' $x$ $_$",
    ]);
  });

  it('ends with what is left open, and covers nothing twice', () => {
    for (const open of [`'abc`, `"abc`, `$x$ abc`, `/* /* abc */`, `E'abc\\`, `U&"x`, `$1 $ $$`]) {
      let end = 0;
      for (const { from, to } of sqlTokens(`select ${open}`)) {
        assert.ok(from >= end && to > from, open);
        end = to;
      }
    }
  });

  it('takes long and hostile texts', () => {
    const hostile = [
      `'`.repeat(200_001),
      '$a$'.repeat(30_001),
      '/*'.repeat(100_000),
      '"'.repeat(200_001),
      `'${'x'.repeat(500_000)}`,
    ];
    for (const text of hostile) assert.ok(sqlTokens(text).length > 0);
  });
});

describe('sizes on pages', () => {
  it('are written as everywhere else', () => {
    for (const bytes of [0, 1, 1023, 1024, 1535, 10_188, 10_240, 1_048_064, 80_000_000, 5e12, 7e18])
      assert.equal(bytesText(bytes), formatBytes(bytes));
  });
});
