import assert from 'node:assert/strict';
import { copyTarget } from '../../../src/engine/archive/rows/columns';
import { InsertTargets } from '../../../src/engine/archive/sql/insert-targets';
import { ScriptScanner } from '../../../src/engine/archive/sql/scanner';
import { seededRandom } from '../../support/random';

/** Everything a scanner tells about a script that comes in pieces. */
function told(script: Buffer, quick: boolean, size: () => number): { seen: unknown[]; alike: number } {
  const seen: unknown[] = [];
  const targets = new InsertTargets();
  let alike = 0;
  const scanner: ScriptScanner = new ScriptScanner(
    {
      statement(statement, facts) {
        const { text, line, offset, bytes } = statement;
        const { verb, tuples, configures, terminated } = facts;
        const target = verb === 'insert' ? targets.of(statement, facts.alike) : null;
        if (facts.alike) alike++;
        seen.push({ text, line, offset, bytes, verb, tuples, configures, terminated, target });
        if (text.startsWith('SET')) scanner.setEscapes(text.endsWith('off'));
        return copyTarget(text) && { copyColumns: null };
      },
      comment: (text, line) => void seen.push({ text, line }),
      meta: (text, line) => void seen.push({ text, line }),
      copied: ({ rows }, line, from, to) => void seen.push({ rows, line, from, to }),
    },
    quick,
  );
  for (let at = 0; at < script.length;) {
    const end = at + size();
    scanner.push(Buffer.from(script.subarray(at, end)));
    at = end;
  }
  seen.push(scanner.end());
  return { seen, alike };
}

const HEADS = [
  'INSERT INTO t VALUES',
  'INSERT INTO s."T(;" (a, b)\nVALUES',
  'insert into t\nvalues',
  'INSERT INTO "a$b" VALUES',
  'INSERT INTO t /* ( */ (a) VALUES',
  'INSERT INTO valuesx SELECT',
  'INSERT INTO t SELECT * FROM (VALUES',
  'INSERT INTO t DEFAULT VALUES;INSERT INTO u VALUES',
];
const PARTS = [
  ...[
    "'a'",
    "'it''s'",
    "E'\\''",
    "E'\\')'",
    "'\\'",
    "''",
    'NULL',
    '1',
    '-1.5e3',
    '1-1',
    '1--x\n',
    "$$'$$",
    '"c;"',
    'ä',
  ],
  ...[
    ',',
    ', ',
    '\n',
    ' ',
    '(',
    ')',
    '),\n(',
    ');\n',
    ';',
    "';",
    "'('",
    '/* ) */',
    "N'x'",
    "'a'\n'b'",
    "'x'\r'\\'",
  ],
  ...['\\;', '\\g\n', '\\r\n', '\\echo x\n', "set_config('a', 'b')", "u&'x'", '1/2', 'f(1)', 'a[1]'],
  ...[' ON CONFLICT (a) DO NOTHING', ' RETURNING (a)', 'VALUES (1)', "'\n\n'"],
];
const OTHERS = [
  'SET standard_conforming_strings = off;\n',
  'SET standard_conforming_strings = on;\n',
  'COPY t FROM stdin;INSERT INTO t VALUES (1, \n1\n\\.\n2);\n',
  'SELECT 1;\n',
  '-- VALUES (\n',
  '\n\n',
];

describe('the shorter way over rows of INSERT', () => {
  it('tells what the careful way tells, whatever the rows hold and however the script is cut', () => {
    let alike = 0;
    for (let seed = 1; seed <= 400; seed++) {
      const random = seededRandom(seed);
      const pick = (list: readonly string[]): string => list[Math.floor(random() * list.length)]!;
      const heads = [pick(HEADS), pick(HEADS)];
      let script = '';
      for (let i = 0; i < 40; i++) {
        script += random() < 0.1 ? pick(OTHERS) : '';
        script += pick(heads) + pick([' ', '\n', '']);
        if (random() < 0.7) script += "(1, 'x;\n', NULL), (2, 'it''s', 1.5);" + pick(['\n', ' ', '']);
        else
          script +=
            '(' +
            Array.from({ length: Math.floor(random() * 8) }, () => pick(PARTS)).join('') +
            pick([');\n', '', ';']);
      }
      const bytes = Buffer.from(script);
      const expected = told(bytes, false, () => 1 << 20).seen;
      const sizes = [
        () => 1 << 20,
        () => 64,
        () => 1 + Math.floor(random() * 200),
        () => 1 + Math.floor(random() * 5),
      ];
      for (const size of sizes) {
        const found = told(bytes, true, size);
        assert.deepEqual(found.seen, expected, `seed ${seed}`);
        alike += found.alike;
      }
    }
    assert.ok(alike > 1000, 'it was taken');
  });
});
