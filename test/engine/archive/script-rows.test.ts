import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { open, type Archive } from '../../../src/engine/archive';
import { useTempFolder } from '../../support/fixtures';
import { majors, startCluster, type Cluster } from '../../support/postgres';
import { seededRandom } from '../../support/random';

const run = promisify(execFile);

const TABLES = `CREATE TABLE a (id int, t text);
CREATE SCHEMA s;
CREATE TABLE s.a (id int, t text DEFAULT 'fallback');
CREATE TABLE "b ""(;" (id int, t text);
CREATE FUNCTION f() RETURNS void LANGUAGE sql BEGIN ATOMIC INSERT INTO a VALUES (-1, 'never'); END;
`;
const NAMES = ['a', 's.a', '"b ""(;"'];
const VALUES = [
  "'x'",
  "'it''s (a), b; '",
  'NULL',
  "''",
  "E'a\\'b\\\\;'",
  '$$;)$$',
  '$q$ $$ INSERT INTO a VALUES (0); $q$',
  "'--'",
  "'/*'",
  "'ä\n\\.\nINSERT INTO a VALUES (7, 7);\n'",
];

/** Rows of three tables in every way a script can tell them, and other things between. */
function mixedScript(seed: number, statements: number): string {
  const random = seededRandom(seed);
  const below = (n: number): number => Math.floor(random() * n);
  const pick = <T>(list: readonly T[]): T => list[below(list.length)]!;
  let id = 0;
  const tuple = (): string => `(${id++}, ${pick(VALUES)})`;
  const kinds: (() => string)[] = [
    () => `INSERT INTO ${pick(NAMES)} VALUES ${tuple()};\n`,
    () => `insert into ${pick(NAMES)} values ${tuple()}; INSERT INTO ${pick(NAMES)} VALUES ${tuple()};\n`,
    () => `INSERT INTO ${pick(NAMES)} (t, id) VALUES ('x;', ${id++}) /* ; */ , (NULL, ${id++}) -- ;\n;\n`,
    () =>
      `INSERT INTO ${pick(NAMES)} VALUES ${Array.from({ length: 1 + below(30) }, tuple).join(',\n')} ON CONFLICT DO NOTHING;\n`,
    () => `INSERT INTO ${pick(NAMES)} VALUES ${tuple()}\\g\n`,
    () => `INSERT INTO ${pick(NAMES)} VALUES ${tuple()} \\; INSERT INTO ${pick(NAMES)} VALUES ${tuple()};\n`,
    () => `-- INSERT INTO a VALUES (0, 'no');\n/* INSERT INTO a VALUES (0, 'no'); */\n`,
    () => `COPY ${pick(NAMES)} FROM stdin;\n${id++}\tINSERT INTO a VALUES (1);\n${id++}\t\\N\n\\.\n`,
    () =>
      `COPY a (t, id) FROM stdin; INSERT INTO s.a VALUES (${id++}, 'y'); INSERT INTO a VALUES (${id++}, 'y');\nx';\t${id++}\n\\.\n`,
    () => `\\copy ${pick(NAMES)} from stdin\n${id++}\t';\n\\.\n`,
    () => `UPDATE a SET t = 'INSERT INTO a VALUES (1);' WHERE false;\n`,
    () => `DO $$BEGIN IF false THEN INSERT INTO a VALUES (1, 'no'); END IF; END$$;\n`,
    () => `SELECT 1 AS x \\gset\n\\echo 'INSERT INTO a VALUES (1);'\n`,
  ];
  let script = TABLES;
  for (let i = 0; i < statements; i++) script += pick(below(3) ? kinds.slice(0, 4) : kinds)();
  return script;
}

describe('rows that lie scattered in a script', () => {
  let cluster: Cluster;
  const folder = useTempFolder();

  before(async () => {
    cluster = await startCluster(majors.at(-1)!);
  });
  after(async () => await cluster?.stop());

  async function psql(database: string, ...args: string[]): Promise<string> {
    const server = ['-h', cluster.socketDir, '-p', String(cluster.port), '-U', 'postgres', '-d', database];
    const { stdout } = await run(
      join(cluster.bin, 'psql'),
      ['-X', '-q', '-v', 'ON_ERROR_STOP=1', ...server, ...args],
      { maxBuffer: 1 << 28 },
    );
    return stdout;
  }

  async function rowsIn(archive: Archive, schema: string | null, name: string): Promise<string[]> {
    const lines: string[] = [];
    for (const { id, ...entry } of archive.contents.entries) {
      if (entry.kind !== 'TABLE DATA' || entry.schema !== schema || entry.name !== name) continue;
      const parts: Buffer[] = [];
      for await (const part of archive.exportRows(id, { format: 'tsv' })) parts.push(part);
      const exported = Buffer.concat(parts).toString().split('\n').slice(0, -1);
      assert.equal(await archive.count(id), exported.length);
      // From any row on, and found by what is in it.
      for (const from of [0, exported.length >> 1, exported.length - 1]) {
        const got: (string | null)[] = [];
        for await (const row of archive.rows(id, { from, limit: 3 })) {
          assert.equal(row.at, from + got.length);
          got.push(row.values[archive.columns(id).findIndex((column) => column.name === 'id')]!);
        }
        const at = archive.columns(id).findIndex((column) => column.name === 'id');
        assert.deepEqual(
          got,
          exported.slice(from, from + 3).map((line) => line.split('\t')[at]),
        );
        const found: number[] = [];
        for await (const { row } of archive.search(id, { text: got[0]!, wholeValue: true }))
          found.push(row.at);
        assert.ok(found.includes(from));
      }
      for (const line of exported) {
        const values = line.split('\t');
        lines.push(archive.columns(id)[0]!.name === 'id' ? line : `${values[1]}\t${values[0]}`);
      }
    }
    return lines.sort();
  }

  async function compare(name: string, script: string, path: string): Promise<void> {
    await cluster.sql(`create database ${name}`);
    const plain = join(folder(), `${name}.sql`);
    await writeFile(plain, script);
    if (path !== plain) await writeFile(path, gzipSync(script));
    await psql(name, '-f', plain);
    await using archive = await open(path);
    for (const table of NAMES) {
      const expected = await psql(name, '-c', `COPY ${table} TO stdout`);
      const [schema, own] =
        table === 's.a' ? ['s', 'a'] : [null, table.replace(/^"|"$/g, '').replace('""', '"')];
      assert.deepEqual(await rowsIn(archive, schema!, own!), expected.split('\n').slice(0, -1).sort(), table);
    }
  }

  for (let seed = 1; seed <= 6; seed++)
    it(`are exactly the table's own (seed ${seed})`, async () => {
      await compare(`m${seed}`, mixedScript(seed, 300), join(folder(), `m${seed}.sql`));
    });

  it('are its own, too, when there are more statements than places are kept', async () => {
    await compare('many', mixedScript(7, 15_000), join(folder(), 'many.sql'));
  });

  it('are its own, too, in a compressed script', async () => {
    await compare('packed', mixedScript(8, 2000), join(folder(), 'packed.sql.gz'));
  });
});
