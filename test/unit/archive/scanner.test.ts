import assert from 'node:assert/strict';
import { ScriptScanner, type ScriptHandler } from '../../../src/engine/archive/sql/scanner';
import { textCodec } from '../../../src/engine/archive/text';
import { collectGarbage } from '../../support/garbage';
import { seededRandom } from '../../support/random';
import { copyTarget } from '../../../src/engine/archive/rows/columns';

interface Seen {
  statements: string[];
  comments: string[];
  meta: string[];
  copies: { rows: number; bytes: number; misfit: number; ended: boolean; line: number }[];
  tuples: number[];
  lines: number[];
  open: ReturnType<ScriptScanner['end']>;
}

/** How many of these are still held by somebody: seen by a whole collection, not by a gauge that lags behind. */
async function countHeld(pieces: WeakRef<ArrayBufferLike>[]): Promise<number> {
  // What was looked at in this turn is kept until its end.
  await new Promise((resolve) => setImmediate(resolve));
  collectGarbage();
  return pieces.filter((piece) => piece.deref() !== undefined).length;
}

/** The most bytes that are put together at a time while something runs: a remainder that grows shows here. */
function largestConcat(run: () => void): number {
  const { concat } = Buffer;
  let largest = 0;
  Buffer.concat = (...args: Parameters<typeof concat>) => {
    const whole = concat(...args);
    largest = Math.max(largest, whole.length);
    return whole;
  };
  try {
    run();
  } finally {
    Buffer.concat = concat;
  }
  return largest;
}

/** Scans in pieces; every way to cut must give the same. */
function scan(script: string | Buffer, size: () => number, { escapes = false, encoding = '' } = {}): Seen {
  const seen: Seen = {
    statements: [],
    comments: [],
    meta: [],
    copies: [],
    tuples: [],
    lines: [],
    open: null,
  };
  const handler: ScriptHandler = {
    statement({ text, line }, { tuples }) {
      seen.statements.push(text);
      seen.tuples.push(tuples);
      seen.lines.push(line);
      const target = copyTarget(text);
      return target && { copyColumns: target.columns?.length ?? null };
    },
    comment: (text) => void seen.comments.push(text),
    meta: (text, line) => void seen.meta.push(`${line} ${text}`),
    copied: ({ rows, misfit, ended }, line, from, to) =>
      void seen.copies.push({ rows, bytes: to - from, misfit, ended, line }),
  };
  const scanner = new ScriptScanner(handler);
  scanner.backslashEscapes = escapes;
  if (encoding) scanner.setEncoding(textCodec(encoding));
  const bytes = Buffer.from(script as string);
  for (let at = 0; at < bytes.length;) {
    const end = at + size();
    scanner.push(Buffer.from(bytes.subarray(at, end)));
    at = end;
  }
  seen.open = scanner.end();
  return seen;
}

function scanned(script: string | Buffer, options: Parameters<typeof scan>[2] = {}): Seen {
  const whole = scan(script, () => 1 << 20, options);
  for (const size of [1, 2, 3, 7, 16])
    assert.deepEqual(
      scan(script, () => size, options),
      whole,
      `pieces of ${size}`,
    );
  for (let cut = 1; cut < Math.min(script.length, 2000); cut++) {
    let first = true;
    const sizes = () => (first ? ((first = false), cut) : 1 << 20);
    assert.deepEqual(scan(script, sizes, options), whole, `cut at ${cut}`);
  }
  const random = seededRandom(script.length);
  for (let i = 0; i < 20; i++)
    assert.deepEqual(
      scan(script, () => 1 + Math.floor(random() * 12), options),
      whole,
      `random cuts ${i}`,
    );
  return whole;
}

describe('reading scripts as psql does', () => {
  it('ends statements at semicolons outside of quotes, parentheses and bodies', () => {
    const { statements, open } = scanned(
      [
        `SELECT ';''', ";""" FROM t;`,
        `SELECT $$;$$, $a$;$$;$b$;$a$, a$b;`,
        `SELECT E'\\';', e'''', U&'\\';`,
        `CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2);`,
        `SELECT /* ; /* ; */ ; */ 1 -- ;\n + 2;`,
        `CREATE OR REPLACE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN a THEN 1 END; SELECT 2; END;`,
        `CREATE PROCEDURE p() LANGUAGE sql AS 'x';`,
        `BEGIN;`,
        `SELECT 1 AS "end";`,
        `;;`,
        `SELECT $1, 1e5, 'ä🐘';`,
      ].join('\n'),
    );
    assert.equal(open, null);
    assert.equal(statements.length, 10);
    assert.equal(statements[1], 'SELECT $$;$$, $a$;$$;$b$;$a$, a$b');
    assert.equal(statements[9], "SELECT $1, 1e5, 'ä🐘'");
  });

  it('follows backslashes in strings only where they escape', () => {
    const script = `SELECT '\\'; \\echo x';\n';\n`;
    assert.deepEqual(scanned(script).meta.length, 1);
    assert.deepEqual(scanned(script, { escapes: true }).meta, []);
  });

  it('lists psql commands with their lines, wherever they stand', () => {
    const { meta, statements, open } = scanned(
      [
        `\\restrict abc`,
        `SELECT '\\! no', "\\! no", $$\\! no$$ /* \\! no */ -- \\! no`,
        `  \\gexec`,
        `SELECT 1 \\! rm -rf ~`,
        `;`,
        `SELECT 1 \\; SELECT 2;`,
        `COPY t (a) FROM stdin;`,
        `\\\\! no`,
        `\\N`,
        `\\.`,
        `\\copy t from stdin`,
        `\\! data`,
        `\\.`,
        `\\connect "x"`,
      ].join('\n') + '\n',
    );
    assert.deepEqual(meta, [
      '1 \\restrict abc',
      '3 \\gexec',
      '4 \\! rm -rf ~',
      '11 \\copy t from stdin',
      '14 \\connect "x"',
    ]);
    assert.deepEqual(statements, [
      `SELECT '\\! no', "\\! no", $$\\! no$$ /* \\! no */ -- \\! no\n  `,
      'SELECT 1 \\! rm -rf ~\n',
      'SELECT 1 ',
      'SELECT 2',
      'COPY t (a) FROM stdin',
    ]);
    assert.equal(open, null);
  });

  it('counts rows of COPY up to the end line, with their columns', () => {
    const { copies, statements } = scanned(
      'COPY t (a, b) FROM stdin;\n1\tx\n2\t\\\\.\n\\N\t\\.x\n\\.\n\n' +
        'COPY "n;\n" (a) FROM stdin;\n\\.\nCOPY t (a, b) FROM stdin;\n1\n2\t3\n\\.\r\nSELECT 1;',
    );
    assert.deepEqual(copies, [
      { rows: 3, bytes: 4 + 6 + 7 + 3, misfit: 0, ended: true, line: 2 },
      { rows: 0, bytes: 3, misfit: 0, ended: true, line: 9 },
      { rows: 2, bytes: 6 + 4, misfit: 1, ended: true, line: 11 },
    ]);
    assert.equal(statements.at(-1), 'SELECT 1');
  });

  it('counts rows of INSERT', () => {
    const { tuples } = scanned(
      [
        `INSERT INTO t (a, b) VALUES (1, f(2)), ('(', ')');`,
        `INSERT INTO t VALUES (1) ON CONFLICT (a) DO UPDATE SET b = (2);`,
        `INSERT INTO t (a) OVERRIDING SYSTEM VALUE VALUES (1), (2), (3);`,
        `INSERT INTO t DEFAULT VALUES;`,
        `INSERT INTO t SELECT * FROM (VALUES (1), (2)) v;`,
      ].join('\n'),
    );
    assert.deepEqual(tuples, [2, 1, 3, 1, 0]);
  });

  it('knows prefixes of strings, also behind numbers and names', () => {
    const script = [
      `SELECT 1e'\\';`,
      `SELECT fooe'\\';`,
      `SELECT 1.5E'\\', 1_0x'\\';`,
      `SELECT b'1', X'\\', n'\\', U&'\\' UESCAPE '!', u&"a\\";`,
      `SELECT E'\\'', '\\';`,
      `SELECT a$b$c, $1$x$;$x$;`,
      `SELECT 1-2--;\n/3;`,
      `SELECT @/* ; */- 1;`,
      `SELECT :'x;', :"y;", :name::text;`,
    ];
    assert.deepEqual(
      scanned(script.join('\n')).statements,
      script.map((line) => line.slice(0, -1)),
    );
    // Without standard strings those of bits have no escapes either.
    assert.deepEqual(scanned(`SELECT b'\\', x'\\', '\\'';';`, { escapes: true }).statements.length, 1);
  });

  it('ends comments at carriage returns, and continues strings behind them', () => {
    assert.deepEqual(scanned('-- fine\r\\! no\n').meta, ['1 \\! no']);
    assert.deepEqual(scanned('-- fine\r\n\\! no\r\n').meta, ['2 \\! no']);
    // E'a' and 'b' are one string here, so its escapes go on; psql does not see that across line feeds.
    assert.deepEqual(scanned(`SELECT E'a' -- x\r 'b\\'';\\! no;';\n`).meta, [`1 \\! no;';`]);
    assert.deepEqual(scanned(`SELECT E'a'\n'b\\'';\\! no;';\n`).meta, []);
  });

  it('goes on with SQL behind a psql command, and reads rows from the next line on', () => {
    const { meta, statements, copies, open } = scanned(
      [
        `\\echo 'a\\\\' "\\\\" \\\\ SELECT 1; \\echo \\! x \\\\ y`,
        `SELECT 2 \\g`,
        `INSERT INTO t VALUES (1) \\bind 1 \\g | cat \\\\ no`,
        `SELECT 3 \\r`,
        `COPY t (a) FROM stdin; SELECT '`,
        `1`,
        `\\.`,
        `'; COPY t (a) FROM stdin; COPY u (a, b) FROM stdin; /*`,
        `2`,
        `\\.`,
        `3\t4`,
        `\\.`,
        `*/ SELECT 4; COPY t (a) FROM stdin \\; SELECT 5 \\g`,
        `6`,
        `\\.`,
        `SELECT 7`,
      ].join('\n'),
    );
    assert.deepEqual(meta, [
      `1 \\echo 'a\\\\' "\\\\"`,
      '1 \\echo',
      '1 \\! x \\\\ y',
      '2 \\g',
      '3 \\bind 1',
      '3 \\g | cat \\\\ no',
      '4 \\r',
      '13 \\g',
    ]);
    assert.deepEqual(statements, [
      'SELECT 1',
      'SELECT 2 ',
      'INSERT INTO t VALUES (1) \\bind 1 ',
      'COPY t (a) FROM stdin',
      "SELECT '\n1\n\\.\n'",
      'COPY t (a) FROM stdin',
      'COPY u (a, b) FROM stdin',
      'SELECT 4',
      'COPY t (a) FROM stdin ',
      'SELECT 5 ',
      'SELECT 7\n',
    ]);
    assert.equal(copies.length, 4);
    assert.equal(open, 'statement');
  });

  it('takes no trail byte of a character for a backslash, where encodings have such', () => {
    // ソ is 83 5C, 表 95 5C; 十 is 8F 5C: in names, strings, rows.
    const so = Buffer.from([0x83, 0x5c]);
    const text = (parts: (string | Buffer)[]): Buffer =>
      Buffer.concat(parts.map((part) => Buffer.from(part as string)));
    const script = text([
      'SELECT ',
      so,
      " AS x, E'",
      so,
      "', '",
      so,
      "';\nCOPY t (a, b) FROM stdin;\n",
      so,
      '\tx\n',
      so,
      '!\n\\.\nSELECT 2;\n',
    ]);
    const { statements, meta, copies, open } = scanned(script, { encoding: 'SJIS' });
    assert.equal(statements.length, 3);
    assert.deepEqual(
      [meta, open, copies],
      [[], null, [{ rows: 2, bytes: 12, misfit: 2, ended: true, line: 3 }]],
    );
    // In other encodings they are backslashes.
    assert.notDeepEqual(scanned(script, { encoding: 'LATIN1' }).statements.length, 3);
    // 81 30 81 5C would be a four-byte character of GB18030.
    const four = text(["SELECT E'", Buffer.from([0x81, 0x30, 0x81, 0x30]), Buffer.from([0x81, 0x5c]), "';"]);
    assert.equal(scanned(four, { encoding: 'GB18030' }).open, null);
  });

  it('says what is open at the end', () => {
    for (const [script, open] of [
      ['SELECT 1', 'statement'],
      ["SELECT '", 'quotes'],
      ['SELECT $a$ x $b$', 'quotes'],
      ['/* /* */', 'comment'],
      ['COPY t FROM stdin;\n1\n', 'copy'],
      ['COPY t FROM stdin;\n1\n\\.', null],
      ['-- done', null],
      ['', null],
    ] as const)
      assert.equal(scanned(script).open, open, script);
  });

  it('keeps its memory bounded', async () => {
    for (const start of ["SELECT '", '-- ', '/* ', 'SELECT $$', 'COPY t FROM stdin;\n', '\\echo ', 'xx']) {
      const texts: number[] = [];
      const scanner = new ScriptScanner({
        statement: ({ text }) => (texts.push(text.length), copyTarget(text) && { copyColumns: null }),
        comment: (text) => void texts.push(text.length),
        meta: (text) => void texts.push(text.length),
        copied: () => {},
      });
      scanner.push(Buffer.from(start));
      const pieces: WeakRef<ArrayBufferLike>[] = [];
      const largest = largestConcat(() => {
        for (let i = 0; i < 30; i++) {
          const piece = Buffer.alloc(1 << 20, 'x');
          pieces.push(new WeakRef(piece.buffer));
          scanner.push(piece);
        }
      });
      assert.ok((await countHeld(pieces)) <= 5, start);
      assert.ok(largest <= 3 << 20, start);
      scanner.push(Buffer.from("'*/$$\n\\.\n;\n"));
      scanner.end();
      for (const length of texts) assert.ok(length <= 1 << 20, start);
    }
  });
});
