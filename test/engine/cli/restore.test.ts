import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadSample, rowsOf } from '../../support/databases';
import { startCluster, type Cluster } from '../../support/postgres';
import { newUser, reach, type BackupDocument, type ErrorDocument, type Ran, type User } from './support';

interface RestoreDocument {
  database: string;
  strategy: string;
  entries: { restored: number; harmless: number; failed: number };
  undo: string | null;
  tables: { schema: string; name: string; rows: number }[];
  messages: { verdict: string; text: string }[];
  error?: ErrorDocument['error'];
}

describe('restore-point restore', function () {
  this.timeout(120_000);
  let cluster: Cluster;
  let user: User;
  const artifacts: Record<string, string> = {};

  before(async () => {
    cluster = await startCluster(17);
    user = await newUser();
    await loadSample(cluster, 'chinook');
    const { args, env } = reach(cluster);
    for (const format of ['custom', 'directory', 'tar', 'plain']) {
      const words = [
        'backup',
        ...args,
        '--database',
        'chinook',
        '--format',
        format,
        '--file',
        join(user.home, `c-${format}`),
      ];
      const { code, document, stderr } = await user.json<BackupDocument>(words, { env });
      assert.equal(code, 0, stderr);
      artifacts[format] = document.artifact;
    }
  });
  after(async () => {
    await user?.remove();
    await cluster?.stop();
  });

  const into = (): string[] => [
    '--into',
    `postgresql://postgres@127.0.0.1:${cluster.port}/postgres`,
    '--tools',
    cluster.bin,
  ];
  const restore = async <T = RestoreDocument>(...args: string[]): Promise<Ran & { document: T }> =>
    await user.json<T>(['restore', ...args, ...into()], { env: { PGPASSWORD: cluster.password } });

  for (const format of ['custom', 'directory', 'tar', 'plain'])
    it(`what backup made comes back: ${format}`, async () => {
      const database = `-odd "${format}" 🙂`;
      const { code, document, stderr } = await restore(artifacts[format]!, `--database=${database}`);
      assert.equal(code, 0, stderr);
      assert.equal(document.database, database);
      assert.equal(document.strategy, 'new');
      assert.equal(document.undo, null);
      assert.equal(document.entries.failed, 0);
      assert.ok(document.entries.restored > 30);
      const album = document.tables.find((table) => table.name === 'Album');
      assert.equal(String(album?.rows), await cluster.sql('select count(*) from "Album"', 'chinook'));
      assert.deepEqual(await rowsOf(cluster, database), await rowsOf(cluster, 'chinook'));
    });

  it('--dry-run shows the plan and changes nothing', async () => {
    const before = await cluster.sql('select count(*) from pg_database');
    const { code, document } = await restore<{ plan: { destroys: string[] }; commands: string[] }>(
      artifacts.custom!,
      '--database=chinook',
      '--strategy=in-place',
      '--dry-run',
    );
    assert.equal(code, 0);
    assert.match(document.plan.destroys[0]!, /11 tables of chinook/);
    assert.ok(document.commands.some((command) => command.includes('pg_restore')));
    assert.equal(await cluster.sql('select count(*) from pg_database'), before);
    const words = [
      'restore',
      artifacts.custom!,
      '--database=chinook',
      '--strategy=in-place',
      '--dry-run',
      ...into(),
    ];
    const human = await user.run(words, { env: { PGPASSWORD: cluster.password } });
    assert.match(human.stdout, /LOST .*11 tables/);
  });

  it('in place with options of pg_restore', async () => {
    await cluster.sql('create database place template chinook');
    await cluster.sql('delete from "PlaylistTrack"', 'place');
    const { code, document, stderr } = await restore(
      artifacts.custom!,
      '--database=place',
      '--strategy=in-place',
      '--no-owner',
      '-x',
    );
    assert.equal(code, 0, stderr);
    assert.equal(document.strategy, 'in-place');
    assert.deepEqual(await rowsOf(cluster, 'place'), await rowsOf(cluster, 'chinook'));
  });

  it('failures exit with 1 and say what, why and next', async () => {
    const taken = await restore<ErrorDocument>(artifacts.custom!, '--database=chinook');
    assert.equal(taken.code, 1);
    assert.equal(taken.document.error.code, 'restore.databaseExists');
    const text = join(user.home, 'diary.txt');
    await writeFile(text, 'Dear diary');
    const unknown = await restore<ErrorDocument>(text, '--database=x');
    assert.equal(unknown.code, 1);
    assert.equal(unknown.document.error.code, 'artifact.unknown');
    const absent = await restore<ErrorDocument>(join(user.home, 'nonesuch'), '--database=x');
    assert.equal(absent.code, 1);
    assert.equal(absent.document.error.code, 'artifact.notFound', JSON.stringify(absent.document));
  });

  it('a tolerant restore that lacks something reports what is there, and exits with 1', async () => {
    await cluster.sql('create database lacking template chinook');
    await cluster.sql('drop table "PlaylistTrack"', 'lacking');
    const words = ['--database=lacking', '--strategy=in-place', '--tolerant', '--no-clean'];
    const { code, document } = await restore(artifacts.custom!, ...words);
    assert.equal(code, 1);
    assert.equal(document.error?.code, 'restore.incomplete');
    assert.ok(document.entries.failed > 10);
    assert.ok(document.messages.some((message) => message.verdict === 'failed'));
    assert.deepEqual(await rowsOf(cluster, 'lacking'), await rowsOf(cluster, 'chinook'));
  });

  it('wrong use exits with 2', async () => {
    for (const words of [
      [artifacts.custom!],
      [artifacts.custom!, '--database=x', '--strategy=magic'],
      [artifacts.custom!, '--database=x', '--nonesuch'],
      [artifacts.custom!, '--database=x', '--file=y'],
      [],
    ]) {
      const wrong = await user.run(['restore', ...words, ...(words.length > 1 ? into() : [])]);
      assert.equal(wrong.code, 2, wrong.stderr);
      assert.equal(wrong.stdout, '');
    }
  });

  it('production: what destroys needs the name of the database', async () => {
    const folder = join(user.home, 'rp', 'config');
    const words = ['--database=place', '--strategy=in-place'];
    const production = {
      id: 'prod',
      name: 'prod',
      role: 'production',
      settings: {
        hosts: [{ host: '127.0.0.1', port: cluster.port }],
        user: 'postgres',
        database: 'postgres',
      },
    };

    await mkdir(folder, { recursive: true });
    await writeFile(
      join(folder, 'connections.json'),
      JSON.stringify({ version: 1, connections: [production] }),
    );
    const ask = async (...more: string[]): Promise<Ran & { document: RestoreDocument }> =>
      await user.json<RestoreDocument>(
        ['restore', artifacts.custom!, ...words, ...more, '--into', 'prod', '--tools', cluster.bin],
        { env: { PGPASSWORD: cluster.password } },
      );
    const refused = await ask();
    assert.equal(refused.document.error?.code, 'restore.notConfirmed', refused.stderr);
    assert.equal((await ask('--confirm=wrong')).code, 1);
    assert.equal((await ask('--confirm=place')).code, 0);
  });

  it('no secret is in any file of the jobs', async () => {
    const folder = join(user.home, 'rp');
    const names = await readdir(folder, { recursive: true, withFileTypes: true });
    for (const entry of names.filter((one) => one.isFile())) {
      const text = await readFile(join(entry.parentPath, entry.name), 'utf8');
      assert.ok(!text.includes(cluster.password), entry.name);
    }
  });
});
