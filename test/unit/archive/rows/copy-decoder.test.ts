import assert from 'node:assert/strict';
import { copyTarget } from '../../../../src/engine/archive/rows/columns';
import { CopyDecoder } from '../../../../src/engine/archive/rows/copy-decoder';
import type { CopyOptions } from '../../../../src/engine/archive/rows/copy-options';
import { ScriptEntries } from '../../../../src/engine/archive/sql/script-entries';
import { ScriptScanner } from '../../../../src/engine/archive/sql/scanner';

function options(text: string): CopyOptions {
  const found = copyTarget(`COPY t (a, b) FROM stdin ${text}`)?.options;
  assert.ok(found && found !== 'unread', text);
  return found;
}

/** What rows become, given in pieces of so many bytes. */
function decoded(
  text: string,
  rows: string,
  piece = 1 << 20,
): { text: string; rows: number; misfit: number } {
  const decoder = new CopyDecoder({ options: options(text), columns: ['a', 'b'], length: null });
  const parts: Buffer[] = [];
  const give = (part: Buffer): void => void parts.push(Buffer.from(part));
  const bytes = Buffer.from(rows);
  for (let at = 0; at < bytes.length; at += piece) decoder.decode(bytes.subarray(at, at + piece), give);
  decoder.finish(give);
  return { text: Buffer.concat(parts).toString(), rows: decoder.rows, misfit: decoder.misfit };
}

describe('rows of COPY with options', () => {
  it('are read from the present and the old form', () => {
    const csv = {
      format: 'csv',
      delimiter: 59,
      quote: 34,
      escape: 34,
      null: '',
      header: true,
      encoding: null,
    };
    for (const text of [
      "WITH (FORMAT csv, DELIMITER ';', HEADER)",
      "(format 'csv', delimiter ';', header match, freeze)",
      "(HEADER on, FORMAT CSV, ON_ERROR ignore, DELIMITER E'\\073')",
      "WITH DELIMITER AS ';' CSV HEADER",
      "USING DELIMITERS ';' WITH CSV HEADER",
    ])
      assert.deepEqual(
        { ...options(text.replace('WITH CSV', 'CSV')), forceNull: 0, forceNotNull: 0 },
        { ...csv, forceNull: 0, forceNotNull: 0 },
        text,
      );
    assert.deepEqual(options('(FORMAT csv, FORCE_NULL (a, "B"), FORCE_NOT_NULL *)').forceNull, ['a', 'B']);
    assert.equal(options('(FORMAT csv, FORCE_NULL (a), FORCE_NOT_NULL *)').forceNotNull, '*');
    assert.equal(options('(HEADER false)').header, false);
  });

  it('are left alone where only a server could follow', () => {
    for (const text of [
      '(FORMAT binary)',
      'BINARY',
      'WHERE a > 1',
      'CSV WHERE a > 1',
      "(FORMAT csv, DEFAULT 'x')",
      "(FORMAT csv, DELIMITER 'ab')",
      '(FORMAT csv',
      '(FORMAT csv,)',
      '(NONSENSE)',
      '()',
    ])
      assert.equal(copyTarget(`COPY t FROM stdin ${text};`)?.options, 'unread', text);
    assert.equal(copyTarget('COPY t FROM stdin;')?.options, null);
    assert.equal(copyTarget('COPY t FROM stdin')?.options, null);
  });

  it('become COPY text, wherever the pieces end', () => {
    const cases: [string, string, string][] = [
      ['CSV', '1,"a\r\nb"\r\n,""\n', '1\ta\\r\\nb\n\\N\t\n'],
      ['CSV', '"x""y",a"b,c"d\n', 'x"y\tab,cd\n'],
      ["CSV NULL 'nil'", 'ni,nil\n"nil",nill\n', 'ni\t\\N\nnil\tnill\n'],
      ["CSV ESCAPE '!'", '"a!"b!!c!d",x!"\n"\n', 'a"b!c!d\tx!\\n\n'],
      ["NULL ''", '\t\\N\n\\\\N\ta\\\n', '\\N\tN\n\\\\N\ta\\n\n'],
      ["DELIMITER ','", 'a\tb,\\N\n\\,,\\x41\n', 'a\\tb\t\\N\n\\,\t\\x41\n'],
      ['CSV HEADER', '"a\n""",b\n1,2', '1\t2\n'],
      ['CSV', '', ''],
      ['CSV', '1,\\.\n', '1\t\\\\.\n'],
      ['CSV', ',,,,,,,,\n', `${'\\N\t'.repeat(8)}\\N\n`],
    ];
    for (const [text, rows, expected] of cases)
      for (const piece of [1 << 20, 1, 2, 3, 5])
        assert.equal(
          decoded(text, rows, piece).text,
          expected,
          `${text}: ${JSON.stringify(rows)} by ${piece}`,
        );
  });

  it('are counted, and the first with another number of columns is told', () => {
    assert.deepEqual(decoded('CSV', '1,2\n"3\n",4\n5\n'), { text: '1\t2\n3\\n\t4\n5\n', rows: 3, misfit: 3 });
  });

  it('end at the line that ends all rows, and what follows has its line', () => {
    const script =
      'COPY t (a, b) FROM stdin CSV;\n1,"x\ny"\n2,z\n\\.\n\\echo here\nCOPY t FROM stdin CSV;\n"a\n\\.\nSELECT 1;\n';
    for (const piece of [1 << 20, 1, 2, 3, 7]) {
      const found = new ScriptEntries(() => {}, 1 << 20);
      const scanner = new ScriptScanner(found);
      for (let at = 0; at < script.length; at += piece)
        scanner.push(Buffer.from(script.slice(at, at + piece)));
      assert.equal(scanner.end(), null);
      assert.deepEqual(found.metaCommands, [{ line: 6, text: '\\echo here', own: false }]);
      const [first, second] = [...found.data.values()];
      assert.deepEqual([first!.rows, second!.rows, first!.bytes], [2, 1, '1\tx\\ny\n2\tz\n'.length]);
      assert.equal(found.entries[0]!.copyStatement, 'COPY t (a, b) FROM stdin;\n');
      assert.deepEqual(
        found.faults.map(({ what }) => what),
        ['row 1 ends inside a quoted value'],
      );
    }
  });
});
