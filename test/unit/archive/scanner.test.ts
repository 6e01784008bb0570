import assert from 'node:assert/strict';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { ScriptScanner, type Statement } from '../../../src/engine/archive/sql/scanner';
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

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

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

/** Scans in pieces of a size: every size must give the same. */
function scan(script: string, size = 1 << 20, escapes = false): Seen {
  const seen: Seen = {
    statements: [],
    comments: [],
    meta: [],
    copies: [],
    tuples: [],
    lines: [],
    open: null,
  };
  const scanner = new ScriptScanner({
    statement({ text, tuples, line }: Statement) {
      seen.statements.push(text);
      seen.tuples.push(tuples);
      seen.lines.push(line);
      const target = copyTarget(text);
      return target && { copyColumns: target.columns?.length ?? null };
    },
    comment: (text) => void seen.comments.push(text),
    meta: (text, line) => void seen.meta.push(`${line} ${text}`),
    copied: ({ rows, bytes, misfit, ended }, line) =>
      void seen.copies.push({ rows, bytes, misfit, ended, line }),
  });
  scanner.backslashEscapes = escapes;
  const bytes = Buffer.from(script);
  for (let at = 0; at < bytes.length; at += size) scanner.push(bytes.subarray(at, at + size));
  seen.open = scanner.end();
  return seen;
}

function scanned(script: string, escapes = false): Seen {
  const whole = scan(script, 1 << 20, escapes);
  for (const size of [1, 2, 3, 7, 16])
    assert.deepEqual(scan(script, size, escapes), whole, `pieces of ${size}`);
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
    assert.deepEqual(scanned(script, true).meta, []);
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
      'SELECT 1 \\! rm -rf ~\n',
      'SELECT 1 \\; SELECT 2',
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
      { rows: 3, bytes: 4 + 6 + 7, misfit: 0, ended: true, line: 2 },
      { rows: 0, bytes: 0, misfit: 0, ended: true, line: 9 },
      { rows: 2, bytes: 6, misfit: 1, ended: true, line: 11 },
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
