import assert from 'node:assert/strict';
import { copyInStatement, copyOutStatement } from '../../../src/engine/backup/copyStatement';
import { firstRows } from '../../../src/engine/backup/rowsText';

describe('COPY statements', () => {
  const table = { schema: 'pub"lic', name: "o'dd\n🐘" };

  it('quotes every name', () => {
    assert.equal(
      copyOutStatement({ table, columns: ['A b', 'c"d'] }, { format: 'csv', header: true }),
      `COPY "pub""lic"."o'dd\n🐘" ("A b", "c""d") TO STDOUT WITH (FORMAT csv, HEADER true)`,
    );
  });

  it('takes a query, also one that ends in a comment or a semicolon', () => {
    assert.equal(
      copyOutStatement({ query: 'select 1; \n' }, { format: 'binary' }),
      'COPY (select 1\n) TO STDOUT WITH (FORMAT binary)',
    );
    assert.match(copyOutStatement({ query: 'select 1 -- one' }, { format: 'tsv' }), /-- one\n\) TO STDOUT/);
  });

  it('writes delimiter, NULL and encoding as constants', () => {
    assert.equal(
      copyInStatement(table, undefined, { format: 'tsv', delimiter: "'", null: '\\N', encoding: 'LATIN1' }),
      `COPY "pub""lic"."o'dd\n🐘" FROM STDIN WITH (FORMAT text, DELIMITER '''', NULL E'\\\\N', ENCODING 'LATIN1')`,
    );
  });

  const refused: [string, Parameters<typeof copyInStatement>[2]][] = [
    ['a long delimiter', { format: 'csv', delimiter: '::' }],
    ['a delimiter of several bytes', { format: 'csv', delimiter: '€' }],
    ['a line break for NULL', { format: 'csv', null: 'a\nb' }],
    ['a header in binary', { format: 'binary', header: true }],
  ];
  for (const [title, shape] of refused)
    it(`refuses ${title}`, () =>
      assert.throws(() => copyInStatement(table, undefined, shape), { code: 'copy.option' }));
});

describe('first rows of COPY data', () => {
  it('reads CSV with quotes, line breaks in values, NULL and empty text', () => {
    assert.deepEqual(firstRows('a,b\n1,"x ""y"", z"\r\n,""\n"two\nlines",', { format: 'csv' }, 10, true), [
      ['a', 'b'],
      ['1', 'x "y", z'],
      [null, ''],
      ['two\nlines', null],
    ]);
  });

  it('reads COPY text with its escapes', () => {
    assert.deepEqual(firstRows('1\t\\N\ta\\tb\\\\n\\x41\n2\t\t\\\tx\n3', { format: 'tsv' }, 10, false), [
      ['1', null, 'a\tb\\nA'],
      ['2', '', '\tx'],
    ]);
  });

  it('stops at the limit', () => {
    assert.equal(firstRows('1\n2\n3\n', { format: 'csv' }, 2, true).length, 2);
    assert.equal(firstRows('1\n2\n3\n', { format: 'tsv' }, 2, true).length, 2);
  });
});
