import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startCluster, type Cluster } from '../../support/postgres';
import { newUser, reach, type BackupDocument, type ErrorDocument, type User } from './support';

/** Values that COPY must quote or escape in one format or another. */
const rows = `(1, 'plain'), (2, null), (3, ''), (4, 'comma, "quote" and ''tick'''), (5, E'two\\nlines\\r\\tand \\\\N'), (6, '🐘')`;

describe('rows out and in again', function () {
  this.timeout(120_000);
  let cluster: Cluster;
  let user: User;
  let where: string[];
  let env: Record<string, string>;
  const copyOut = async (...args: string[]): Promise<string> => {
    const ran = await user.json<BackupDocument>(['backup', ...where, '--method', 'copy', ...args], { env });
    assert.equal(ran.code, 0, ran.stderr);
    return ran.document.artifact;
  };
  const contents = async (table: string): Promise<string> =>
    await cluster.sql(`select string_agg(t::text, E'\\n' order by id) from ${table} t`, 'shop');

  before(async () => {
    cluster = await startCluster(17);
    user = await newUser();
    await cluster.sql('create database shop');
    await cluster.sql(
      `create table source (id int primary key, note text, double int generated always as (id * 2) stored);
       insert into source values ${rows}; create table parted (id int, note text) partition by range (id);
       create table part partition of parted for values from (0) to (100); insert into parted values ${rows}`,
      'shop',
    );
    const { args, env: password } = reach(cluster);
    where = [...args, '--database', 'shop'];
    env = password;
  });
  beforeEach(async () => {
    await cluster.sql('drop table if exists target; create table target (like source including all)', 'shop');
  });
  after(async () => {
    await cluster?.stop();
    await user?.remove();
  });

  const shapes: [string, string[]][] = [
    ['CSV', ['--format', 'csv']],
    ['CSV with its own marks', ['--format', 'csv', '--header', '--delimiter', ';', '--null', 'NIL']],
    ['CSV in another encoding', ['--format', 'csv', '--encoding', 'UTF8', '--columns', 'id,note']],
    ['TSV', ['--format', 'tsv']],
    ['TSV with a header and a comma', ['--format', 'tsv', '--header', '--delimiter', ',']],
    ['binary', ['--format', 'binary']],
  ];
  for (const [title, shape] of shapes)
    for (const table of ['source', 'parted'])
      it(`${title}, from ${table}`, async () => {
        const file = await copyOut('--table', table, ...shape);
        const target = table === 'source' ? 'target' : 'parted';
        if (target === 'parted') await cluster.sql('truncate parted', 'shop');
        const connection = where.filter((word, i) => word !== '--tools' && where[i - 1] !== '--tools');
        const loaded = await user.json<{ rows: number; durationMs: number }>(
          ['load', file, ...connection, '--table', target, ...shape],
          { env },
        );
        assert.equal(loaded.code, 0, loaded.stderr);
        assert.equal(loaded.document.rows, 6);
        if (target === 'target') assert.equal(await contents('target'), await contents('source'));
        else assert.equal(await cluster.sql('select count(*), count(note) from parted', 'shop'), '6|5');
      });

  const load = async <T>(file: string, ...args: string[]) =>
    await user.json<T>(['load', file, '--connection', where[1]!, '--database', 'shop', ...args], { env });

  it('takes the columns in the order of the header', async () => {
    const file = join(user.home, 'swapped.csv');
    await writeFile(file, 'note,id\nhello,7\n');
    assert.equal((await load(file, '--table', 'target', '--header')).code, 0);
    assert.equal(await contents('target'), '(7,hello,14)');
    const strange = await load<ErrorDocument>(
      file,
      '--table',
      'source',
      '--header',
      '--columns',
      'id,colour',
    );
    assert.equal(strange.document.error.code, 'copy.columns');
    assert.match(strange.document.error.what, /colour/);
  });

  it('is all or nothing, and says which line is wrong', async () => {
    const file = join(user.home, 'wrong.csv');
    await writeFile(file, '1,one\n2,two\nthree,3\n');
    const { code, document } = await load<ErrorDocument>(file, '--table', 'target');
    assert.equal(code, 1);
    assert.match(document.error.why, /line 3/);
    assert.equal(await cluster.sql('select count(*) from target', 'shop'), '0');
  });

  it('shows the first rows as they would be read', async () => {
    const file = await copyOut('--table', 'source', '--format', 'csv', '--header');
    const { document } = await user.json(['load', file, '--header', '--preview', '3']);
    assert.deepEqual(document, {
      columns: ['id', 'note'],
      rows: [
        ['1', 'plain'],
        ['2', null],
        ['3', ''],
      ],
    });
  });

  it('names a missing file and a missing table', async () => {
    const missing = await load<ErrorDocument>(join(user.home, 'none'), '--table', 'target');
    assert.equal(missing.document.error.code, 'copy.noFile');
    const file = join(user.home, 'empty.csv');
    await writeFile(file, '');
    const nowhere = await load<ErrorDocument>(file, '--table', 'Nowhere');
    assert.equal(nowhere.document.error.code, 'copy.noTable');
    assert.equal((await load(file)).code, 2);
  });

  it('keeps the rows in a file for its owner only, with a manifest', async () => {
    const file = await copyOut('--table', 'source', '--notes', 'just rows');
    const manifest = JSON.parse(await readFile(`${file}.manifest.json`, 'utf8'));
    assert.deepEqual([manifest.method, manifest.format, manifest.notes], ['copy', 'csv', 'just rows']);
    assert.deepEqual(manifest.tables, [{ schema: 'public', name: 'source', rows: 6 }]);
    const list = await user.run(['list']);
    assert.match(list.stdout, /csv +\d+ B +shop/);
  });
});
