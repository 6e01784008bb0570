import assert from 'node:assert/strict';
import { checkWal, type WalChecked } from '../../../src/engine/physical';
import { seededRandom } from '../../support/random';
import { WalWriter, crc32c, memoryArchive, walMagic } from '../../support/wal';

const MB = 1024 * 1024;

async function deep(segments: { name: string; bytes: Buffer }[]): Promise<WalChecked> {
  return await checkWal(memoryArchive(Object.fromEntries(segments.map(({ name, bytes }) => [name, bytes]))), {
    deep: true,
  });
}

const said = ({ faults }: WalChecked): [string, string, string | null][] =>
  faults.map(({ file, kind, lsn }) => [file.slice(16), kind, lsn]);

/** A copy with one segment changed. */
function changed(
  segments: { name: string; bytes: Buffer }[],
  index: number,
  change: (bytes: Buffer) => void,
): { name: string; bytes: Buffer }[] {
  return segments.map(({ name, bytes }, at) => {
    const copy = Buffer.from(bytes);
    if (at === index) change(copy);
    return { name, bytes: copy };
  });
}

describe('pages and records of WAL', function () {
  this.timeout(20_000);

  it('have the checksum of RFC 3720', () => {
    assert.equal(crc32c(Buffer.from('123456789')), 0xe3069283);
    assert.equal(crc32c(Buffer.alloc(32)), 0x8a9136aa);
  });

  for (const [major, magic] of Object.entries(walMagic))
    it(`of PostgreSQL ${major} are right`, async () => {
      const writer = new WalWriter({ magic });
      writer.fill();
      const found = await deep(writer.segments());
      assert.ok(found.ok, JSON.stringify(found.faults));
      assert.equal(found.archive.major, Number(major));
    });

  it('of a version to come are read as far as they are the same', async () => {
    const writer = new WalWriter({ magic: 0xd1ff });
    writer.fill();
    const found = await deep(writer.segments());
    assert.ok(found.ok);
    assert.equal(found.archive.major, null);
  });

  for (const [segmentBytes, blockBytes] of [
    [MB, 1024],
    [2 * MB, 65536],
  ] as const)
    it(`of ${blockBytes} bytes in segments of ${segmentBytes} are right, with records of all lengths`, async () => {
      const writer = new WalWriter({ segmentBytes, blockBytes, from: 4096 / (segmentBytes / MB) - 1 });
      const random = seededRandom(5);
      while (writer.at < 2.5 * segmentBytes) writer.record(Math.floor(random() ** 6 * 3 * blockBytes));
      // One that is longer than a segment.
      writer.record(Math.floor(1.5 * segmentBytes));
      writer.record(10);
      const found = await deep(writer.segments());
      assert.deepEqual(said(found), []);
      assert.ok(found.records > 100, `${found.records}`);
    });

  it('are counted once each, with those that lie in two segments', async () => {
    const writer = new WalWriter();
    let records = 0;
    for (; writer.at < 3 * MB - 5000; records++) writer.record(1000);
    assert.equal((await deep(writer.segments())).records, records);
  });

  it('end at a switch: zeros follow, and whatever else follows is told as harmless', async () => {
    const writer = new WalWriter();
    for (let n = 0; n < 100; n++) writer.record(500);
    writer.switch();
    writer.fill();
    const segments = writer.segments();
    assert.deepEqual(said(await deep(segments)), []);
    const found = await deep(changed(segments, 0, (bytes) => (bytes[MB - 1] = 1)));
    assert.deepEqual(
      found.faults.map(({ kind, harmless }) => [kind, harmless]),
      [['afterEnd', true]],
    );
    assert.ok(found.ok);
  });

  it('may end anywhere in the last segment: with zeros, or with pages of the file’s earlier use', async () => {
    const writer = new WalWriter();
    writer.fill();
    for (let n = 0; n < 100; n++) writer.record(500);
    const end = `0/${(MB + writer.at).toString(16).toUpperCase()}`;
    const segments = writer.segments();
    const found = await deep(segments);
    assert.ok(found.ok);
    assert.deepEqual(
      found.ends.map(({ lsn }) => lsn),
      [end],
    );
    const page = Math.ceil((writer.at - MB) / 8192) * 8192;
    const older = await deep(
      changed(segments, 1, (bytes) => void segments[0]!.bytes.copy(bytes, page, page)),
    );
    assert.deepEqual(said(older), []);
    assert.deepEqual(
      older.ends.map(({ lsn }) => lsn),
      [end],
    );
  });

  it('may end in the middle of a record in the last segment', async () => {
    for (const most of [4, 20, 24, 30, 300]) {
      const writer = new WalWriter();
      for (let n = 0; n < 100; n++) writer.record(500);
      writer.record(400, { most });
      const found = await deep(writer.segments());
      assert.deepEqual(said(found), [], `${most}`);
      assert.equal(found.ends.length, 1, `${most}`);
    }
  });

  it('must not end in a segment that another one follows', async () => {
    const writer = new WalWriter();
    writer.fill();
    writer.fill();
    const segments = changed(writer.segments(), 0, (bytes) => bytes.fill(0, 5 * 8192));
    const found = await deep(segments);
    assert.equal(found.faults[0]?.kind, 'endsEarly');
    assert.match(found.faults[0].what, /before its end, and another segment follows/);
    assert.ok(!found.ok);
  });

  it('go on behind a record that a crash cut short', async () => {
    const writer = new WalWriter();
    for (let n = 0; n < 20; n++) writer.record(500);
    writer.record(20_000, { most: 9000 });
    writer.recover();
    writer.fill();
    assert.deepEqual(said(await deep(writer.segments())), []);
  });

  it('of a promotion begin with the timeline before', async () => {
    const old = new WalWriter();
    old.fill();
    const next = new WalWriter({ timeline: 2 });
    next.fill();
    const [a] = old.segments();
    const [b] = next.segments();
    // The first pages copied as they were: the records are the same, the headers the old timeline's.
    const bytes = Buffer.concat([a!.bytes.subarray(0, 5 * 8192), b!.bytes.subarray(5 * 8192)]);
    assert.deepEqual(said(await deep([{ name: b!.name, bytes }])), []);
    const backwards = Buffer.concat([b!.bytes.subarray(0, 5 * 8192), a!.bytes.subarray(5 * 8192)]);
    assert.deepEqual(said(await deep([{ name: b!.name, bytes: backwards }])), [
      ['00000001', 'page', '0/10A000'],
    ]);
  });

  it('with one bit changed are told, with the place', async () => {
    const writer = new WalWriter();
    writer.fill(120);
    writer.fill(120);
    const segments = writer.segments().slice(0, 2);
    const random = seededRandom(11);
    let told = 0;
    const missed: number[] = [];
    for (let n = 0; n < 150; n++) {
      const offset = Math.floor(random() * MB);
      const bit = 1 << Math.floor(random() * 8);
      const found = await deep(changed(segments, 0, (bytes) => (bytes[offset] = bytes[offset]! ^ bit)));
      const [fault] = found.faults;
      if (!fault) missed.push(offset);
      else {
        told++;
        assert.ok(!found.ok);
        assert.equal(fault.file, segments[0]!.name);
        assert.ok(
          fault.offset === null || Math.abs(fault.offset - offset) <= 8192,
          `${fault.offset} for ${offset}`,
        );
      }
    }
    // What no checksum covers: bytes between records, which are multiples of 8, and the unused ones of page headers.
    for (const offset of missed)
      assert.ok(segments[0]!.bytes[offset] === 0 || offset % 8192 < 24, `${offset}`);
    assert.ok(told > 135, `${told}`);
  });

  it('with a page lost, zeroed or of another place are told', async () => {
    const writer = new WalWriter();
    writer.fill();
    writer.fill();
    const segments = writer.segments().slice(0, 2);
    for (const change of [
      (bytes: Buffer): unknown => bytes.fill(0, 3 * 8192, 4 * 8192),
      (bytes: Buffer): unknown => bytes.copy(bytes, 3 * 8192, 7 * 8192, 8 * 8192),
      (bytes: Buffer): unknown => bytes.fill(0xff, 3 * 8192, 4 * 8192),
    ]) {
      const found = await deep(changed(segments, 0, change));
      assert.deepEqual(said(found), [['00000001', 'page', '0/106000']]);
    }
  });
});
