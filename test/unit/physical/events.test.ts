import assert from 'node:assert/strict';
import {
  formatLsn,
  scanEvents,
  type Scanned,
  type ScanRequest,
  type WalEvent,
} from '../../../src/engine/physical';
import { decodePglz } from '../../../src/engine/physical/events/pglz';
import { memoryArchive, walMagic, WalWriter } from '../../support/wal';

const MB = 1024 * 1024;
const EPOCH = Date.UTC(2000, 0, 1);

/** A commit of a transaction at a time; `parts` are its subtransactions. */
function commit(wal: WalWriter, xid: number, time: string, parts: number[] = []): string {
  const main = Buffer.alloc(8 + (parts.length ? 8 + parts.length * 4 : 0));
  main.writeBigInt64LE(BigInt(Date.parse(time) - EPOCH) * 1000n, 0);
  if (parts.length) {
    main.writeUInt32LE(2, 8);
    main.writeUInt32LE(parts.length, 12);
    for (const [i, part] of parts.entries()) main.writeUInt32LE(part, 16 + i * 4);
  }
  const head = Buffer.alloc(main.length < 256 ? 2 : 5);
  head[0] = main.length < 256 ? 255 : 254;
  if (main.length < 256) head[1] = main.length;
  else head.writeUInt32LE(main.length, 1);
  return formatLsn(wal.record(Buffer.concat([head, main]), { rmid: 1, info: parts.length ? 0x80 : 0, xid }));
}

const filesOf = (...writers: WalWriter[]): Record<string, Buffer> =>
  Object.fromEntries(writers.flatMap((wal) => wal.segments().map(({ name, bytes }) => [name, bytes])));

async function scan(
  files: Record<string, Buffer | string>,
  request: ScanRequest = {},
): Promise<{ events: WalEvent[]; scanned: Scanned }> {
  const events: WalEvent[] = [];
  const scanned = await scanEvents(memoryArchive(files), request, (event) => events.push(event));
  return { events, scanned };
}

const at = (minute: number): string => new Date(Date.UTC(2026, 10, 30, 12, minute)).toISOString();

describe('events in WAL that no server writes on demand', () => {
  it('a clock that went back is told, and both times are listed', async () => {
    const wal = new WalWriter({ segmentBytes: MB });
    for (const [i, minute] of [1, 2, 3].entries()) commit(wal, 700 + i, at(minute));
    const back = commit(wal, 703, at(2));
    commit(wal, 704, at(4));
    const { events, scanned } = await scan(filesOf(wal), { from: { time: at(2) }, to: { time: at(2) } });
    assert.deepEqual(
      events.map((event) => event.kind === 'commit' && event.xid),
      ['701', '703'],
    );
    const [from, to] = [3, 2].map((minute) => at(minute).replace('.000Z', '.000000Z'));
    assert.deepEqual(scanned.clockBack, [{ lsn: back, from, to }]);
  });

  it('a time is found without reading all of an archive, over segments in which nothing ends', async () => {
    const wal = new WalWriter({ segmentBytes: MB });
    for (let minute = 0; minute < 12; minute++) {
      commit(wal, 700 + minute, at(minute));
      wal.fill(5000);
      if (minute % 3 === 0) wal.fill(5000);
    }
    const { events, scanned } = await scan(filesOf(wal), { from: { time: at(5) }, to: { time: at(6) } });
    assert.deepEqual(
      events.map(({ time }) => time.slice(0, 16)),
      [at(5).slice(0, 16), at(6).slice(0, 16)],
    );
    assert.ok(scanned.segments <= 4, `${scanned.segments}`);
  });

  it('a commit that is longer than a segment is read whole, or told as far as it was kept', async () => {
    const wal = new WalWriter({ segmentBytes: MB });
    const parts = Array.from({ length: 600_000 }, (_, i) => 1000 + i);
    const long = commit(wal, 700, at(1), parts);
    const longer = commit(wal, 701, at(2), [
      ...parts,
      ...parts,
      ...parts,
      ...parts,
      ...parts,
      ...parts,
      ...parts,
      ...parts,
    ]);
    const last = commit(wal, 702, at(3));
    const { events, scanned } = await scan(filesOf(wal));
    assert.deepEqual(
      events.map(({ lsn, time }) => [lsn, time.slice(0, 16)]),
      [
        [long, at(1).slice(0, 16)],
        [longer, at(2).slice(0, 16)],
        [last, at(3).slice(0, 16)],
      ],
    );
    assert.deepEqual(scanned.unread, []);
  });

  it('a way leads through the timelines it came from, also with a record that lies in both', async () => {
    const wal = new WalWriter({ segmentBytes: MB });
    commit(wal, 700, at(1));
    wal.fill(5000);
    const second = commit(wal, 701, at(2));
    wal.fill(5000);
    commit(wal, 702, at(3));
    const [one, two, three] = wal.segments();
    const files = {
      [one!.name]: one!.bytes,
      [two!.name]: two!.bytes,
      [three!.name]: three!.bytes,
      '00000002.history': `1\t${second}\tno recovery target specified\n`,
      // A promotion copies the segment it happens in.
      [two!.name.replace('00000001', '00000002')]: two!.bytes,
    };
    const { events, scanned } = await scan(files);
    assert.deepEqual(
      events.map((event) => [event.kind === 'commit' && event.xid, event.timeline]),
      [
        ['700', 1],
        ['701', 2],
      ],
    );
    assert.deepEqual([scanned.timeline, scanned.unread], [2, []]);
    const old = await scan(files, { timeline: 1 });
    assert.deepEqual(
      old.events.map(({ timeline }) => timeline),
      [1, 1, 1],
    );
  });

  it('missing and damaged segments are told, and what is behind them is read', async () => {
    const wal = new WalWriter({ segmentBytes: MB });
    for (let minute = 0; minute < 5; minute++) {
      commit(wal, 700 + minute, at(minute));
      wal.fill(5000);
    }
    const files = filesOf(wal);
    const names = Object.keys(files).sort();
    delete files[names[1]!];
    files[names[3]!] = Buffer.from(files[names[3]!]!);
    files[names[3]!]!.fill(0xff, 9000, 9100);
    const { events, scanned } = await scan(files);
    assert.deepEqual(
      events.map((event) => event.kind === 'commit' && event.xid),
      ['700', '702', '703', '704'],
    );
    assert.deepEqual(scanned.missing, [{ first: names[1], last: names[1] }]);
    assert.deepEqual(
      scanned.unread.map(({ file }) => file),
      [names[3]],
    );
  });

  it('many transactions are given on one by one', async () => {
    const wal = new WalWriter({ segmentBytes: 16 * MB });
    for (let i = 0; i < 20_000; i++) commit(wal, 1000 + i, at(1));
    const files = filesOf(wal);
    let count = 0;
    await scanEvents(memoryArchive(files), {}, () => count++);
    assert.equal(count, 20_000);
  });

  it('another release is refused', async () => {
    const wal = new WalWriter({ segmentBytes: MB, magic: walMagic[14] });
    commit(wal, 700, at(1));
    await assert.rejects(scan(filesOf(wal)), { code: 'events.major' });
  });

  it('can be cancelled', async () => {
    const wal = new WalWriter({ segmentBytes: MB });
    commit(wal, 700, at(1));
    await assert.rejects(
      scanEvents(memoryArchive(filesOf(wal)), {}, () => {}, { signal: AbortSignal.abort() }),
      { name: 'AbortError' },
    );
  });

  it('pages that pglz packed come out, and what would reach outside is refused', () => {
    const out = Buffer.alloc(8);
    // A byte, then six bytes from one before, then a byte.
    assert.equal(decodePglz(Buffer.from([0b010, 97, 0x03, 0x01, 98]), out), 8);
    assert.equal(out.toString(), 'aaaaaaab');
    assert.throws(() => decodePglz(Buffer.from([0b001, 0x03, 0x01]), out), /before the data/);
    assert.throws(() => decodePglz(Buffer.from([0b010, 97, 0x03]), out), /inside a reference/);
  });
});
