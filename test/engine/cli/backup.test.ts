import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { majors, startCluster, type Cluster } from '../../support/postgres';
import { ident, oddNames } from '../backup/support';
import { newUser, reach, type BackupDocument, type ErrorDocument, type User } from './support';

interface Inspected {
  format: string;
  archiveVersion: number[] | null;
  compression: string;
  source: { database: string; serverVersion: string; toolVersion: string };
  createdAt: string;
  entries: {
    id: number;
    kind: string;
    schema: string;
    name: string;
    owner: string;
    section: string;
    bytes: number;
  }[];
}

/** Every file below a folder, as text, for looking for secrets. */
async function textsBelow(folder: string): Promise<{ path: string; text: string }[]> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return await Promise.all(files.map(async (path) => ({ path, text: await readFile(path, 'latin1') })));
}

for (const major of majors)
  describe(`restore-point backup against PostgreSQL ${major}`, function () {
    this.timeout(180_000);
    let cluster: Cluster;
    let user: User;
    const backup = async (...args: string[]) => {
      const { args: where, env } = reach(cluster);
      return await user.json<BackupDocument>(['backup', ...where, ...args], { env });
    };
    const done = async (...args: string[]): Promise<BackupDocument> => {
      const ran = await backup(...args);
      assert.equal(ran.code, 0, ran.stderr);
      return ran.document;
    };

    before(async () => {
      cluster = await startCluster(major);
      user = await newUser();
      await cluster.sql('create database shop');
      await cluster.sql(
        `create table orders as select g as id, 'order ' || g as note from generate_series(1, 1234) g;
         create schema audit; create table audit.log (id serial, what text);
         insert into audit.log (what) select 'x' from generate_series(1, 56); analyze`,
        'shop',
      );
      for (const name of oddNames) {
        await cluster.sql(`create database ${ident(name)}`);
        await cluster.sql(
          `create table ${ident(name)} as select generate_series(1, 7) as ${ident(name)}`,
          name,
        );
      }
    });
    after(async () => {
      await cluster?.stop();
      await user?.remove();
    });

    for (const format of ['custom', 'directory', 'tar', 'plain'])
      it(`${format}: a backup with its manifest, its rows counted, and nothing else left behind`, async () => {
        const to = join(user.home, `to ${format}`);
        const document = await done('--database', 'shop', '--format', format, '--to', to);
        assert.equal(document.method, 'dump');
        assert.equal(document.format, format);
        assert.ok(document.artifact.startsWith(to));
        assert.equal(document.manifest, `${document.artifact}.manifest.json`);
        assert.ok(document.bytes > 0 && document.durationMs > 0);
        assert.deepEqual(
          document.tables
            .map(({ schema, name, rows }) => ({ schema, name, rows }))
            .sort((a, b) => a.name.localeCompare(b.name)),
          [
            { schema: 'audit', name: 'log', rows: 56 },
            { schema: 'public', name: 'orders', rows: 1234 },
          ],
        );
        assert.deepEqual((await readdir(dirname(document.artifact))).length, 2);
        assert.equal((await stat(document.artifact)).mode & 0o077, 0);

        const list = await user.json<{
          artifacts: { path: string; kind: string; evidence: { level: string; ok: boolean } }[];
        }>(['list', to]);
        assert.deepEqual(
          list.document.artifacts.map(({ path }) => path),
          [document.artifact],
        );
        const [entry] = list.document.artifacts as [(typeof list.document.artifacts)[0]];
        assert.equal(entry.kind, format === 'plain' ? 'script' : 'archive');
        assert.deepEqual([entry.evidence.level, entry.evidence.ok], ['contents', true]);

        const inspected = (await user.json<Inspected>(['inspect', document.artifact])).document;
        assert.equal(inspected.format, format);
        const data = inspected.entries
          .filter(({ kind }) => kind === 'TABLE DATA')
          .map(({ schema, name }) => `${schema}.${name}`);
        assert.deepEqual(data.sort(), ['audit.log', 'public.orders']);
        for (const one of inspected.entries)
          for (const key of ['id', 'kind', 'schema', 'name', 'owner', 'section', 'bytes'])
            assert.ok(key in one, key);

        const ddl = await user.run(['inspect', document.artifact, '--ddl', 'audit.log']);
        assert.match(ddl.stdout, /^CREATE TABLE audit\.log \(/m);

        for (const level of ['checksum', 'contents']) {
          const verified = await user.json<{
            level: string;
            ok: boolean;
            tables: unknown[];
            faults: unknown[];
            durationMs: number;
          }>(['verify', document.artifact, '--level', level]);
          assert.equal(verified.code, 0);
          assert.deepEqual(
            [verified.document.level, verified.document.ok, verified.document.faults],
            [level, true, []],
          );
          assert.equal(verified.document.tables.length, 2);
        }
      });

    it('backs up databases and tables of any name', async () => {
      for (const name of oddNames) {
        const document = await done(`--database=${name}`);
        assert.deepEqual(document.tables, [{ schema: 'public', name, rows: 7 }]);
        const pattern = `public.${ident(name)}`;
        const part = await done(`--database=${name}`, '--table', pattern);
        assert.deepEqual(part.tables, [{ schema: 'public', name, rows: 7 }]);
        // Elsewhere the format changes nothing about the names.
        if (![oddNames[0], 'new\nline', '-dash'].includes(name)) continue;
        for (const format of ['directory', 'tar', 'plain']) {
          if (name.includes('\n') && format === 'tar') continue;
          const other = await done(`--database=${name}`, '--format', format);
          assert.deepEqual(other.tables, [{ schema: 'public', name, rows: 7 }]);
        }
      }
      const tar = await backup('--database', 'new\nline', '--format', 'tar');
      assert.equal(tar.code, 1);
      assert.equal((tar.document as unknown as ErrorDocument).error.code, 'backup.databaseName');
    });

    it('keeps no secret anywhere but in the dumps of roles', async () => {
      await done('--database', 'shop', '--to', join(user.home, 'quiet'));
      for (const { path, text } of await textsBelow(user.home))
        assert.ok(!text.includes(Buffer.from(cluster.password).toString('latin1')), path);
    });

    it('takes the tool’s own options, long and short, and free ones', async () => {
      const only = await done('--database', 'shop', '-n', 'aud*', '--notes', 'just audit');
      assert.deepEqual(
        only.tables.map(({ name }) => name),
        ['log'],
      );
      const without = await done('--database', 'shop', '--schema-only', '--', '--no-comments');
      assert.deepEqual(
        without.tables.filter(({ rows }) => rows),
        [],
      );
      const jobs = await done('--database', 'shop', '--format', 'd', '--jobs', '2');
      assert.equal(jobs.format, 'directory');
      const manifest = JSON.parse(await readFile(jobs.manifest, 'utf8'));
      assert.equal(manifest.options.jobs, '2');
    });

    it('writes exactly where --file says, and never over something', async () => {
      const file = join(user.home, 'exact.sql.gz');
      const document = await done(
        '--database',
        'shop',
        '--format',
        'plain',
        '--compress',
        'gzip:1',
        '--file',
        file,
      );
      assert.equal(document.artifact, file);
      assert.deepEqual([...(await readFile(file)).subarray(0, 2)], [0x1f, 0x8b]);
      const again = await backup('--database', 'shop', '--format', 'plain', '--file', file);
      assert.equal(again.code, 1);
      assert.equal((again.document as unknown as { error: { code: string } }).error.code, 'artifact.exists');
    });

    it('puts roles and tablespaces beside with --with-globals', async () => {
      const document = await done(
        '--database',
        'shop',
        '--with-globals',
        '--to',
        join(user.home, 'with globals'),
      );
      const globals = document.artifact.replace(/\.dump$/, '.globals.sql');
      assert.match(await readFile(globals, 'utf8'), /CREATE ROLE postgres/);
      const manifest = JSON.parse(await readFile(document.manifest, 'utf8'));
      assert.deepEqual(manifest.files.map(({ holds }: { holds: string }) => holds).sort(), [
        'globals',
        'shop',
      ]);
      const list = await user.json<{ artifacts: unknown[] }>(['list', join(user.home, 'with globals')]);
      assert.equal(list.document.artifacts.length, 1);
    });

    it('dumps a whole server, or a part of it, as a script', async () => {
      const whole = await user.json<ErrorDocument>(
        ['backup', ...reach(cluster).args, '--method', 'dumpall'],
        {
          env: reach(cluster).env,
        },
      );
      assert.equal(whole.document.error.code, 'backup.databaseName');
      const but = ['--exclude-database', '"UPPER.dot"', '--exclude-database', 'new*'];
      const all = await done('--method', 'dumpall', ...but);
      assert.equal(all.method, 'dumpall');
      const text = await readFile(all.artifact, 'utf8');
      assert.match(text, /PostgreSQL database cluster dump complete/);
      assert.match(text, /we""ird/);
      assert.doesNotMatch(text, /CREATE DATABASE "UPPER\.dot"/);
      for (const scope of ['globals', 'roles', 'tablespaces', 'schema', 'data']) {
        const part = await done(
          '--method',
          'dumpall',
          '--scope',
          scope,
          ...(['schema', 'data'].includes(scope) ? but : []),
        );
        assert.equal(part.format, 'plain');
        assert.ok(existsSync(part.artifact));
      }
    });

    it('keeps every database as an archive of its own in a set', async () => {
      const document = await done(
        '--method',
        'set',
        '--exclude-database',
        'postgres',
        '--to',
        join(user.home, 'sets'),
      );
      assert.equal(document.method, 'set');
      const manifest = JSON.parse(await readFile(document.manifest, 'utf8'));
      const held = manifest.files.map(({ holds }: { holds: string }) => holds).sort();
      assert.deepEqual(held, [...oddNames, 'shop', 'globals'].sort());
      const orders = manifest.tables.filter(({ name }: { name: string }) => name === 'orders');
      assert.deepEqual(orders, [{ database: 'shop', schema: 'public', name: 'orders', rows: 1234 }]);
      const list = await user.json<{ artifacts: { kind: string }[] }>(['list', join(user.home, 'sets')]);
      assert.deepEqual(
        list.document.artifacts.map(({ kind }) => kind),
        ['set'],
      );
    });

    it('copies rows out, and shows a preview first', async () => {
      const rows = ['--method', 'copy', '--database', 'shop', '--table', 'orders'];
      const preview = await user.json<{ columns: string[]; rows: string[][] }>(
        ['backup', ...reach(cluster).args, ...rows, '--preview', '2'],
        { env: reach(cluster).env },
      );
      assert.deepEqual(preview.document, {
        columns: ['id', 'note'],
        rows: [
          ['1', 'order 1'],
          ['2', 'order 2'],
        ],
      });
      const csv = await done(...rows, '--format', 'csv', '--header', '--delimiter', ';');
      const lines = (await readFile(csv.artifact, 'utf8')).trimEnd().split('\n');
      assert.deepEqual([lines.length, lines[0], lines[1]], [1235, 'id;note', '1;order 1']);
      assert.deepEqual(
        csv.tables.map(({ rows: counted }) => counted),
        [1234],
      );
      const tsv = await done(...rows, '--format', 'tsv', '--columns', 'note');
      assert.match(await readFile(tsv.artifact, 'utf8'), /^order 1\norder 2\n/);
      const binary = await done(
        '--method',
        'copy',
        '--database',
        'shop',
        '--query',
        'select 1 as one',
        '--format',
        'binary',
      );
      assert.equal((await readFile(binary.artifact)).subarray(0, 6).toString('latin1'), 'PGCOPY');
    });

    it('runs the tools through a prefix, with the files on this side', async () => {
      // `env` stands for docker or ssh: the program it starts finds the clients on its own PATH.
      const where = [
        ...reach(cluster).args.slice(0, 2),
        '--database',
        'shop',
        '--to',
        join(user.home, 'prefix'),
      ];
      const env = { ...reach(cluster).env, PATH: `${cluster.bin}:${process.env.PATH}` };
      for (const format of ['custom', 'plain', 'tar']) {
        const words = ['backup', ...where, '--tool-prefix', 'env', '--format', format];
        const ran = await user.json<BackupDocument>(words, { env });
        assert.equal(ran.code, 0, ran.stderr);
        assert.deepEqual(ran.document.tables.map(({ name, rows }) => [name, rows]).sort(), [
          ['log', 56],
          ['orders', 1234],
        ]);
      }
      const folder = ['backup', ...where, '--tool-prefix', 'env', '--format', 'directory'];
      const { document } = await user.json<ErrorDocument>(folder, { env });
      assert.equal(document.error.code, 'backup.directoryThroughPrefix');
    });

    it('--dry-run shows the plan and makes nothing', async () => {
      const to = join(user.home, 'dry');
      const { args, env } = reach(cluster);
      const words = ['backup', ...args, '--database', 'shop', '--to', to, '--dry-run'];
      const { document } = await user.json<{
        dryRun: boolean;
        plan: { steps: unknown[] };
        commands: string[];
      }>(words, { env });
      assert.equal(document.dryRun, true);
      assert.match(document.commands[0]!, /pg_dump/);
      assert.ok(!JSON.stringify(document).includes(cluster.password));
      const human = await user.run(words, { env });
      assert.equal(human.code, 0);
      for (const part of [/pg_dump/, /Files\n/, /Size {2}about/, /Time {2}about/, /Lock {2}shop/])
        assert.match(human.stdout, part);
      assert.ok(!human.stdout.includes(cluster.password));
      const left = existsSync(to)
        ? (await readdir(to, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile())
        : [];
      assert.deepEqual(left, []);
    });

    it('keeps presets and takes them again', async () => {
      await done(
        '--database',
        'shop',
        '--format',
        'tar',
        '--exclude-table',
        'audit.*',
        '--save-preset',
        'small',
      );
      const again = await done('--database', 'shop', '--preset', 'small');
      assert.equal(again.format, 'tar');
      assert.deepEqual(
        again.tables.map(({ name }) => name),
        ['orders'],
      );
    });

    it('gives an estimate with --verify checksum, and says it is one', async () => {
      const document = await done('--database', 'shop', '--verify', 'checksum');
      assert.equal(document.evidence.level, 'checksum');
      const orders = document.tables.find(({ name }) => name === 'orders')!;
      assert.deepEqual([orders.rows, orders.estimatedRows], [null, 1234]);
    });

    it('finds damage', async () => {
      const { artifact } = await done('--database', 'shop', '--format', 'plain');
      await writeFile(artifact, (await readFile(artifact, 'utf8')).replace('order 77\n', 'order 78\n'));
      const verified = await user.json<{ ok: boolean; faults: { what: string }[] }>([
        'verify',
        artifact,
        '--level',
        'checksum',
      ]);
      assert.equal(verified.code, 1);
      assert.equal(verified.document.ok, false);
      assert.equal(verified.document.faults.length, 1);
    });
  });
