import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { loadSample, runTool } from '../../support/databases';
import { conninfo, startCluster, type Cluster } from '../../support/postgres';
import { newUser, type ErrorDocument, type User } from './support';

interface RowsDocument {
  columns: string[];
  types: (string | null)[];
  offset: number;
  total: number | null;
  rows: (string | null)[][];
  numbers?: number[];
}

// Dumps are made by pg_dump, as a colleague would send them; from here on nobody needs PostgreSQL.
describe('reading dumps on the command line', function () {
  this.timeout(120_000);
  let cluster: Cluster;
  let user: User;
  const dumps: Record<string, string> = {};

  before(async () => {
    cluster = await startCluster(17);
    user = await newUser();
    await loadSample(cluster, 'chinook');
    await cluster.sql(
      `create schema "odd one"; create table "odd one"."a ""b"" c" (id int primary key, note text);
       insert into "odd one"."a ""b"" c" values (1, null), (2, ''), (3, 'NULL'), (4, E'tab\\there'), (5, 'naïve 🙂');
       create table numbers as select i as id, 'row ' || i as note from generate_series(1, 50000) i;
       select lo_from_bytea(4000000000, '\\x00ff10');`,
      'chinook',
    );
    for (const [name, words] of Object.entries({
      custom: ['-Fc'],
      zstd: ['-Fc', '-Zzstd'],
      directory: ['-Fd', '-Zlz4'],
      tar: ['-Ft'],
      plain: ['-Fp'],
      inserts: ['-Fp', '--inserts'],
    })) {
      dumps[name] = join(user.home, name);
      await runTool(cluster, 17, 'pg_dump', [...words, '-f', dumps[name], '-d', conninfo('chinook')]);
    }
  });
  after(async () => {
    await user?.remove();
    await cluster?.stop();
  });

  const rowsOf = async (format: string, ...args: string[]): Promise<RowsDocument> => {
    const { code, document, stderr } = await user.json<RowsDocument>(['inspect', dumps[format]!, ...args]);
    assert.equal(code, 0, stderr);
    return document;
  };

  for (const format of ['custom', 'zstd', 'directory', 'tar', 'plain', 'inserts']) {
    it(`shows rows of a table: ${format}`, async () => {
      const odd = await rowsOf(format, '--table', 'odd one.a "b" c');
      assert.deepEqual(odd.columns, ['id', 'note']);
      assert.deepEqual(odd.types, ['integer', 'text']);
      assert.deepEqual(odd.rows, [
        ['1', null],
        ['2', ''],
        ['3', 'NULL'],
        ['4', 'tab\there'],
        ['5', 'naïve 🙂'],
      ]);
      const page = await rowsOf(format, '--table', 'public.numbers', '--rows', '2', '--offset', '40000');
      assert.deepEqual(page.rows, [
        ['40001', 'row 40001'],
        ['40002', 'row 40002'],
      ]);
      assert.equal(page.total, null);
      const end = await rowsOf(format, '--table', 'public.numbers', '--rows', '9', '--offset', '49999');
      assert.deepEqual([end.rows, end.total], [[['50000', 'row 50000']], 50000]);
    });

    it(`counts every table: ${format}`, async () => {
      const { document } = await user.json<{ tables: { schema: string; name: string; rows: number }[] }>([
        'inspect',
        dumps[format]!,
        '--count',
      ]);
      const rows = new Map(document.tables.map((table) => [`${table.schema}.${table.name}`, table.rows]));
      assert.deepEqual([rows.get('public.numbers'), rows.get('odd one.a "b" c')], [50000, 5]);
    });

    it(`exports what psql would copy out: ${format}`, async () => {
      const file = join(user.home, `${format}.csv`);
      const { code, document, stderr } = await user.json<{ rows: number; bytes: number }>([
        'export',
        dumps[format]!,
        '--table',
        'odd one.a "b" c',
        '--to',
        file,
      ]);
      assert.equal(code, 0, stderr);
      await cluster.sql(
        `copy "odd one"."a ""b"" c" to '${join(cluster.socketDir, 'copy.csv')}' with (format csv, header)`,
        'chinook',
      );
      const expected = await readFile(join(cluster.socketDir, 'copy.csv'));
      assert.equal(await readFile(file, 'utf8'), expected.toString('utf8'));
      assert.deepEqual([document.rows, document.bytes], [5, expected.length]);
    });
  }

  it('finds rows by what is in them, in one column or all', async () => {
    const found = await rowsOf('zstd', '--table', 'public.numbers', '--find', 'ROW 4999', '--rows', '3');
    assert.deepEqual(found.rows, [
      ['4999', 'row 4999'],
      ['49990', 'row 49990'],
      ['49991', 'row 49991'],
    ]);
    assert.deepEqual(found.numbers, [4998, 49989, 49990]);
    const one = await rowsOf(
      'zstd',
      ...['--table', 'public.numbers', '--find', '^4999$', '--regex', '--column', 'id'],
    );
    assert.deepEqual(one.rows, [['4999', 'row 4999']]);
  });

  it('streams an export to a reader that stops early', async () => {
    const child = spawn(process.execPath, [
      resolve('dist/cli.js'),
      ...['export', dumps.plain!, '--table', 'public.numbers', '--format', 'tsv'],
    ]);
    const [first] = (await once(child.stdout, 'data')) as [Buffer];
    assert.match(first.toString(), /^1\trow 1\n2\trow 2\n/);
    child.stdout.destroy();
    const [code] = (await once(child, 'close')) as [number];
    assert.equal(code, 0);
  });

  it('lists large objects and writes one out', async () => {
    const { document } = await user.json<{ largeObjects: { oid: number }[] }>([
      'inspect',
      dumps.custom!,
      '--large-objects',
    ]);
    assert.deepEqual(
      document.largeObjects.map(({ oid }) => oid),
      [4000000000],
    );
    for (const format of ['custom', 'directory', 'tar']) {
      const file = join(user.home, `${format}.object`);
      const words = ['export', dumps[format]!, '--large-object', '4000000000', '--to', file];
      assert.equal((await user.run(words)).code, 0);
      assert.deepEqual(await readFile(file), Buffer.from([0, 255, 16]));
    }
  });

  it('prints a table a person can read', async () => {
    const { stdout } = await user.run(['inspect', dumps.custom!, '--table', 'odd one.a "b" c']);
    assert.deepEqual(stdout.trimEnd().split('\n'), [
      'row  id  note',
      '  0  1   NULL',
      "  1  2   ''",
      "  2  3   'NULL'",
      '  3  4   tab\\there',
      '  4  5   naïve 🙂',
      '',
      '5 rows',
    ]);
  });

  it('replaces no file unasked and leaves nothing half written', async () => {
    const file = join(user.home, 'there.csv');
    await writeFile(file, 'mine');
    const words = ['export', dumps.custom!, '--table', 'public.numbers', '--to', file];
    const refused = await user.json<ErrorDocument>(words);
    assert.deepEqual([refused.code, refused.document.error.code], [1, 'export.exists']);
    assert.equal(await readFile(file, 'utf8'), 'mine');
    assert.equal((await user.run([...words, '--force', '--format', 'jsonl'])).code, 0);
    assert.match(await readFile(file, 'utf8'), /^\{"id":1,"note":"row 1"\}\n/);
    assert.ok(!(await readdir(user.home)).some((name) => name.endsWith('.partial')));
  });

  it('salvages a dump that was cut', async () => {
    const cut = join(user.home, 'cut');
    const whole = await readFile(dumps.custom!);
    await writeFile(cut, whole.subarray(0, Math.floor(whole.length * 0.7)));
    assert.equal((await user.run(['verify', cut])).code, 1);
    const { code, document } = await user.json<{ tables: { state: string }[]; files: string[] }>([
      ...['salvage', cut, '--to', join(user.home, 'saved.sql')],
    ]);
    assert.equal(code, 0);
    const states = new Set(document.tables.map(({ state }) => state));
    assert.ok(states.has('whole') && (states.has('lost') || states.has('partial')), [...states].join());
    await cluster.sql('create database saved template template0');
    await cluster.load(document.files[0]!, 'saved');
    const again = await user.json<ErrorDocument>(['salvage', cut, '--to', join(user.home, 'saved.sql')]);
    assert.equal(again.document.error.code, 'salvage.exists');
  });

  for (const [what, words, code] of [
    ['a table that is not there', ['inspect', '--table', 'nope'], 'artifact.noRows'],
    [
      'a column that is not there',
      ['export', '--table', 'public.numbers', '--find', 'x', '--column', 'nope'],
      'usage',
    ],
    ['--find without a table', ['inspect', '--find', 'x'], 'usage'],
    ['--column without --find', ['inspect', '--table', 'public.numbers', '--column', 'id'], 'usage'],
    ['two views at once', ['inspect', '--table', 'x', '--ddl', 'y'], 'usage'],
    ['a large object that is not there', ['export', '--large-object', '7'], 'archive.noLargeObject'],
  ] as const)
    it(`says what is wrong with ${what}`, async () => {
      const [verb, ...rest] = words;
      const to = verb === 'export' ? ['--to', join(user.home, 'never')] : [];
      const { code: exit, document } = await user.json<ErrorDocument>([verb, dumps.custom!, ...rest, ...to]);
      assert.equal(document.error.code, code);
      assert.equal(exit, code === 'usage' ? 2 : 1);
    });

  it('lists what cannot be read as such, and says why when it is asked', async () => {
    const folder = join(user.home, 'odd');
    await mkdir(folder);
    const newer = join(folder, 'newer.dump');
    await writeFile(newer, Buffer.from('PGDMP\x01\x63\x00\x04\x08\x01and more', 'latin1'));
    const list = await user.run(['list', folder]);
    assert.match(list.stdout, /CANNOT BE READ +\S+newer\.dump/);
    const { code, document } = await user.json<ErrorDocument>(['inspect', newer]);
    assert.equal(code, 1);
    assert.match(document.error.why, /1\.99, which is newer/);
  });

  it('reads scripts by hand with CSV in them as any other dump', async () => {
    const script = join(user.home, 'by hand.sql');
    await writeFile(
      script,
      'CREATE TABLE "Prices" (id int, note text);\n' +
        `COPY "Prices" (id, note) FROM stdin WITH (FORMAT csv, HEADER, DELIMITER ';');\n` +
        'id;note\n1;"a;b"\n2;\n3;"two\nlines"\n\\.\n',
    );
    const counted = await user.json<{ tables: unknown[] }>(['inspect', script, '--count']);
    assert.deepEqual(counted.document.tables, [{ schema: '', name: 'Prices', rows: 3 }]);
    const { stdout } = await user.run(['export', script, '--table', 'Prices', '--format', 'jsonl']);
    assert.equal(stdout, '{"id":1,"note":"a;b"}\n{"id":2,"note":null}\n{"id":3,"note":"two\\nlines"}\n');
    assert.equal((await user.run(['verify', '--level', 'contents', script])).code, 0);
  });
});
