import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { countRows, openUnwrapped, readContents } from '../../../src/engine/archive';
import { entryComment } from '../../../src/engine/archive/sql/entry-comment';
import { connectedDatabase, isOwnMeta } from '../../../src/engine/archive/sql/meta';
import { fixture, useTempFolder } from '../../support/fixtures';

describe('contents of scripts', () => {
  const folder = useTempFolder();
  const put = async (text: string | Buffer): Promise<string> => {
    const path = join(folder(), 'x');
    await writeFile(path, text);
    return path;
  };
  const contentsOf = async (text: string) => await readContents(await put(text));

  it('are found in hand-written SQL without any of pg_dump’s comments', async () => {
    const { entries, faults } = await contentsOf(`
      SET search_path = app;
      CREATE SCHEMA IF NOT EXISTS app;
      create unlogged table app."My Table" (id int primary key, t text default ';');
      INSERT INTO app."My Table" (id) VALUES (1), (2);
      INSERT INTO app."My Table" (id) VALUES (3);
      INSERT INTO other VALUES (1);
      CREATE UNIQUE INDEX CONCURRENTLY i ON ONLY app."My Table" (t);
      CREATE OR REPLACE FUNCTION app.f(a int, b text = 'x;') RETURNS int AS $$ begin return 1; end $$ LANGUAGE plpgsql;
      CREATE TRIGGER tr BEFORE INSERT ON app."My Table" EXECUTE FUNCTION app.f();
      ALTER TABLE ONLY app."My Table" ADD CONSTRAINT c FOREIGN KEY (id) REFERENCES other (id);
      COMMENT ON TABLE app."My Table" IS 'COMMENT ON';
      GRANT SELECT ON app."My Table" TO PUBLIC;
      SELECT pg_catalog.setval('app.s', 7, true);
      CREATE MATERIALIZED VIEW app.mv AS SELECT 1;
      REFRESH MATERIALIZED VIEW app.mv;
      CREATE ROLE me; CREATE USER "you";
      DROP TABLE gone;
      COPY app.rows (a) FROM stdin;
1
2
\\.
    `);
    assert.deepEqual(faults, []);
    assert.deepEqual(
      entries.map(({ kind, schema, name, section }) => `${kind} | ${schema} | ${name} | ${section}`),
      [
        'SCHEMA | null | app | pre-data',
        'TABLE | app | My Table | pre-data',
        'TABLE DATA | app | My Table | data',
        'TABLE DATA | null | other | data',
        'INDEX | app | i | post-data',
        'FUNCTION | app | f(int, text) | pre-data',
        'TRIGGER | app | My Table tr | post-data',
        'FK CONSTRAINT | app | My Table c | post-data',
        'COMMENT | app | TABLE "My Table" | none',
        'ACL | app | TABLE "My Table" | none',
        'SEQUENCE SET | app | s | data',
        'MATERIALIZED VIEW | app | mv | pre-data',
        'MATERIALIZED VIEW DATA | app | mv | post-data',
        'ROLE | null | me | pre-data',
        'ROLE | null | you | pre-data',
        'TABLE DATA | app | rows | data',
        'DROP TABLE | null | gone | pre-data',
      ],
    );
    assert.deepEqual((await countRows(join(folder(), 'x'))).tables, [
      { schema: 'app', name: 'My Table', rows: 3 },
      { schema: '', name: 'other', rows: 1 },
      { schema: 'app', name: 'rows', rows: 2 },
    ]);
  });

  it('keep apart what was added to a dump by hand', async () => {
    const { entries } = await contentsOf(
      [
        '--\n-- PostgreSQL database dump\n--\n',
        '-- Started on 2026-11-20 10:11:12 UTC\n',
        '--\n-- Name: t; Type: TABLE; Schema: public; Owner: me\n--\n',
        'CREATE TABLE public.t (a int);',
        'ALTER TABLE public.t OWNER TO me;',
        'CREATE TABLE public.added (a int);',
        '--\n-- PostgreSQL database dump complete\n--\n',
      ].join('\n'),
    );
    assert.deepEqual(
      entries.map(({ name, owner, definition }) => [name, owner, definition]),
      [
        ['t', 'me', 'CREATE TABLE public.t (a int);\n'],
        ['added', null, 'CREATE TABLE public.added (a int);\n'],
      ],
    );
  });

  it('tell when and by what the dump was made', async () => {
    const { createdAt, source } = await contentsOf(
      '--\n-- PostgreSQL database dump\n--\n-- Dumped from database version 16.1\n' +
        '-- Dumped by pg_dump version 17.5\n-- Started on 2026-11-20 10:11:12 UTC\n' +
        '\\connect shop\n-- PostgreSQL database dump complete\n',
    );
    assert.equal(createdAt, '2026-11-20T10:11:12Z');
    assert.deepEqual(source, { database: 'shop', serverVersion: '16.1', toolVersion: '17.5' });
  });

  it('list psql commands, also those that only look like rows or depend on how strings are read', async () => {
    const hidden = await contentsOf('COPY t (a) FROM stdin;\nfine\\\\!\\N\\t\n\\! touch x\n\\.\nSELECT 1;\n');
    assert.deepEqual(
      hidden.metaCommands.map(({ line, own }) => [line, own]),
      [[3, false]],
    );
    const off = await contentsOf("SET standard_conforming_strings = off;\nSELECT '\\'; \n\\! x\n';\n");
    assert.deepEqual(off.metaCommands, []);
    const sly = await contentsOf(
      "SELECT set_config('standard_conforming_strings', 'off', false);\nSELECT '\\';\n\\! one\n--';\n\\! two\n",
    );
    assert.deepEqual(
      sly.metaCommands.map(({ line }) => line),
      [3, 5],
    );
    const slyer = await contentsOf(
      "SELECT set_config('standard_conforming_strings', 'off', false);\nSELECT '\\'';\n\\! one\n--';\nSELECT ' ';\n",
    );
    assert.deepEqual(
      slyer.metaCommands.map(({ line }) => line),
      [3],
    );
  });

  it('follow the setting of strings also where an INSERT or a long statement changes it', async () => {
    for (const statement of [
      "INSERT INTO t VALUES (set_config('standard_conforming_' || 'strings', 'off', false));",
      `SELECT '${'x'.repeat(20_000)}', set_config('standard_conforming_strings', 'off', false);`,
      'ALTER ROLE me SET standard_conforming_strings = off;',
    ]) {
      const { metaCommands } = await contentsOf(`${statement}\nSELECT '\\'';\n\\! one\n--';\nSELECT ' ';\n`);
      assert.deepEqual(
        metaCommands.map(({ line }) => line),
        [3],
      );
    }
  });

  it('are the same through every wrapper', async () => {
    const text = await readFile(fixture('samples/chinook.sql'), 'utf8');
    const plain = await readContents(fixture('samples/chinook.sql'));
    const utf16 = Buffer.from('\uFEFF' + text.replaceAll('\n', '\r\n'), 'utf16le');
    for (const [bytes, wrapper] of [
      [gzipSync(text), 'gzip'],
      [Buffer.concat([gzipSync(text.slice(0, 1000)), gzipSync(text.slice(1000))]), 'gzip'],
      [utf16, 'utf16'],
    ] as const) {
      const path = await put(bytes);
      const contents = await readContents(path);
      assert.equal(contents.wrapper, wrapper);
      assert.deepEqual(
        contents.entries.map(({ kind, name }) => [kind, name]),
        plain.entries.map(({ kind, name }) => [kind, name]),
      );
      assert.deepEqual(
        (await countRows(path)).tables,
        (await countRows(fixture('samples/chinook.sql'))).tables,
      );
    }
    const { stream, wrapper } = await openUnwrapped(await put(utf16));
    assert.equal(wrapper, 'utf16');
    const parts: Buffer[] = [];
    for await (const part of stream) parts.push(part as Buffer);
    assert.equal(Buffer.concat(parts).toString(), text.replaceAll('\n', '\r\n'));
  });

  it('stop when cancelled', async () => {
    const options = { signal: AbortSignal.abort() };
    await assert.rejects(readContents(fixture('samples/chinook.sql'), options), { name: 'CancelledError' });
    const later = new AbortController();
    const counting = countRows(fixture('dumps/pg19-gzip.dump'), {
      signal: later.signal,
      onProgress: () => later.abort(),
    });
    await assert.rejects(counting, { name: 'CancelledError' });
  });

  it('report progress up to the whole', async () => {
    for (const name of ['samples/pagila.sql', 'dumps/pg19-gzip.dump']) {
      const seen: number[] = [];
      await countRows(fixture(name), { onProgress: (fraction) => void seen.push(fraction) });
      assert.ok(seen.length > 2);
      assert.deepEqual(
        seen,
        [...seen].sort((a, b) => a - b),
      );
      assert.ok(seen.at(-1)! > 0.99 && seen.at(-1)! <= 1, name);
    }
  });
});

describe('comments of pg_dump', () => {
  it('are split from the right', () => {
    assert.deepEqual(entryComment(' Name: a; Type: b; Type: TABLE; Schema: s; Owner: o; Tablespace: ts'), {
      kind: 'TABLE',
      schema: 's',
      name: 'a; Type: b',
      owner: 'o',
      tablespace: 'ts',
    });
    assert.deepEqual(entryComment(' Data for Name: t; Type: TABLE DATA; Schema: -; Owner: -'), {
      kind: 'TABLE DATA',
      schema: null,
      name: 't',
      owner: null,
    });
    for (const other of [' Name: x', 'Name: a; Type: b; Schema: c; Owner: d', ' Roles'])
      assert.equal(entryComment(other), null);
  });
});

describe('psql commands of pg_dump', () => {
  it('are known by their exact form', () => {
    for (const own of [
      '\\restrict abcXYZ019',
      '\\unrestrict abc',
      '\\unrestrict (null)',
      '\\encoding SQL_ASCII',
      '\\connect shop',
      `\\connect -reuse-previous=on "dbname='My Db'"`,
      `\\connect -reuse-previous=on "dbname='a\\'b\\\\c""d'"`,
    ])
      assert.ok(isOwnMeta(own), own);
    for (const foreign of [
      '\\! rm -rf ~',
      '\\restrict `id`',
      '\\connect `id`',
      '\\connect shop postgres evil.example.com',
      '\\connect "dbname=x host=evil.example.com"',
      `\\connect -reuse-previous=on "dbname='x' host='evil.example.com'"`,
      '\\connect shop \\! id',
      '\\connect :x',
      '\\encoding UTF8 \\! id',
      '\\i other.sql',
    ])
      assert.ok(!isOwnMeta(foreign), foreign);
    assert.equal(connectedDatabase(`\\connect -reuse-previous=on "dbname='a\\'b""c'"`), `a'b"c`);
  });
});
