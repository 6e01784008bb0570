import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ScriptScanner } from '../../../src/engine/archive/sql/scanner';
import { copyTarget } from '../../../src/engine/archive/rows/columns';
import { fixture, useTempFolder } from '../../support/fixtures';
import { majors, startCluster, type Cluster } from '../../support/postgres';

const run = promisify(execFile);

/** Scripts whose statements end at unexpected places. None of them says anything about the database. */
const HOSTILE = [
  `SELECT ';''', ";""" FROM (SELECT 1 AS ";""") t;\nSELECT 2;`,
  `SELECT E'\\';', '\\';SELECT 2;`,
  `SELECT E'a'\n'b\\';SELECT 3;--';\nSELECT 4;`,
  `SELECT $$;$$, $a$;$$;$b$;$a$;SELECT 2;`,
  `CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT CASE WHEN a > 1 THEN 2 END; SELECT 3; END;SELECT 5;`,
  `CREATE TABLE r (a int);CREATE RULE x AS ON DELETE TO r DO ALSO (SELECT 1; SELECT 2);SELECT 6;`,
  `SELECT /* ; /* ; */ ; */ 1 -- ;\n + 2;SELECT 7;`,
  `SELECT 1+--;\n2;SELECT 8;`,
  `SELECT b'1', X'ff', N'x', U&'\\0041;' ;SELECT 9;`,
  `SELECT 1 \\; SELECT 2;SELECT 10;`,
  `SELECT 1 AS x \\gset\nSELECT 2 \\g\nSELECT 3;\\echo a; \\\\ SELECT 4;`,
  `SELECT 1 AS "a\r;b";-- x\rSELECT 2;\r\nSELECT 3;`,
  `SET standard_conforming_strings = off;SELECT '\\';SELECT 1;\nSELECT '\\';';\nSET standard_conforming_strings = on;\nSELECT '\\';`,
  `CREATE TEMP TABLE c (a int);COPY c FROM stdin;SELECT '\n1\n2\n\\.\n;';SELECT 11;`,
  `SELECT 1;SELECT ARRAY[(1), (2)];;;SELECT (';');\n`,
];

describe('borders of statements, as psql sees them', () => {
  let cluster: Cluster;
  const folder = useTempFolder();

  before(async () => {
    cluster = await startCluster(majors.at(-1)!);
  });
  after(async () => await cluster?.stop());

  /** What psql sends, without comments and blanks around: psql leaves some of them out. */
  const squeeze = (text: string): string => text.replace(/--[^\n\r]*/g, '').replace(/\s+/g, '');

  async function sent(file: string, database: string): Promise<string[]> {
    const args = ['-X', '-a', '-q', '-h', cluster.socketDir, '-p', String(cluster.port), '-U', 'postgres'];
    const log = join(folder(), 'log');
    // The session log has each query psql sent, between lines of its own.
    const { env } = process;
    await run(
      join(cluster.bin, 'psql'),
      [...args, '-d', database, '-L', log, '-o', '/dev/null', '-f', file],
      { env, maxBuffer: 1 << 28 },
    );
    const text = await readFile(log, 'utf8');
    return [...text.matchAll(/^(?:\/\*+ QUERY \*+\/|\*+ QUERY \*+)\n([\s\S]*?)\n(?:\/\*+\/|\*{20,})$/gm)].map(
      (match) => squeeze(match[1]!),
    );
  }

  function scanned(script: Buffer): string[] {
    const statements: string[] = [];
    const scanner = new ScriptScanner({
      statement({ text }) {
        statements.push(text);
        if (/^SET standard_conforming_strings = off$/.test(text)) scanner.setEscapes(true);
        if (/^SET standard_conforming_strings = on$/.test(text)) scanner.setEscapes(false);
        return copyTarget(text) && { copyColumns: null };
      },
      comment: () => {},
      meta: () => {},
      copied: () => {},
    });
    scanner.push(script);
    scanner.end();
    // Rows that lie inside of a statement are kept with its text.
    return statements.map((text) => squeeze(text.replace('1\n2\n\\.\n', '')));
  }

  /** psql sends statements joined by `\;` as one, with their semicolons, and empty ones, too. */
  const apart = (queries: string[]): string =>
    queries
      .map((query) => query.replace(/;$/, ''))
      .filter(Boolean)
      .join('\n');

  for (const [i, script] of HOSTILE.entries())
    it(`in hostile script ${i + 1}`, async () => {
      const file = join(folder(), 'script.sql');
      await writeFile(file, script);
      await cluster.sql(`create database h${i}`);
      const expected = await sent(file, `h${i}`);
      const found = scanned(Buffer.from(script));
      const joined = script.includes('\\;');
      assert.equal(
        joined ? apart(found).replaceAll('\n', ';') : apart(found),
        joined ? apart(expected).replaceAll('\n', ';') : apart(expected),
      );
    });

  for (const name of ['pagila', 'chinook'])
    it(`in ${name}.sql`, async () => {
      await cluster.sql(`create database ${name}`);
      const expected = await sent(fixture(`samples/${name}.sql`), name);
      assert.ok(expected.length > 50);
      assert.equal(apart(scanned(await readFile(fixture(`samples/${name}.sql`)))), apart(expected));
    });
});
