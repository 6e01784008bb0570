import assert from 'node:assert/strict';
import {
  reachOf,
  recoveryMaps,
  windowInWords,
  type BackupSet,
  type RecoveryMap,
  type WalArchive,
  type WalBand,
} from '../../../src/engine/physical';

const SEGMENT = 16 * 1024 * 1024;
const at = (minute: number): string => new Date(Date.UTC(2026, 10, 18, 9, minute)).toISOString();

/** Segment N is archived in minute N. */
const band = (timeline: number, first: number, last: number): WalBand => {
  const name = (n: number): string =>
    `0000000${timeline}00000000000000${n.toString(16).padStart(2, '0').toUpperCase()}`;
  const lsn = (n: number): string => `0/${(n * SEGMENT).toString(16).toUpperCase()}`;
  return {
    ...{ timeline, from: lsn(first), to: lsn(last + 1), first: name(first), last: name(last) },
    ...{ segments: last - first + 1, bytes: 1, firstModified: at(first), lastModified: at(last) },
  };
};

const archive = (different: Partial<WalArchive> = {}): WalArchive => ({
  ...{ name: '/wal', systemIdentifier: '1', major: 17, segmentBytes: SEGMENT, segmentBytesKnown: true },
  ...{ segments: 1, bytes: 1, gaps: [], backups: [], duplicates: [], foreign: [], days: [], others: [] },
  timelines: [
    { timeline: 1, parent: null, history: [], bands: [band(1, 2, 9)], partials: [], segments: 8, bytes: 8 },
  ],
  ...{ faults: [] },
  ...different,
});

/** Begins in minute `segment` and takes half a minute, within its segment. */
const set = (segment: number, different: Partial<BackupSet> = {}): BackupSet => {
  const lsn = (offset: number): string => `0/${(segment * SEGMENT + offset).toString(16).toUpperCase()}`;
  return {
    ...{ id: `1/1/${segment}`, where: `/b/${segment}`, keeper: 'files', level: 'full', parent: null },
    ...{ systemIdentifier: '1', timeline: 1, startLsn: lsn(40), stopLsn: lsn(400) },
    ...{ startedAt: at(segment - 0.5), stoppedAt: at(segment - 0.25), serverVersion: '17', major: 17 },
    ...{ label: '', bytes: 1, evidence: null },
    ...different,
  };
};

const only = (sets: BackupSet[], archives: WalArchive[], own = true): RecoveryMap => {
  const maps = recoveryMaps(sets, archives, () => own);
  assert.equal(maps.length, 1);
  return maps[0]!;
};

const gappy = (): WalArchive =>
  archive({
    timelines: [
      {
        ...{ timeline: 1, parent: null, history: [], partials: [], segments: 6, bytes: 6 },
        bands: [band(1, 2, 4), band(1, 7, 9)],
      },
    ],
    gaps: [
      {
        ...{ timeline: 1, first: '000000010000000000000005', last: '000000010000000000000006' },
        ...{ segments: 2, from: '0/5000000', to: '0/7000000' },
      },
    ],
  });

describe('the map of what can be recovered', () => {
  it('has nothing where there is nothing, and ends of backups where there is no archive', () => {
    assert.deepEqual(
      recoveryMaps([], [], () => true),
      [],
    );
    const bare = only([set(3)], []);
    assert.deepEqual([bare.archive, bare.gaps, bare.windows.length], [null, [], 1]);
    assert.deepEqual(bare.timelines, [{ timeline: 1, parent: null, bands: [] }]);
    const none = only([set(3)], [], false);
    assert.match(windowInWords(none, { now: new Date() }), /Nothing can be reached/);
    const walOnly = only([], [archive()]);
    assert.deepEqual([walOnly.marks, walOnly.windows], [[], []]);
  });

  it('has one line per cluster, that with the newest backup first', () => {
    const other = set(8, { systemIdentifier: '2', id: '2/1/8', where: '/b/other' });
    const maps = recoveryMaps([set(3), other], [archive()], () => true);
    assert.deepEqual(
      maps.map(({ systemIdentifier, archive: name, marks }) => [systemIdentifier, name, marks.length]),
      [
        ['2', null, 1],
        ['1', '/wal', 1],
      ],
    );
  });

  it('puts a backup that does not say its cluster to the only one there is', () => {
    assert.equal(only([set(3, { systemIdentifier: null })], [archive()]).marks.length, 1);
    const two = recoveryMaps(
      [set(3, { systemIdentifier: null }), set(4, { systemIdentifier: '2' })],
      [archive()],
      () => true,
    );
    assert.deepEqual(two.map(({ systemIdentifier }) => systemIdentifier).sort(), ['1', '2', null]);
  });

  it('draws bands with their times, from the begin of a backup that began in them', () => {
    const { timelines } = only([set(2)], [archive()]);
    assert.deepEqual(timelines[0]?.bands, [
      {
        ...{ timeline: 1, segments: 8 },
        from: { lsn: '0/2000000', time: at(1.5) },
        to: { lsn: '0/A000000', time: at(9) },
      },
    ]);
  });

  it('tells of a gap what is missing and between which times, and what is reached before and behind it', () => {
    const map = only([set(2), set(8)], [gappy()]);
    assert.deepEqual(map.gaps, [
      {
        ...{ timeline: 1, first: '000000010000000000000005', last: '000000010000000000000006', segments: 2 },
        from: { lsn: '0/5000000', time: at(4) },
        to: { lsn: '0/7000000', time: at(7) },
      },
    ]);
    assert.deepEqual(
      map.windows.map(({ set: from, to, stopsAt }) => [from.where, to.lsn, stopsAt]),
      [
        ['/b/8', '0/A000000', null],
        ['/b/2', '0/5000000', '000000010000000000000005'],
      ],
    );
    const words = windowInWords(map, { now: new Date(Date.parse(at(9)) + 40_000), locale: 'en-GB' });
    assert.match(words, /^Wed.? 18 Nov.* → 40 s ago, one gap$/);
    const inGap = reachOf(map.windows, { target: { kind: 'time', time: at(6) } });
    assert.ok(inGap.window === null);
    assert.deepEqual(
      [inGap.error.code, inGap.before?.at, inGap.after?.at, inGap.after?.window.set.where],
      ['recovery.unreachable', at(4), at(7.75), '/b/8'],
    );
    assert.match(inGap.error.why, /000000010000000000000005 is missing before it/);
    const within = reachOf(map.windows, { target: { kind: 'time', time: at(3) } });
    assert.equal(within.window?.set.where, '/b/2');
    const never = reachOf(map.windows, { target: { kind: 'time', time: 'never' } });
    assert.ok(never.window === null);
    assert.deepEqual([never.error.code, never.before, never.after], ['recovery.time', null, null]);
  });

  it('says of a chain what is missing', () => {
    const child = set(4, { level: 'incremental', parent: '1/1/3', id: '1/1/4' });
    const broken = only([child], [archive()]);
    assert.deepEqual([broken.marks[0]?.missing, broken.windows], ['1/1/3', []]);
    const whole = only([child, set(3)], [archive()]);
    assert.deepEqual(
      whole.marks.map(({ chain, missing }) => [chain, missing]),
      [
        [['/b/3'], null],
        [['/b/3', '/b/4'], null],
      ],
    );
  });

  it('shows where a timeline branched and about when', () => {
    const history = [{ timeline: 1, lsn: '0/6800000', reason: '' }];
    const branched = archive({
      timelines: [
        archive().timelines[0]!,
        {
          ...{
            timeline: 2,
            parent: { timeline: 1, lsn: '0/6800000' },
            history,
            partials: [],
            segments: 3,
            bytes: 3,
          },
          bands: [band(2, 6, 11)],
        },
      ],
    });
    const { timelines, windows } = only([set(3)], [branched]);
    const parent = timelines[1]?.parent;
    assert.deepEqual([parent?.timeline, parent?.lsn], [1, '0/6800000']);
    assert.ok(parent?.time && parent.time > at(5) && parent.time < at(7), parent?.time ?? 'null');
    assert.deepEqual(
      windows.map(({ timeline, to }) => [timeline, to.lsn]),
      [
        [2, '0/C000000'],
        [1, '0/A000000'],
      ],
    );
  });
});
