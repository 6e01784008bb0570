import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { checkWal, readWalArchive, type WalArchive } from '../../../src/engine/physical';
import { WalWriter, memoryArchive } from '../../support/wal';

const MB = 1024 * 1024;

/** Names of segments of 16 MB, by timeline and numbers. */
const names = (timeline: number, ...numbers: number[]): Record<string, number> => namesOf(timeline, numbers);

function namesOf(timeline: number, numbers: number[]): Record<string, number> {
  const hex = (n: number): string => n.toString(16).toUpperCase().padStart(8, '0');
  return Object.fromEntries(
    numbers.map((n) => [hex(timeline) + hex(Math.floor(n / 256)) + hex(n % 256), 16 * MB]),
  );
}

const gaps = ({ gaps: list }: WalArchive): string[] =>
  list.map(
    ({ timeline, first, last, segments }) => `${timeline}: ${first.slice(16)}-${last.slice(16)} ${segments}`,
  );

describe('a WAL archive by its listing', () => {
  it('has bands, and gaps between them, also over the border of 4 GB', async () => {
    const archive = await readWalArchive(memoryArchive(names(1, 3, 4, 5, 8, 255, 256)));
    assert.deepEqual(
      archive.timelines[0]?.bands.map(({ from, to, segments, bytes }) => [from, to, segments, bytes]),
      [
        ['0/3000000', '0/6000000', 3, 48 * MB],
        ['0/8000000', '0/9000000', 1, 16 * MB],
        ['0/FF000000', '1/1000000', 2, 32 * MB],
      ],
    );
    assert.deepEqual(gaps(archive), ['1: 00000006-00000007 2', '1: 00000009-000000FE 246']);
    assert.equal(archive.gaps[0]?.from, '0/6000000');
    assert.equal(archive.gaps[0]?.to, '0/8000000');
    assert.equal(archive.segments, 6);
    assert.equal(archive.segmentBytesKnown, false);
  });

  it('goes on in the segment in which a timeline branched', async () => {
    const whole = await readWalArchive(
      memoryArchive({
        ...names(1, 3, 4, 5),
        ...names(2, 6, 7),
        '000000010000000000000006.partial': 16 * MB,
        '00000002.history': '1\t0/6000100\tx\n',
      }),
    );
    assert.deepEqual(gaps(whole), []);
    assert.deepEqual(whole.timelines[1]?.parent, { timeline: 1, lsn: '0/6000100' });
    assert.deepEqual(whole.timelines[0]?.partials, ['000000010000000000000006.partial']);
    assert.deepEqual(whole.duplicates, []);
  });

  it('has a gap where a branch does not go on from what was before it', async () => {
    const history = { '00000002.history': '1\t0/6000100\tx\n' };
    assert.deepEqual(
      gaps(await readWalArchive(memoryArchive({ ...names(1, 3, 4), ...names(2, 6), ...history }))),
      ['1: 00000005-00000005 1'],
    );
    assert.deepEqual(
      gaps(await readWalArchive(memoryArchive({ ...names(1, 3, 4, 5), ...names(2, 8), ...history }))),
      ['2: 00000006-00000007 2'],
    );
    // The old timeline went on, too, and its own gap is told once.
    assert.deepEqual(
      gaps(await readWalArchive(memoryArchive({ ...names(1, 3, 8), ...names(2, 6), ...history }))),
      ['1: 00000004-00000007 4'],
    );
    // What was cleaned away at the beginning is none.
    assert.deepEqual(gaps(await readWalArchive(memoryArchive({ ...names(2, 8, 9), ...history }))), []);
  });

  it('follows a branch of a branch', async () => {
    const archive = await readWalArchive(
      memoryArchive({
        ...names(1, 3, 4),
        ...names(3, 9),
        '00000002.history': '1\t0/5000100\tx\n',
        '00000003.history': '1\t0/5000100\tx\n2\t0/7000100\ty\n',
      }),
    );
    assert.deepEqual(gaps(archive), ['2: 00000005-00000006 2', '3: 00000007-00000008 2']);
    assert.deepEqual(
      archive.timelines.map(({ timeline, parent }) => [timeline, parent?.timeline ?? null]),
      [
        [1, null],
        [2, 1],
        [3, 2],
      ],
    );
  });

  it('tells duplicates, backups, what is no WAL, days, and histories that are none', async () => {
    const archive = await readWalArchive(
      memoryArchive({
        ...names(1, 3),
        '000000010000000000000003.gz': 5 * MB,
        '0000000100000000/000000010000000000000004': 16 * MB,
        '000000010000000000000003.00000028.backup': 'START WAL LOCATION: 0/3000028',
        '00000002.history': 'nonsense\n',
        'notes.txt': 'mine',
      }),
    );
    assert.deepEqual(archive.duplicates, [
      {
        segment: '000000010000000000000003',
        files: ['000000010000000000000003', '000000010000000000000003.gz'],
      },
    ]);
    assert.equal(archive.segments, 2);
    assert.equal(archive.timelines[0]?.bands[0]?.bytes, 21 * MB);
    assert.deepEqual(
      archive.backups.map(({ timeline, lsn }) => [timeline, lsn]),
      [[1, '0/3000028']],
    );
    assert.deepEqual(archive.others, ['notes.txt']);
    assert.deepEqual(archive.days, [{ day: '2026-11-30', segments: 3, bytes: archive.bytes }]);
    assert.deepEqual(
      archive.faults.map(({ file, kind }) => [file, kind]),
      [['00000002.history', 'history']],
    );
  });

  it('of a hundred thousand segments is read without running out of anything', async () => {
    const numbers = Array.from({ length: 150_000 }, (_, index) => (index < 75_000 ? index : index + 1));
    const archive = await readWalArchive(memoryArchive(namesOf(1, numbers)));
    assert.equal(archive.segments, 150_000);
    assert.equal(archive.gaps.length, 1);
  });

  it('without anything is empty', async () => {
    const archive = await readWalArchive(memoryArchive({}));
    assert.equal(archive.segments, 0);
    assert.equal(archive.systemIdentifier, null);
  });
});

describe('a check of a WAL archive', () => {
  function archiveOf(...writers: WalWriter[]): Record<string, Buffer> {
    return Object.fromEntries(
      writers.flatMap((writer) => writer.segments()).map(({ name, bytes }) => [name, bytes]),
    );
  }
  const filled = (options: ConstructorParameters<typeof WalWriter>[0], segments: number): WalWriter => {
    const writer = new WalWriter(options);
    for (let n = 0; n < segments; n++) writer.fill();
    return writer;
  };

  it('takes the size of segments and the cluster from headers', async () => {
    const { archive, ok, records } = await checkWal(memoryArchive(archiveOf(filled({}, 3))), { deep: true });
    assert.equal(archive.segmentBytes, MB);
    assert.equal(archive.segmentBytesKnown, true);
    assert.equal(archive.systemIdentifier, '7713795231221516573');
    assert.equal(archive.major, 17);
    assert.ok(ok);
    assert.ok(records > 3000);
  });

  it('names segments of another cluster, also where a whole timeline is of it', async () => {
    const files = {
      ...archiveOf(filled({}, 3)),
      ...archiveOf(filled({ timeline: 2, from: 9, systemIdentifier: 42n }, 1)),
    };
    const [one] = filled({ systemIdentifier: 43n, from: 2 }, 1).segments();
    files[one!.name] = one!.bytes;
    const { archive, faults, ok } = await checkWal(memoryArchive(files));
    assert.ok(!ok);
    assert.deepEqual(
      archive.foreign.map(({ timeline, systemIdentifier }) => [timeline, systemIdentifier]),
      [[2, '42']],
    );
    assert.deepEqual(
      faults.map(({ file, kind }) => [file, kind]).filter(([, kind]) => kind === 'foreign'),
      [
        ['000000010000000000000002', 'foreign'],
        ['000000020000000000000009', 'foreign'],
        ['00000002000000000000000A', 'foreign'],
      ],
    );
  });

  it('tells empty, zero-filled, short and foreign files, and those under a wrong name', async () => {
    const files = archiveOf(filled({}, 6));
    files['000000010000000000000001'] = Buffer.alloc(0);
    files['000000010000000000000002'] = Buffer.alloc(MB);
    files['000000010000000000000003'] = files['000000010000000000000003']!.subarray(0, 5000);
    files['000000010000000000000004'] = Buffer.from('not WAL at all, but a text that is long enough');
    files['000000010000000000000005'] = files['000000010000000000000006']!;
    files['000000010000000000000006.gz'] = gzipSync(files['000000010000000000000006']!).subarray(0, 4000);
    for (const deep of [false, true]) {
      const { faults } = await checkWal(memoryArchive(files), { deep });
      const kinds = Object.fromEntries(faults.map(({ file, kind }) => [file.slice(22), kind]));
      assert.deepEqual(
        kinds,
        {
          '01': 'empty',
          '02': 'zeros',
          '03': 'size',
          '04': 'notWal',
          '05': 'name',
          ...(deep ? { '06.gz': 'unreadable' } : {}),
        },
        `${deep}`,
      );
      assert.ok(faults.every(({ what }) => what.length > 10));
    }
  });
});
