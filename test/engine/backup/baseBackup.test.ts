import assert from 'node:assert/strict';
import { readdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { majors, type Cluster } from '../../support/postgres';
import { newUser, reach, type BackupDocument, type ErrorDocument, type User } from '../cli/support';
import { askServer, backedUpCluster, freePort, noFolder, openFolder, stopServer, sums } from './baseSupport';

interface BaseDocument extends BackupDocument {
  level: string;
  base: { id: string; parent: string | null; startLsn: string; tablespaces: { name: string }[] };
}
interface Verified {
  ok: boolean;
  files: number;
  wal: string[];
  chain: string[];
  tools: string[];
  faults: { what: string; entry: string | null }[];
}
interface Inspected {
  id: string;
  level: string;
  timeline: number;
  startLsn: string;
  stopLsn: string;
  databases: { oid: number; name: string | null; bytes: number }[];
  tablespaces: { name: string; location: string; bytes: number }[];
  chain: { level: string }[];
  missingParent: string | null;
  children: string[];
  wal: { needed: string[]; present: boolean | null };
  source: { systemIdentifier: string; serverVersion: string };
}

for (const major of majors)
  describe(`base backups of PostgreSQL ${major}`, function () {
    this.timeout(240_000);
    let cluster: Cluster;
    let tablespace: string;
    let user: User;
    let folder: string;

    const backup = async (...args: string[]): Promise<BaseDocument> => {
      const { args: where, env } = reach(cluster);
      const all = ['backup', ...where, '--method', 'basebackup', '--to', join(folder, 'to'), ...args];
      const ran = await user.json<BaseDocument>(all, { env });
      assert.equal(ran.code, 0, ran.stderr);
      return ran.document;
    };
    const verify = async (path: string, level: string): Promise<Verified & { code: number }> => {
      const { document, code } = await user.json<Verified>([
        'verify',
        path,
        '--level',
        level,
        '--tools',
        cluster.bin,
      ]);
      return { ...document, code };
    };
    /** Restores, starts, and gives what `sums` says there. */
    const restored = async (path: string, ...args: string[]): Promise<string> => {
      const directory = join(folder, 'restored');
      const port = await freePort();
      const where = [
        '--into-directory',
        directory,
        '--tools',
        cluster.bin,
        '--start',
        '--port',
        String(port),
      ];
      const ran = await user.json<ErrorDocument>(['restore', path, ...where, ...args]);
      try {
        assert.equal(ran.code, 0, ran.stderr);
        assert.equal((await stat(directory)).mode & 0o777, 0o700);
        return await askServer(cluster, directory, port, sums);
      } finally {
        await stopServer(directory);
        for (const name of ['restored', 'restored.tablespaces', 'elsewhere'])
          await noFolder(join(folder, name));
        assert.deepEqual(
          (await readdir(folder)).filter((name) => name.startsWith('restored')),
          [],
          'nothing is left',
        );
      }
    };

    before(async () => {
      ({ cluster, tablespace } = await backedUpCluster(major));
      user = await newUser();
      folder = await openFolder();
    });
    after(async () => {
      await cluster?.stop();
      await user?.remove();
      if (folder) await noFolder(folder);
    });

    for (const format of ['tar', 'plain'])
      it(`${format}: made, listed, looked into, verified, restored and started with the same rows`, async () => {
        const made = await backup('--format', format);
        assert.deepEqual(
          [made.format, made.level, made.evidence.level, made.evidence.ok],
          [`basebackup-${format}`, 'full', 'checksum', true],
        );
        assert.deepEqual(
          made.base.tablespaces.map(({ name }) => name),
          ['side'],
        );
        if (format === 'tar') assert.match(made.compression, major === 15 || major >= 17 ? /^zstd/ : /./);
        const list = await user.json<{
          artifacts: { path: string; kind: string; format: string }[];
          partials: unknown[];
        }>(['list', join(folder, 'to')]);
        const entry = list.document.artifacts.find(({ path }) => path === made.artifact);
        assert.deepEqual([entry?.kind, entry?.format], ['basebackup', `basebackup-${format}`]);
        assert.deepEqual(list.document.partials, []);

        const { document } = await user.json<Inspected>(['inspect', made.artifact]);
        assert.equal(
          document.source.systemIdentifier,
          await cluster.sql('select system_identifier from pg_control_system()'),
        );
        assert.deepEqual(
          [document.level, document.timeline, document.startLsn],
          ['full', 1, made.base.startLsn],
        );
        assert.deepEqual([document.wal.present, document.wal.needed.length >= 1], [true, true]);
        assert.equal(document.tablespaces[0]!.location, tablespace);
        assert.ok(document.tablespaces[0]!.bytes > 0);
        const shop = document.databases.find(({ name }) => name === 'shop');
        assert.ok(shop && shop.bytes > 1_000_000, JSON.stringify(document.databases));

        for (const level of ['checksum', 'contents']) {
          const found = await verify(made.artifact, level);
          assert.deepEqual([found.code, found.ok, found.faults], [0, true, []]);
          assert.ok(found.files > 900);
          // The program reads the WAL of plain backups.
          if (level === 'contents') assert.equal(found.tools.length, format === 'plain' ? 1 : 0);
        }
        const moved = format === 'plain' ? ['--tablespace-mapping', `side=${join(folder, 'elsewhere')}`] : [];
        assert.equal(await restored(made.artifact, ...moved), await cluster.sql(sums, 'shop'));
      });

    it('made by hand: recognised, verified and restored without a manifest of ours', async () => {
      const { execFileSync } = await import('node:child_process');
      const by = join(folder, 'by hand');
      const args = [
        '-D',
        by,
        '-Ft',
        '-z',
        '-X',
        'fetch',
        '-c',
        'fast',
        '-h',
        cluster.socketDir,
        '-p',
        String(cluster.port),
        '-U',
        'postgres',
      ];
      execFileSync(join(cluster.bin, 'pg_basebackup'), args);
      const list = await user.json<{ artifacts: { kind: string; format: string }[] }>(['list', by]);
      assert.deepEqual(
        list.document.artifacts.map(({ kind, format }) => [kind, format]),
        [['basebackup', 'basebackup-tar']],
      );
      assert.deepEqual((await verify(by, 'contents')).faults, []);
      assert.equal(await restored(by), await cluster.sql(sums, 'shop'));
      await noFolder(by);
    });

    it('a plain backup that was copied elsewhere is restored from the copy, not from the original', async () => {
      const made = await backup('--format', 'plain');
      const copy = join(folder, 'copy.base');
      for (const end of ['', '.tablespaces', '.manifest.json']) await rename(made.artifact + end, copy + end);
      assert.equal(await restored(copy), await cluster.sql(sums, 'shop'));
      for (const end of ['', '.tablespaces', '.manifest.json']) await noFolder(copy + end);
    });

    it('a target on the server makes no artifact', async () => {
      const { args: where, env } = reach(cluster);
      const ran = await user.json<{ artifact: null; target: string }>(
        ['backup', ...where, '--method', 'basebackup', '--target', 'blackhole'],
        { env },
      );
      assert.deepEqual(
        [ran.code, ran.document.artifact, ran.document.target],
        [0, null, 'blackhole'],
        ran.stderr,
      );
    });

    if (major >= 17)
      it('a chain: incremental and differential, combined, restored, and told when a part is missing', async () => {
        await rm(join(folder, 'to'), { recursive: true, force: true });
        const full = await backup();
        await cluster.sql(
          `update orders set note = 'one' where id % 50 = 0; insert into aside values (7)`,
          'shop',
        );
        const first = await backup('--level', 'incremental');
        assert.ok(first.bytes < full.bytes / 2, `${first.bytes} of ${full.bytes}`);
        assert.equal(first.base.parent, full.base.id);
        await cluster.sql(`delete from orders where id % 70 = 0; create table late as select 1`, 'shop');
        const second = await backup('--level', 'incremental', '--format', 'plain');
        assert.equal(second.base.parent, first.base.id);
        const expected = await cluster.sql(sums, 'shop');
        const differential = await backup('--level', 'differential');
        assert.equal(differential.base.parent, full.base.id);

        const inspected = (await user.json<Inspected>(['inspect', second.artifact])).document;
        assert.deepEqual(
          inspected.chain.map(({ level }) => level),
          ['full', 'incremental', 'incremental'],
        );
        assert.equal((await user.json<Inspected>(['inspect', full.artifact])).document.children.length, 2);
        const contents = await verify(second.artifact, 'contents');
        assert.deepEqual([contents.faults, contents.chain.length], [[], 3]);
        assert.equal(await restored(second.artifact), expected);
        assert.equal(await restored(differential.artifact), expected);

        const combined = await user.json<BackupDocument>([
          'combine',
          second.artifact,
          '--tools',
          cluster.bin,
        ]);
        assert.equal(combined.code, 0, combined.stderr);
        assert.deepEqual((await verify(combined.document.artifact, 'contents')).faults, []);
        assert.equal(await restored(combined.document.artifact), expected);
        // The new full backup stands in for what it was made of: the next one needs nothing else.
        const third = await backup('--level', 'incremental', '--parent', combined.document.artifact);
        assert.equal((await user.json<Inspected>(['inspect', third.artifact])).document.chain.length, 2);

        const away = join(folder, 'away');
        await rename(first.artifact, away);
        const broken = await verify(second.artifact, 'contents');
        assert.equal(broken.code, 1);
        assert.ok(
          broken.faults.some(({ what }) => what.includes(first.base.id)),
          JSON.stringify(broken.faults),
        );
        const refused = await user.json<ErrorDocument>([
          'restore',
          second.artifact,
          '--into-directory',
          join(folder, 'no'),
        ]);
        assert.deepEqual([refused.code, refused.document.error.code], [1, 'basebackup.brokenChain']);
        assert.match(refused.document.error.why, new RegExp(basename(second.artifact)));
        await rename(away, first.artifact);
      });

    it('as a standby: in recovery, and without a password in its settings', async () => {
      const made = await backup();
      const directory = join(folder, 'standby');
      const conninfo = `host=${cluster.socketDir} port=${cluster.port} user=postgres`;
      const port = await freePort();
      const where = [
        'restore',
        made.artifact,
        '--into-directory',
        directory,
        '--tools',
        cluster.bin,
        '--as',
        'standby',
      ];
      const secret = await user.json<ErrorDocument>([
        ...where,
        '--primary-conninfo',
        `${conninfo} password=x`,
      ]);
      assert.equal(secret.document.error?.code, 'restore.blocked', secret.stdout);
      const started = ['--start', '--port', String(port), '--primary-conninfo', conninfo];
      const ran = await user.json<ErrorDocument>([...where, ...started]);
      try {
        assert.equal(ran.code, 0, ran.stderr);
        assert.equal(await askServer(cluster, directory, port, 'select pg_is_in_recovery()'), 't');
        assert.match(
          await readFile(join(directory, 'postgresql.auto.conf'), 'utf8'),
          /primary_conninfo = 'host=/,
        );
      } finally {
        await stopServer(directory);
        await noFolder(directory);
        await noFolder(`${directory}.tablespaces`);
      }
    });

    it('is not taken for another folder by a link', async () => {
      const link = join(folder, 'link.base');
      await symlink(dirname(cluster.dataDir), link);
      const list = await user.json<{ artifacts: { path: string }[] }>(['list', link]);
      assert.deepEqual(list.document.artifacts, [], 'a running cluster is no backup');
      await rm(link);
    });
  });
