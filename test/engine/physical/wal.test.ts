import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, cp, mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { zstdDecompressSync } from 'node:zlib';
import { checkWal, WalFolder } from '../../../src/engine/physical';
import { useTempFolder } from '../../support/fixtures';
import { majors, type Cluster } from '../../support/postgres';
import { Archiving, cli, command, compressions } from '../../support/archiving';
import { asServer, baseBackup, recover } from '../../support/recovery';
import { newUser, type ErrorDocument, type User } from '../cli/support';

const run = promisify(execFile);
const sum = 'select count(*), sum(id), max(note) from t';
const rows = (from: number, to: number): string =>
  `insert into t select i, repeat(md5(i::text), 5) from generate_series(${from}, ${to}) i`;

for (const major of majors)
  describe(`WAL of PostgreSQL ${major}, archived by ${compressions[major]}`, function () {
    this.timeout(180_000);
    let server: Archiving;
    let cluster: Cluster;
    let base: string;
    let wanted: string;
    let user: User;

    before(async () => {
      user = await newUser();
      server = await Archiving.start(major, major === 18 ? ['--wal-segsize=1'] : []);
      ({ cluster } = server);
      await cluster.sql('create table t (id bigint, note text)');
      base = await baseBackup(cluster, 'base');
      await cluster.sql(rows(1, 60_000));
      await server.switch();
      await cluster.sql('create index on t (id); update t set id = id where id % 3 = 0');
      // As a power cut would: in the middle of a record, perhaps.
      const busy = cluster.sql(rows(1_000_001, 1_300_000)).catch(() => {});
      await new Promise((wait) => setTimeout(wait, 400));
      await cluster.restart();
      await busy;
      await cluster.sql(rows(100_001, 130_000));
      wanted = await cluster.sql(sum);
      await server.switch();
    });
    after(async () => {
      await user?.remove();
      await cluster?.stop();
    });

    it('is all there, and the listing says what it is', async () => {
      // What the crash left half-written goes with a later push, when its process is gone.
      const own = join(server.archive, '.restore-point');
      for (let round = 0; round < 50 && (await readdir(own)).length > 1; round++) await server.switch();
      const archive = await server.read();
      const facts = await cluster.sql(
        `select system_identifier || '|' || (select setting from pg_settings where name = 'wal_segment_size')
         from pg_control_system()`,
      );
      assert.equal(`${archive.systemIdentifier}|${archive.segmentBytes}`, facts);
      assert.equal(archive.major, major);
      assert.deepEqual(archive.gaps, []);
      assert.equal(archive.timelines.length, 1);
      const [band] = archive.timelines[0]!.bands;
      assert.equal(band?.segments, archive.segments);
      assert.equal(archive.backups.length, 1);
      const status = await asServer(cluster, '/bin/ls', [join(cluster.dataDir, 'pg_wal', 'archive_status')]);
      const done = [...status.matchAll(/^([0-9A-F]{24})\.done$/gm)].map(([, name]) => name!);
      assert.ok(done.length > 0);
      assert.ok(done.every((name) => name >= band.first && name <= band.last));
      assert.deepEqual(await readdir(own), ['archive.json']);
      assert.equal(await cluster.sql('select failed_count from pg_stat_archiver'), '0');
    });

    it('is right to its last record, and has as many as pg_waldump finds', async () => {
      const found = await checkWal(new WalFolder(server.archive), { deep: true });
      assert.deepEqual(found.faults, []);
      assert.deepEqual(found.ends, []);
      assert.ok(found.ok);
      // pg_waldump reads plain segments only.
      const plain = join(cluster.socketDir, 'plain');
      await mkdir(plain);
      const [band] = found.archive.timelines[0]!.bands;
      for (const name of await readdir(server.archive)) {
        if (!/^[0-9A-F]{24}(\.\w+)?$/.test(name)) continue;
        const { code, stderr } = await user.run([
          'wal',
          'fetch',
          name.slice(0, 24),
          join(plain, name.slice(0, 24)),
          '--from',
          server.archive,
        ]);
        assert.equal(code, 0, stderr);
      }
      const { stdout } = await run(join(cluster.bin, 'pg_waldump'), ['-p', plain, band!.first, band!.last], {
        maxBuffer: 1 << 30,
      });
      assert.equal(found.records, stdout.split('\n').filter((line) => line.startsWith('rmgr:')).length);
      await rm(plain, { recursive: true });
    });

    it('gives the same rows in a recovery, whose new timeline branches in the archive', async () => {
      const data = await server.copyOf(base, 'recovered');
      const recovered = await recover(cluster, data, {
        restore_command: command('fetch', '%f', '%p', '--from', `"${server.archive}"`),
        archive_mode: 'on',
      });
      try {
        assert.ok(recovered.opened, recovered.log);
        assert.equal(await recovered.sql(sum), wanted);
        await recovered.sql('insert into t values (0, null)');
        const last = await recovered.sql('select pg_walfile_name(pg_switch_wal())');
        while ((await recovered.sql(`select last_archived_wal = '${last}' from pg_stat_archiver`)) !== 't')
          await new Promise((wait) => setTimeout(wait, 100));
      } finally {
        await recovered.stop();
      }
      const { ok, archive, faults } = await checkWal(new WalFolder(server.archive), { deep: true });
      assert.deepEqual(faults, []);
      assert.ok(ok, JSON.stringify(archive.gaps));
      const [, second] = archive.timelines;
      assert.equal(second?.timeline, 2);
      assert.equal(second.parent?.timeline, 1);
      assert.equal(second.bands.length, 1);
      assert.deepEqual(archive.gaps, []);
    });

    it('one byte changed is found, and ends a recovery instead of cutting it short', async () => {
      const damaged = await server.copyOf(server.archive, 'damaged');
      const band = (await server.read()).timelines[0]!.bands[0]!;
      const files = (await readdir(damaged))
        .filter((name) => /^00000001[0-9A-F]{16}(\.\w+)?$/.test(name))
        .sort();
      const name = files[files.findIndex((file) => file.startsWith(band.first)) + 2]!;
      const path = join(damaged, name);
      const bytes = await readFile(path);
      const at = Math.floor(bytes.length / 2);
      bytes[at] = bytes[at]! ^ 1;
      await writeFile(path, bytes);
      const { code, document } = await user.json<{ faults: { file: string }[]; ok: boolean }>([
        'wal',
        'check',
        damaged,
        '--deep',
      ]);
      assert.equal(code, 1);
      assert.equal(document.ok, false);
      assert.deepEqual([...new Set(document.faults.map(({ file }) => file))], [name]);
      const data = await server.copyOf(base, 'halted');
      const recovered = await recover(cluster, data, {
        restore_command: command('fetch', '%f', '%p', '--from', `"${damaged}"`),
      });
      await recovered.stop();
      assert.ok(!recovered.opened);
      assert.match(recovered.log, new RegExp(`${name} in the archive .* is damaged`));
      assert.match(recovered.log, /could not restore file .* child process exited with exit code 200/);
    });

    it('a segment that is missing is named, and one cut short is told', async () => {
      const harmed = await server.copyOf(server.archive, 'harmed');
      const names = (await readdir(harmed))
        .filter((name) => /^00000001[0-9A-F]{16}(\.\w+)?$/.test(name))
        .sort();
      const [, missing, cut] = names;
      await rm(join(harmed, missing!));
      const bytes = await readFile(join(harmed, cut!));
      await writeFile(join(harmed, cut!), bytes.subarray(0, Math.floor(bytes.length / 2)));
      const { code, stdout } = await user.run(['wal', 'check', harmed, '--deep']);
      assert.equal(code, 1);
      assert.match(stdout, new RegExp(`GAP on timeline 1: ${missing!.slice(0, 24)} is missing`));
      assert.match(stdout, new RegExp(`${cut}: `));
    });
  });

describe('wal push, on its own', function () {
  this.timeout(120_000);
  const folder = useTempFolder();
  let server: Archiving;
  let segment: string;
  let user: User;

  before(async () => {
    user = await newUser();
    server = await Archiving.start(17);
    await server.cluster.sql('create table t (id bigint, note text)');
    await server.cluster.sql(rows(1, 60_000));
    await server.switch();
    const files = (await readdir(server.archive)).filter((name) => name.endsWith('.zst')).sort();
    const keep = await mkdtemp(join(tmpdir(), 'rp-segment-'));
    segment = join(keep, files[0]!.slice(0, 24));
    await writeFile(segment, zstdDecompressSync(await readFile(join(server.archive, files[0]!))));
  });
  after(async () => {
    if (segment) await rm(join(segment, '..'), { recursive: true, force: true });
    await user?.remove();
    await server?.cluster.stop();
  });

  it('another server’s WAL in the same folder is refused, and the server goes on trying', async () => {
    const other = await Archiving.start(17);
    const { cluster } = other;
    try {
      // The other's folder becomes this one's: as when an archive_command was copied.
      const { uid, gid } = await stat(cluster.dataDir);
      await cp(server.archive, join(cluster.socketDir, 'shared'), { recursive: true });
      await run('chown', ['-R', `${uid}:${gid}`, join(cluster.socketDir, 'shared')]);
      const push = command('push', '%p', '--to', `"${join(cluster.socketDir, 'shared')}"`);
      await cluster.sql(`alter system set archive_command = '${push}'`);
      await cluster.sql('select pg_reload_conf()');
      await cluster.sql('create table t (id bigint, note text); select pg_switch_wal()');
      while ((await cluster.sql('select failed_count > 0 from pg_stat_archiver')) !== 't')
        await new Promise((wait) => setTimeout(wait, 100));
      const before = await readdir(server.archive);
      assert.deepEqual((await readdir(join(cluster.socketDir, 'shared'))).sort(), before.sort());
    } finally {
      await cluster.stop();
    }
  });

  it('killed at any moment, leaves the whole segment or none', async () => {
    let whole = 0;
    for (let ms = 0; ms < 240; ms += 12) {
      const archive = join(folder(), String(ms));
      await mkdir(archive);
      const child = spawn(process.execPath, [cli, 'wal', 'push', segment, '--to', archive], {
        stdio: 'ignore',
      });
      const exited = once(child, 'exit');
      await new Promise((wait) => setTimeout(wait, ms));
      child.kill('SIGKILL');
      await exited;
      const { archive: listed, ok, segments } = await checkWal(new WalFolder(archive), { deep: true });
      assert.ok(ok);
      assert.deepEqual(listed.others, []);
      whole += segments;
      // The server asks again.
      const again = await user.run(['wal', 'push', segment, '--to', archive]);
      assert.equal(again.code, 0, again.stderr);
      assert.equal((await checkWal(new WalFolder(archive), { deep: true })).segments, 1);
    }
    assert.ok(whole < 20, 'none was killed before its end');
  });

  it('on a full disk, fails with the reason and leaves nothing half made', async function () {
    const disk = join(folder(), 'small');
    await mkdir(disk);
    const mounted = await run('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', disk]).then(
      () => true,
      () => false,
    );
    if (!mounted) this.skip();
    try {
      const args = ['wal', 'push', segment, '--to', disk, '--compress', 'none'];
      const { code, document } = await user.json<ErrorDocument>(args);
      assert.equal(code, 1);
      assert.equal(document.error.code, 'disk.full');
      assert.deepEqual(await readdir(disk), ['.restore-point']);
      assert.deepEqual(await readdir(join(disk, '.restore-point')), ['archive.json']);
      await run('mount', ['-o', 'remount,size=40m', disk]);
      assert.equal((await user.run(args)).code, 0);
    } finally {
      await run('umount', ['-l', disk]);
    }
  });

  it('fetch to a full disk ends the recovery and leaves nothing', async function () {
    const disk = join(folder(), 'small');
    await mkdir(disk);
    const mounted = await run('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', disk]).then(
      () => true,
      () => false,
    );
    if (!mounted) this.skip();
    try {
      const name = segment.slice(-24);
      const { code, stderr } = await user.run([
        'wal',
        'fetch',
        name,
        join(disk, 'x'),
        '--from',
        server.archive,
      ]);
      assert.equal(code, 200);
      assert.match(stderr, /disk of .*small\/x is full/);
      assert.deepEqual(await readdir(disk), []);
    } finally {
      await run('umount', ['-l', disk]);
    }
  });

  it('an archive that cannot be written is told apart', async () => {
    await chmod(folder(), 0o555);
    await chmod(join(segment, '..'), 0o755);
    const pushing = asServer(server.cluster, process.execPath, [
      cli,
      'wal',
      'push',
      '--json',
      segment,
      '--to',
      folder(),
    ]);
    const failed = (await pushing.catch((error: unknown) => error)) as { code: number; stdout: string };
    assert.equal(failed.code, 1);
    assert.equal((JSON.parse(failed.stdout) as ErrorDocument).error.code, 'folder.unwritable');
    await chmod(folder(), 0o700);
  });
});
