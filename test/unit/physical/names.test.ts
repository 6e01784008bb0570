import assert from 'node:assert/strict';
import {
  formatLsn,
  historyName,
  isSegmentSize,
  parseLsn,
  parseWalName,
  segmentBefore,
  segmentName,
  segmentNumber,
  segmentOf,
  segmentStart,
  segmentsBetween,
} from '../../../src/engine/physical';

const MB = 1024 * 1024;
const SHA1 = 'da39a3ee5e6b4b0d3255bfef95601890afd80709';

describe('names of WAL files', () => {
  for (const [name, wanted] of [
    ['00000001000000000000000D', { kind: 'segment', timeline: 1, log: 0, segment: 13, partial: false }],
    ['0000000A000000FF00000001.gz', { kind: 'segment', timeline: 10, log: 255, compression: 'gzip' }],
    ['00000001000000000000000D.zst', { base: '00000001000000000000000D', compression: 'zstd' }],
    ['00000001000000000000000D.lz4', { compression: 'lz4' }],
    ['00000001000000000000000D.partial', { base: '00000001000000000000000D.partial', partial: true }],
    ['00000001000000000000000D.gz.partial', { partial: true, compression: 'gzip' }],
    ['00000001000000000000000D.partial.zst', { partial: true, compression: 'zstd' }],
    [`00000001000000000000000D-${SHA1}.zst`, { base: '00000001000000000000000D', compression: 'zstd' }],
    ['00000002.history', { kind: 'history', timeline: 2, base: '00000002.history' }],
    ['00000002.history.gz', { kind: 'history', compression: 'gzip' }],
    [
      '00000001000000000000000D.00000028.backup',
      {
        kind: 'backup',
        timeline: 1,
        segment: 13,
        offset: 40,
        base: '00000001000000000000000D.00000028.backup',
      },
    ],
  ] as const)
    it(`${name} is understood`, () => {
      const found: object = parseWalName(name) ?? {};
      for (const [key, value] of Object.entries(wanted))
        assert.equal((found as Record<string, unknown>)[key], value, key);
    });

  for (const name of [
    '',
    '00000001000000000000000',
    '00000001000000000000000d',
    '000000010000000000000001.tmp',
    '000000010000000000000001.bz2',
    '.000000010000000000000001',
    '000000010000000000000001.partial.partial',
    '000000010000000000000001.partial.gz.partial',
    '00000001000000000000000D.00000028.backup.partial',
    '00000002.history.partial',
    '000000000000000000000001',
    '00000000.history',
    '2.history',
    'RECOVERYXLOG',
    '000000010000000000000001\n',
  ])
    it(`${JSON.stringify(name)} is none`, () => assert.equal(parseWalName(name), null));
});

describe('places in the WAL', () => {
  for (const text of ['0/0', '0/D000028', '16/B374D848', 'FFFFFFFF/FFFFFFFF'])
    it(`${text} is read and written`, () => assert.equal(formatLsn(parseLsn(text)), text));
  for (const text of ['', '0', '0/', '/0', '0/123456789', '0x0/0', '0/0 ', 'G/0'])
    it(`${JSON.stringify(text)} is none`, () => assert.throws(() => parseLsn(text), { code: 'wal.lsn' }));
});

describe('segments', () => {
  for (const size of [MB, 16 * MB, 64 * MB, 1024 * MB])
    it(`of ${size / MB} MB: name, number and place agree, also over the border of 4 GB`, () => {
      const perLog = (4096 * MB) / size;
      for (const number of [0, 1, perLog - 1, perLog, perLog + 1, 3 * perLog - 1, 7 * perLog]) {
        const name = segmentName(3, number, size);
        const parsed = parseWalName(name);
        assert.ok(parsed?.kind === 'segment');
        assert.equal(parsed.timeline, 3);
        assert.equal(segmentNumber(parsed, size), number);
        const start = segmentStart(number, size);
        assert.equal(start >> 32n, BigInt(parsed.log));
        assert.equal(segmentOf(start, size), number);
        assert.equal(segmentOf(start + BigInt(size) - 1n, size), number);
        assert.equal(segmentBefore(start + BigInt(size), size), number);
      }
    });

  it('agree with pg_walfile_name', () => {
    // Of a server with 16 MB.
    assert.equal(
      segmentName(1, segmentOf(parseLsn('16/B374D848'), 16 * MB), 16 * MB),
      '0000000100000016000000B3',
    );
    assert.equal(segmentBefore(parseLsn('1/0'), 16 * MB), 255);
    assert.equal(historyName(26), '0000001A.history');
  });

  it('that cannot have a name are told', () => {
    const name = parseWalName('000000010000000000000100');
    assert.ok(name?.kind === 'segment');
    assert.equal(segmentNumber(name, 16 * MB), null);
    assert.equal(segmentNumber(name, 8 * MB), 256);
  });

  it('have sizes that are powers of two from 1 MB to 1 GB', () => {
    for (let size = MB; size <= 1024 * MB; size *= 2) assert.ok(isSegmentSize(size));
    for (const size of [0, MB / 2, 3 * MB, 2048 * MB, 4096 * MB, MB + 0.5, Number.NaN])
      assert.ok(!isSegmentSize(size), `${size}`);
  });

  it('between two places are listed', () => {
    const list = (from: string, to: string): string[] => [
      ...segmentsBetween(1, parseLsn(from), parseLsn(to), 16 * MB),
    ];
    assert.deepEqual(list('0/FE000028', '1/1000000'), [
      '0000000100000000000000FE',
      '0000000100000000000000FF',
      '000000010000000100000000',
    ]);
    assert.deepEqual(list('0/1000000', '0/1000001'), ['000000010000000000000001']);
    assert.deepEqual(list('0/1000000', '0/1000000'), []);
  });
});
