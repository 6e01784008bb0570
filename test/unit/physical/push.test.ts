import assert from 'node:assert/strict';
import { mkdir, readFile, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { run } from '../../../src/cli/run';
import { fetchWal, pushWal, readWalArchive, WalFolder, type PushOptions } from '../../../src/engine/physical';
import { useTempFolder } from '../../support/fixtures';
import { WalWriter } from '../../support/wal';
import { testIo } from '../cli/io';

const MB = 1024 * 1024;

describe('WAL into an archive and back', () => {
  const folder = useTempFolder();
  let segments: { name: string; bytes: Buffer }[];
  let archive: string;
  let wal: string;

  beforeEach(async () => {
    const writer = new WalWriter();
    writer.fill();
    writer.fill();
    segments = writer.segments();
    archive = join(folder(), 'archive');
    wal = join(folder(), 'data', 'pg_wal');
    await mkdir(archive);
    await mkdir(wal, { recursive: true });
    for (const { name, bytes } of segments) await writeFile(join(wal, name), bytes);
  });

  const first = (): string => join(wal, segments[0]!.name);
  const push = async (path = first(), more: Partial<PushOptions> = {}) =>
    await pushWal(path, { to: archive, compression: 'zstd', ...more });
  const fetch = async (name = segments[0]!.name, pages = true) =>
    await fetchWal(name, join(wal, 'RECOVERYXLOG'), { from: archive, pages });
  /** What other programs see in the archive. */
  const listed = async (): Promise<string[]> =>
    (await readdir(archive)).filter((name) => !name.startsWith('.')).sort();

  for (const [compression, suffix] of [
    ['zstd', '.zst'],
    ['gzip', '.gz'],
    ['none', ''],
  ] as const)
    it(`${compression}: is stored whole, for its owner alone, and comes back the same`, async () => {
      const pushed = await push(first(), { compression });
      assert.equal(pushed.file, join(archive, segments[0]!.name + suffix));
      assert.equal(pushed.already, false);
      assert.equal((await stat(pushed.file)).mode & 0o777, 0o600);
      assert.equal((await stat(pushed.file)).nlink, 1);
      assert.equal(pushed.bytes, (await stat(pushed.file)).size);
      assert.deepEqual(await listed(), [segments[0]!.name + suffix]);
      assert.deepEqual(await readdir(join(archive, '.restore-point')), ['archive.json']);
      await fetch();
      assert.ok((await readFile(join(wal, 'RECOVERYXLOG'))).equals(segments[0]!.bytes));
      assert.ok(!(await readdir(wal)).includes('RECOVERYXLOG.restore-point'));
    });

  it('segments of other sizes are whole, too, and known when they come again', async () => {
    for (const segmentBytes of [32 * MB, 2 * MB]) {
      const [{ name, bytes }] = segmentOf({ segmentBytes });
      await writeFile(join(wal, name), bytes);
      for (const compression of ['zstd', 'gzip', 'none'] as const) {
        await rm(archive, { recursive: true, force: true });
        await mkdir(archive);
        const pushed = await push(join(wal, name), { compression });
        assert.equal(pushed.bytes, (await stat(pushed.file)).size);
        assert.equal((await push(join(wal, name))).already, true);
        await fetch(name);
        assert.ok((await readFile(join(wal, 'RECOVERYXLOG'))).equals(bytes), compression);
      }
    }
  });

  it('the same again is done, in whatever way it is stored', async () => {
    await writeFile(join(archive, `${segments[0]!.name}.gz`), gzipSync(segments[0]!.bytes));
    for (const compression of ['zstd', 'gzip', 'none'] as const) {
      const pushed = await push(first(), { compression });
      assert.deepEqual([pushed.already, pushed.compression], [true, 'gzip']);
    }
    assert.deepEqual(await listed(), [`${segments[0]!.name}.gz`]);
  });

  it('other content under the same name is refused, and stays', async () => {
    for (const [suffix, stored] of [
      ['', segments[0]!.bytes.subarray(0, MB - 1)],
      ['.zst', zstdCompressSync(Buffer.concat([segments[0]!.bytes, Buffer.alloc(1)]))],
      ['.gz', gzipSync(segments[0]!.bytes).subarray(0, 5000)],
    ] as const) {
      const path = join(archive, segments[0]!.name + suffix);
      await writeFile(path, stored);
      await assert.rejects(push(), { code: 'wal.different' });
      assert.ok((await readFile(path)).equals(stored));
      await rm(path);
    }
  });

  it('a segment of another cluster, or with segments of another size, is refused', async () => {
    await push();
    for (const options of [{ systemIdentifier: 42n }, { segmentBytes: 2 * MB }]) {
      const [{ name, bytes }] = segmentOf({ ...options, from: 20 });
      await writeFile(join(wal, name), bytes);
      await assert.rejects(push(join(wal, name)), { code: 'wal.foreign' });
    }
    assert.equal((await listed()).length, 1);
  });

  it('an archive that others have begun is known by its segments', async () => {
    await writeFile(join(archive, `${segments[0]!.name}.gz`), gzipSync(segments[0]!.bytes));
    const [{ name, bytes }] = segmentOf({ systemIdentifier: 42n, from: 20 });
    await writeFile(join(wal, name), bytes);
    await assert.rejects(push(join(wal, name)), { code: 'wal.foreign' });
  });

  it('what is no WAL, cut short, or under a wrong name is refused', async () => {
    const refused = async (name: string, bytes: Buffer | string, code: string): Promise<void> => {
      await writeFile(join(wal, name), bytes);
      await assert.rejects(push(join(wal, name)), { code }, name);
    };
    await refused('postgresql.conf', 'x', 'wal.name');
    await refused(`${segments[0]!.name}.gz`, segments[0]!.bytes, 'wal.name');
    await refused('000000010000000000000009', segments[0]!.bytes, 'wal.broken');
    await refused('000000020000000000000001.partial', segments[0]!.bytes.subarray(0, MB / 2), 'wal.broken');
    await refused(segments[1]!.name, Buffer.alloc(MB), 'wal.broken');
    await refused(segments[1]!.name, '', 'wal.broken');
    assert.deepEqual(await listed(), []);
  });

  it('histories are stored as they are, and a folder that is not there is not made', async () => {
    await writeFile(join(wal, '00000002.history'), '1\t0/1000100\tx\n');
    await push(join(wal, '00000002.history'));
    assert.deepEqual(await listed(), ['00000002.history']);
    await writeFile(join(wal, '00000002.history'), '1\t0/1000200\tx\n');
    await assert.rejects(push(join(wal, '00000002.history')), { code: 'wal.different' });
    await assert.rejects(push(first(), { to: join(folder(), 'absent') }), { code: 'wal.noArchive' });
    await assert.rejects(push(first(), { to: first() }), { code: 'wal.noArchive' });
  });

  it('clears away what killed processes left long ago, and not what may still be written', async () => {
    await push();
    const own = join(archive, '.restore-point');
    const here = hostname().replace(/[^\w-]/g, '_');
    const [old, young, dead, alive] = [
      'a.far.1-2.tmp',
      'b.far.1-2.tmp',
      `c.${here}.4194304-2.tmp`,
      `d.${here}.1-2.tmp`,
    ];
    for (const name of [old, young, dead, alive]) await writeFile(join(own, name!), 'half');
    await utimes(join(own, old!), 1, 1);
    await push(join(wal, segments[1]!.name));
    assert.deepEqual((await readdir(own)).sort(), ['archive.json', young, alive]);
    const { segments: count, others } = await readWalArchive(new WalFolder(archive));
    assert.deepEqual([count, others], [2, []]);
  });

  it('two that push the same at once both are done', async () => {
    const both = await Promise.all([push(), push()]);
    assert.ok(both.some(({ already }) => !already));
    assert.deepEqual(await listed(), [`${segments[0]!.name}.zst`]);
  });

  it('cancelled, leaves nothing', async () => {
    const stop = new AbortController();
    const pushing = push(first(), { signal: stop.signal });
    stop.abort();
    await assert.rejects(pushing, { name: 'AbortError' });
    assert.deepEqual(await listed(), []);
  });

  it('what is not there is told apart from an archive that is not there', async () => {
    await push();
    assert.equal(await fetch('0000000100000000000000FF'), null);
    assert.equal(await fetch('00000007.history'), null);
    await rm(archive, { recursive: true });
    await assert.rejects(fetch(), { code: 'wal.noArchive' });
    await mkdir(archive);
    await assert.rejects(fetch(), { code: 'wal.noArchive' });
  });

  it('a .partial is never taken for the segment', async () => {
    await writeFile(join(archive, `${segments[0]!.name}.partial`), segments[0]!.bytes);
    assert.equal(await fetch(), null);
    await assert.rejects(fetch(`${segments[0]!.name}.partial`), { code: 'wal.name' });
  });

  it('damage is refused, nothing is left, and another copy is taken where there is one', async () => {
    await push(first(), { compression: 'none' });
    const path = join(archive, segments[0]!.name);
    const damages: [string, Buffer][] = [
      ['one bit', flipped(segments[0]!.bytes, 300_000)],
      ['cut', segments[0]!.bytes.subarray(0, 300_000)],
      ['empty', Buffer.alloc(0)],
      ['zeros', Buffer.alloc(MB)],
      ['of another place', segments[1]!.bytes],
    ];
    for (const [what, bytes] of damages) {
      await writeFile(path, bytes);
      await assert.rejects(fetch(), { code: 'wal.damaged' }, what);
      assert.ok(!(await readdir(wal)).some((name) => name.startsWith('RECOVERYXLOG')));
    }
    await writeFile(path, flipped(segments[0]!.bytes, 300_000));
    assert.ok(await fetch(segments[0]!.name, false));
    await writeFile(`${path}.gz`, gzipSync(segments[0]!.bytes));
    assert.equal((await fetch())?.file, `${path}.gz`);
    await writeFile(`${path}.gz`, gzipSync(segments[0]!.bytes).subarray(0, 5000));
    await assert.rejects(fetch(), { code: 'wal.damaged' });
  });

  it('a segment of a cluster other than the one that is recovered is refused', async () => {
    await push();
    await mkdir(join(wal, '..', 'global'));
    const control = Buffer.alloc(8192);
    control.writeBigUInt64LE(7_713_795_231_221_516_573n);
    await writeFile(join(wal, '..', 'global', 'pg_control'), control);
    assert.ok(await fetch());
    control.writeBigUInt64LE(42n);
    await writeFile(join(wal, '..', 'global', 'pg_control'), control);
    await assert.rejects(fetch(), { code: 'wal.damaged', why: /of another cluster/ });
  });

  it('the archive is an artifact to list, inspect and verify', async () => {
    for (const { name } of segments) await push(join(wal, name));
    const said = async (...args: string[]): Promise<{ code: number; document: Record<string, unknown> }> => {
      const { io, out } = testIo({ RESTORE_POINT_HOME: folder() });
      const code = await run([...args, '--json'], io);
      return { code, document: JSON.parse(out()) as Record<string, unknown> };
    };
    const inspected = await said('inspect', archive);
    assert.deepEqual([inspected.code, inspected.document.segments], [0, segments.length]);
    assert.deepEqual(inspected.document, (await said('wal', 'list', archive)).document);
    const { systemIdentifier, major, bytes } = inspected.document;
    assert.deepEqual((await said('list', archive, folder())).document.walArchives, [
      {
        ...{ path: archive, systemIdentifier, major, segments: segments.length, bytes },
        ...{ timelines: 1, gaps: 0 },
      },
    ]);
    const verified = await said('verify', archive);
    assert.deepEqual([verified.code, verified.document.ok, verified.document.deep], [0, true, true]);
    assert.equal((await said('verify', archive, '--level', 'checksum')).document.deep, false);
    assert.equal((await said('verify', archive, '--level', 'rehearsal')).code, 2);
    assert.equal((await said('inspect', archive, '--ddl', 'public.t')).code, 2);
    await rm(join(archive, `${segments[0]!.name}.zst`));
    const harmed = Buffer.from(segments[0]!.bytes);
    harmed[harmed.length >> 1]! ^= 1;
    await writeFile(join(archive, segments[0]!.name), harmed);
    assert.equal((await said('verify', archive)).code, 1);
  });

  describe('exit codes', () => {
    const wal24 = '000000010000000000000001';
    async function cli(...args: string[]): Promise<{ code: number; out: string; err: string }> {
      const { io, out, err } = testIo();
      const code = await run(['wal', ...args], io);
      return { code, out: out(), err: err() };
    }

    it('push: 0 done and silent, 1 refused, 2 wrong use', async () => {
      assert.deepEqual(await cli('push', first(), '--to', archive), { code: 0, out: '', err: '' });
      assert.equal((await cli('push', first(), '--to', join(folder(), 'absent'))).code, 1);
      assert.equal((await cli('push', first())).code, 2);
      assert.equal((await cli('push', first(), '--to', archive, '--compress', 'best')).code, 2);
      const { code, out } = await cli('--json', 'push', first(), '--to', archive);
      assert.equal(code, 0);
      assert.equal((JSON.parse(out) as { already: boolean }).already, true);
    });

    it('fetch: 1 only for what is not there; everything else ends the recovery', async () => {
      await cli('push', first(), '--to', archive, '--compress', 'none');
      const to = join(wal, 'RECOVERYXLOG');
      assert.equal((await cli('fetch', wal24, to, '--from', archive)).code, 0);
      assert.equal((await cli('fetch', '0000000100000000000000AA', to, '--from', archive)).code, 1);
      await writeFile(join(archive, wal24), flipped(segments[0]!.bytes, 5000));
      assert.equal((await cli('fetch', wal24, to, '--from', archive)).code, 200);
      assert.equal((await cli('fetch', wal24, to, '--from', archive, '--on-damage', 'end')).code, 1);
      assert.equal((await cli('fetch', wal24, to, '--from', archive, '--check', 'header')).code, 0);
      for (const args of [
        ['fetch', wal24, to],
        ['fetch', wal24, '--from', archive],
        ['fetch', wal24, to, '--form', archive],
        ['fetch', wal24, to, '--from', join(folder(), 'absent')],
        ['fetch', wal24, to, '--from', join(folder(), 'absent'), '--on-damage', 'end'],
        ['fetch', 'postgresql.conf', to, '--from', archive],
      ])
        assert.equal((await cli(...args)).code, 200, args.join(' '));
    });

    it('check: 1 with a gap or a fault; list: 0', async () => {
      await cli('push', first(), '--to', archive);
      assert.equal((await cli('check', archive, '--deep')).code, 0);
      const path = join(archive, '000000010000000000000009');
      await writeFile(path, 'x');
      const { code, out } = await cli('check', archive);
      assert.equal(code, 1);
      assert.match(out, /000000010000000000000009: It does not begin as a segment of WAL does/);
      assert.match(
        out,
        /GAP on timeline 1: 000000010000000000000002 to 000000010000000000000008 are missing, 7 segments/,
      );
      assert.equal((await cli('list', archive)).code, 0);
      assert.equal((await cli('frobnicate', archive)).code, 2);
    });

    it('cleanup: shows, then removes', async () => {
      for (const { name } of segments.slice(0, 2)) await cli('push', join(wal, name), '--to', archive);
      const args = ['cleanup', archive, '--needed', segments[1]!.name];
      const shown = await cli(...args, '--dry-run');
      assert.match(shown.out, /1 files .* would go/);
      assert.equal((await listed()).length, 2);
      assert.equal((await cli(...args)).code, 0);
      assert.deepEqual(await listed(), [`${segments[1]!.name}.zst`]);
      assert.equal((await cli('cleanup', archive)).code, 1);
      assert.equal((await cli('cleanup', archive, '--needed', 'yesterday')).code, 2);
    });
  });
});

function segmentOf(options: ConstructorParameters<typeof WalWriter>[0]): [{ name: string; bytes: Buffer }] {
  const writer = new WalWriter(options);
  writer.fill();
  return writer.segments() as [{ name: string; bytes: Buffer }];
}

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = copy[at]! ^ 4;
  return copy;
}
