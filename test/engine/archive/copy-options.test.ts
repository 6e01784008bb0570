import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { open, type Archive } from '../../../src/engine/archive';
import { useTempFolder } from '../../support/fixtures';
import { majors, startCluster, type Cluster } from '../../support/postgres';

/** Options that a server writes rows with, and reads them with. */
const WRITTEN = [
  '(FORMAT csv)',
  "(FORMAT csv, DELIMITER ';', HEADER)",
  "(FORMAT csv, DELIMITER E'\\t', QUOTE '''', ESCAPE E'\\\\', NULL 'none')",
  "(FORMAT csv, NULL 'NULL', HEADER true)",
  "(FORMAT csv, QUOTE '|', ESCAPE '|', DELIMITER '~')",
  "(DELIMITER '|')",
  "(FORMAT text, DELIMITER ',', NULL '')",
  "(NULL 'nichts')",
];

/** Options before 9.0, still taken. */
const OLD = [
  'CSV',
  'WITH CSV HEADER',
  "WITH DELIMITER AS ';' NULL AS '' CSV",
  "DELIMITER '|' NULL 'x'",
  "WITH DELIMITER ',' CSV QUOTE '\"' ESCAPE E'\\\\'",
];

/** Scripts by hand: what the statement says, and the rows. */
const BY_HAND: [string, string, string | Buffer][] = [
  ['values over several lines', '(FORMAT csv)', '1,"a\nb",\n2,"a ""b"" c",""\n3,x"y,z"x,NULL\n'],
  ['CRLF', 'WITH (FORMAT csv, HEADER)', 'id,t,u\r\n1,a,b\r\n2,"c\r\nd",\r\n'],
  ['quoted NULL', "(FORMAT csv, NULL 'n', FORCE_NULL (t))", '1,"n","n"\n2,n,n\n'],
  ['bare NULL that is none', '(FORMAT csv, FORCE_NOT_NULL (t))', '1,,\n2,"",""\n'],
  ['FORCE in the old form', 'WITH CSV FORCE NOT NULL t, u', '1,,\n2,"",""\n'],
  ['backslashes of CSV', '(FORMAT csv)', '1,C:\\new\\table,\\N\n2,\\\\,"\\."\n'],
  [
    'escapes of text',
    "(DELIMITER '|', NULL '')",
    '1|a\\|b|\\N\n2|\\x41\\101\\n|x\\\ty\n3||\\\\N\n4|a\\ä|b\n',
  ],
  ['a raw tab in text', "(DELIMITER ',')", '1,a\tb,\\N\n2,a\\\\b,c\\,d\n'],
  ['NULL that others begin with', "(FORMAT csv, NULL 'NULL')", '1,NUL,NULLS\n2,NULL,"NULL"\n3,NU,L\n'],
  ['another encoding', "(FORMAT csv, ENCODING 'latin1')", Buffer.from('1,"é",ü\n', 'latin1')],
  // The second byte of ポ is the delimiter, that of 表 a backslash.
  [
    'characters that hold delimiters',
    "(DELIMITER '|', ENCODING 'sjis')",
    Buffer.from('1|\x83\x7c|\x95\x5cn\n', 'latin1'),
  ],
];

for (const major of majors)
  describe(`COPY with options in scripts, against PostgreSQL ${major}`, () => {
    let cluster: Cluster;
    const folder = useTempFolder();

    before(async () => {
      cluster = await startCluster(major);
      await cluster.sql('CREATE DATABASE hand');
      await cluster.sql(
        `CREATE TABLE full_of (id int, t text, u text);
         INSERT INTO full_of SELECT n, v, w FROM
           (VALUES (''), (NULL), ('none'), ('NULL'), ('nichts'), ('a,b;c|d~e'), ('"'), (''''), ('a"b''c'), (E'\\\\'),
                   (E'\\\\N'), (E'\\\\.'), (E'a\\tb'), (E'a\\nb'), (E'a\\rb\\r\\n'), (E'\\b\\f\\v'), (' x '), ('|"|'),
                   (E'C:\\\\new'), ('n')) AS a (v),
           (VALUES ('x'), (NULL), (''), (E'"\\n";')) AS b (w), generate_series(1, 2) n`,
        'hand',
      );
    });
    after(async () => await cluster?.stop());

    const path = (): string => join(folder(), 'dump.sql');

    /** A table's rows as the script has them. */
    async function rowsIn(dump: Archive): Promise<string> {
      const entry = dump.contents.entries.find(({ kind }) => kind === 'TABLE DATA')!;
      const values: (string | null)[][] = [];
      for await (const row of dump.rows(entry.id)) values.push(row.values);
      assert.equal(await dump.count(entry.id), values.length);
      // Going back, too.
      for await (const row of dump.rows(entry.id, { from: values.length - 1 }))
        assert.deepEqual(row.values, values.at(-1));
      const parts: Buffer[] = [];
      for await (const part of dump.exportRows(entry.id, { format: 'tsv' })) parts.push(part);
      return Buffer.concat(parts).toString();
    }

    async function copyOut(table: string, options = ''): Promise<string> {
      // psql adds the line feed of the last row.
      return await cluster.sql(`COPY ${table} TO stdout ${options}`, 'hand');
    }

    /** What a script makes of the table `hand`: by psql and by us, also compressed. */
    async function agree(options: string, rows: string | Buffer): Promise<void> {
      const head = `SET client_encoding = 'UTF8';\nCREATE TABLE hand (id int, t text, u text);\n`;
      const copy = `COPY hand (id, t, u) FROM stdin ${options};\n`;
      const end = `\\.${rows.toString('latin1').endsWith('\r\n') ? '\r\n' : '\n'}`;
      const script = Buffer.concat([head + copy, rows, end, 'SELECT 1;\n'].map((part) => Buffer.from(part)));
      await writeFile(path(), script);
      await cluster.sql('DROP TABLE IF EXISTS hand', 'hand');
      await cluster.load(path(), 'hand');
      const expected = await copyOut('hand');
      assert.notEqual(expected, '');
      for (const packed of [script, gzipSync(script)]) {
        await writeFile(path(), packed);
        await using dump = await open(path());
        assert.deepEqual(dump.contents.faults, []);
        assert.equal(await rowsIn(dump), `${expected}\n`);
      }
    }

    for (const options of [...WRITTEN, ...OLD])
      it(`as a server writes it: ${options}`, async () => {
        await agree(options, `${await copyOut('full_of', options)}\n`);
      });

    for (const [what, options, rows] of BY_HAND)
      it(`by hand: ${what}`, async () => await agree(options, rows));
  });
