import assert from 'node:assert/strict';
import { parseControlFile } from '../../../src/engine/pgdata/restoring';
import { crc32c, crc32cStep } from '../../../src/engine/pgdata/crc32c';
import { parseBackupLabel, parseTablespaceMap } from '../../../src/engine/pgdata/label';
import { startTime } from '../../../src/engine/pgdata/startTime';
import { formatLsn, parseLsn, segmentName, segmentsOf } from '../../../src/engine/pgdata/lsn';
import { layoutOf, tarsOf } from '../../../src/engine/pgdata/identify';
import { checkWal } from '../../../src/engine/pgdata/wal';
import { createDigest } from '../../../src/engine/pgdata/digest';
import { controlFile } from './support';

describe('crc32c', () => {
  it('is the one of RFC 3720, whatever the pieces and their alignment', () => {
    assert.equal(crc32c(Buffer.from('123456789')), 0xe3069283);
    assert.equal(crc32c(Buffer.alloc(32)), 0x8a9136aa);
    const bytes = Buffer.from(Array.from({ length: 1000 }, (_, i) => (i * 7) & 255));
    for (const cut of [0, 1, 3, 8, 13, 500, 999]) {
      const state = crc32cStep(crc32cStep(-1, bytes.subarray(0, cut)), bytes.subarray(cut));
      assert.equal(~state >>> 0, crc32c(Buffer.from(bytes)), `${cut}`);
    }
  });

  it('is written as it lies in memory', () => {
    const digest = createDigest('CRC32C');
    digest.update(Buffer.from('123456789'));
    assert.equal(digest.digest().toString('hex'), '839206e3');
  });
});

describe('the control file', () => {
  for (const version of [1300, 1700, 1800] as const)
    it(`of version ${version}`, () => {
      const control = parseControlFile(controlFile(version));
      assert.equal(control.systemIdentifier, '7713797272622460311');
      assert.deepEqual([control.checkpoint, control.redo, control.timeline], ['1/F000060', '1/F000028', 3]);
      assert.deepEqual(
        [control.state, control.checksums, control.walSegmentBytes],
        ['in production', true, 1 << 24],
      );
      assert.equal(control.settings.max_locks_per_transaction, 64);
      assert.equal(control.modifiedAt, '2025-11-30T03:13:25.000Z');
    });

  it('with any bit changed is refused', () => {
    const good = controlFile(1700);
    for (let at = 0; at < 292; at++) {
      const bad = Buffer.from(good);
      bad[at]! ^= 1 << (at % 8);
      assert.throws(() => parseControlFile(bad), { code: 'pgdata.unreadable' }, `byte ${at}`);
    }
  });

  it('that is cut, of another version, or cannot be is refused', () => {
    assert.throws(() => parseControlFile(controlFile(1300).subarray(0, 200)), /only 200 bytes/);
    assert.throws(() => parseControlFile(controlFile(1300, (b) => b.writeUInt32LE(942, 8))), /version 942/);
    assert.throws(() => parseControlFile(controlFile(1300, (b) => b.writeUInt32LE(77, 16))), /cannot be/);
    assert.throws(() => parseControlFile(controlFile(1300, (b) => b.writeUInt32LE(12345, 228))), /cannot be/);
  });
});

describe('the backup label', () => {
  const text = `START WAL LOCATION: 0/D000028 (file 00000001000000000000000D)
CHECKPOINT LOCATION: 0/D000080
BACKUP METHOD: streamed
BACKUP FROM: standby
START TIME: 2026-11-30 03:13:37 UTC
LABEL: a: b
START TIMELINE: 7
`;
  it('is read', () => {
    assert.deepEqual(parseBackupLabel(text), {
      startLsn: '0/D000028',
      checkpoint: '0/D000080',
      method: 'streamed',
      from: 'standby',
      startedAt: '2026-11-30 03:13:37 UTC',
      label: 'a: b',
      timeline: 7,
      incrementalFrom: null,
    });
    const incremental = parseBackupLabel(`${text}INCREMENTAL FROM LSN: 0/C000028\nINCREMENTAL FROM TLI: 6\n`);
    assert.deepEqual(incremental.incrementalFrom, { lsn: '0/C000028', timeline: 6 });
  });

  it('without a place is refused', () => {
    for (const line of ['START WAL LOCATION', 'CHECKPOINT LOCATION', 'START TIMELINE'])
      assert.throws(() => parseBackupLabel(text.replace(line, 'X')), { code: 'pgdata.unreadable' });
    assert.throws(() => parseBackupLabel(`${text}INCREMENTAL FROM LSN: zero\n`), {
      code: 'pgdata.unreadable',
    });
  });

  it('has a time', () => {
    assert.equal(startTime('2026-11-30 03:13:37 UTC')?.toISOString(), '2026-11-30T03:13:37.000Z');
    assert.equal(startTime('2026-11-30 03:13:37 +05')?.toISOString(), '2026-11-29T22:13:37.000Z');
    assert.equal(startTime('yesterday'), null);
  });

  it('has a map of tablespaces beside it, with any path', () => {
    assert.deepEqual(parseTablespaceMap('16384 /a/b\n16390 /c\\\nd\\\\e f\n'), [
      { oid: 16384, location: '/a/b' },
      { oid: 16390, location: '/c\nd\\e f' },
    ]);
    for (const bad of ['/a\n', '0 /a\n', '99999999999 /a\n'])
      assert.throws(() => parseTablespaceMap(bad), { code: 'pgdata.unreadable' });
  });
});

describe('WAL positions', () => {
  it('are numbers and back', () => {
    assert.equal(formatLsn(parseLsn('1A/2B3C4D')!), '1A/2B3C4D');
    for (const bad of ['', '1', '1/', '/2', '1/2/3', 'g/1', '123456789/0']) assert.equal(parseLsn(bad), null);
  });

  it('name segments of any size', () => {
    assert.equal(segmentName(1, 0xd000028n, 1 << 24), '00000001000000000000000D');
    assert.equal(segmentName(2, 0x1_00000000n, 1 << 24), '000000020000000100000000');
    assert.equal(segmentName(1, 0x40000000n, 1 << 30), '000000010000000000000001');
    const range = { timeline: 1, start: '0/FE000028', end: '1/1000000' };
    assert.deepEqual(segmentsOf(range, 1 << 24), [
      '0000000100000000000000FE',
      '0000000100000000000000FF',
      '000000010000000100000000',
    ]);
    assert.equal(segmentsOf({ timeline: 1, start: '2/0', end: '1/0' }, 1 << 24), null);
    assert.equal(segmentsOf({ timeline: 1, start: '0/0', end: 'FFFFFFFF/0' }, 1 << 24), null);
  });

  it('have to be there, each segment with its own header', () => {
    const range = { timeline: 1, start: '0/2000028', end: '0/3000100' };
    const head = (address: bigint): Buffer => {
      const bytes = Buffer.alloc(40);
      bytes.writeUInt16LE(2, 2);
      bytes.writeBigUInt64LE(address, 8);
      bytes.writeBigUInt64LE(77n, 24);
      bytes.writeUInt32LE(1 << 24, 32);
      return bytes;
    };
    const segment = (name: string, address: bigint, bytes = 1 << 24) =>
      [name, { name, bytes, head: head(address) }] as const;
    const first = segment('000000010000000000000002', 0x2000000n);
    const second = segment('000000010000000000000003', 0x3000000n);
    const faults = (...found: (readonly [string, { name: string; bytes: number; head: Buffer }])[]) =>
      checkWal([range], new Map(found), '77').faults.map(({ entry }) => entry);
    assert.deepEqual(faults(first, second), []);
    assert.deepEqual(faults(first), ['pg_wal/000000010000000000000003']);
    assert.deepEqual(faults(first, segment(second[0], 0x3000000n, 5)), ['pg_wal/000000010000000000000003']);
    assert.deepEqual(faults(first, segment(second[0], 0x4000000n)), ['pg_wal/000000010000000000000003']);
    assert.equal(checkWal([range], new Map([first, second]), '78').faults.length, 2);
  });
});

describe('the names in a folder', () => {
  it('tell a base backup', () => {
    assert.deepEqual(layoutOf(['PG_VERSION', 'backup_label', 'global', 'base']), {
      layout: 'plain',
      compression: 'none',
    });
    assert.deepEqual(layoutOf(['base.tar.zst', 'pg_wal.tar']), { layout: 'tar', compression: 'zstd' });
    assert.equal(layoutOf(['PG_VERSION', 'global', 'base']), null, 'a cluster that is no backup');
    assert.equal(layoutOf(['database.tar']), null);
    assert.deepEqual(
      tarsOf(['pg_wal.tar', '16384.tar.gz', 'base.tar', 'x.tar']).map(({ holds }) => holds),
      ['base', 16384, 'wal'],
    );
  });
});
