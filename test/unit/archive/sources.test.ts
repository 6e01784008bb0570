import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import type { Transform } from 'node:stream';
import { createInflate, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { compressions } from '../../../src/engine/archive/compressions';
import { DamageError } from '../../../src/engine/archive/errors';
import { BufferSource } from '../../../src/engine/archive/io/buffer-source';
import { ChunkSource } from '../../../src/engine/archive/io/chunk-source';
import { DecodedSource } from '../../../src/engine/archive/io/decoded-source';
import { JoinedSource } from '../../../src/engine/archive/io/joined-source';
import { SliceSource } from '../../../src/engine/archive/io/slice-source';
import type { ByteSource } from '../../../src/engine/archive/io/source';
import { SpoolBudget } from '../../../src/engine/archive/io/spool';
import { isCancelled } from '../../../src/engine/errors';
import { seededRandom } from '../../support/random';

const MB = 1024 * 1024;

/** Text that compresses about as rows do. */
function text(size: number): Buffer {
  const random = seededRandom(7);
  const words = Array.from({ length: 500 }, () => Math.floor(random() * 1e9).toString(36));
  const lines: string[] = [];
  for (let length = 0; length < size;) {
    const line = Array.from({ length: 9 }, () => words[Math.floor(random() * 500)]).join('\t');
    lines.push(line);
    length += line.length + 1;
  }
  return Buffer.from(lines.join('\n')).subarray(0, size);
}

function lz4(input: Buffer, ...options: string[]): Buffer {
  return execFileSync('lz4', ['-c', ...options], {
    ...{ input, stdio: ['pipe', 'pipe', 'ignore'], maxBuffer: 1 << 28 },
  });
}

async function read(source: ByteSource, from: number, length = Infinity): Promise<Buffer> {
  const parts: Buffer[] = [];
  let missing = length;
  for await (const part of source.stream(from)) {
    parts.push(Buffer.from(part));
    if ((missing -= part.length) <= 0) break;
  }
  return Buffer.concat(parts).subarray(0, length);
}

/** A chunk list as custom archives have it, with chunks of given sizes in turn. */
function chunkList(content: Buffer, sizes: number[]): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0, i = 0; at < content.length; i++) {
    const chunk = content.subarray(at, at + sizes[i % sizes.length]!);
    const head = Buffer.alloc(5);
    head.writeUInt32LE(chunk.length, 1);
    parts.push(head, chunk);
    at += chunk.length;
  }
  return Buffer.concat([...parts, Buffer.alloc(5)]);
}

describe('sources of bytes', () => {
  const content = text(6 * MB);
  const zipped = deflateSync(content, { level: 1 });
  const random = seededRandom(3);
  const places = [
    0,
    1,
    content.length - 1,
    content.length,
    ...Array.from({ length: 20 }, () => random() * content.length),
  ].map(Math.floor);

  /** A decoded source that counts how often decoding began. */
  function inflated(disk: number, input = zipped) {
    const starts = { count: 0 };
    const decoder = (): Transform => {
      starts.count++;
      return createInflate({ chunkSize: 64 * 1024 });
    };
    const source = new DecodedSource(new BufferSource(input), { decoder }, new SpoolBudget(disk));
    return { source, starts };
  }

  async function checkPlaces(source: ByteSource): Promise<void> {
    for (const place of places)
      assert.ok(
        (await read(source, place, 5000)).equals(content.subarray(place, place + 5000)),
        `from ${place}`,
      );
  }

  it('give slices and joined parts from any position', async () => {
    const whole = new BufferSource(Buffer.concat([Buffer.from('before'), content, Buffer.from('after')]));
    const slice = new SliceSource(whole, 6, content.length);
    await checkPlaces(slice);
    const cuts = [0, 100, 100, 3 * MB, content.length];
    await checkPlaces(
      new JoinedSource(cuts.slice(1).map((to, i) => new SliceSource(slice, cuts[i]!, to - cuts[i]!))),
    );
    await assert.rejects(read(new SliceSource(whole, 6, content.length + 100), 0), DamageError);
  });

  it('give chunk lists from any position, whatever the chunks', async () => {
    for (const sizes of [[70, 1, 300], [128 * 1024], [1, 400_000, 7]]) {
      const list = chunkList(content, sizes);
      const file = Buffer.concat([Buffer.from('head'), list, Buffer.from('tail')]);
      const source = new ChunkSource(new BufferSource(file), 4, 4, null);
      await checkPlaces(source);
      assert.equal(source.size, content.length);
      assert.ok(Math.abs(source.storedBefore(content.length) - list.length) < 600_000);
    }
  });

  it('tell of a chunk list that is cut after all that came before', async () => {
    const list = chunkList(content, [1000]).subarray(0, 3 * MB);
    const source = new ChunkSource(new BufferSource(list), 4, 0, null);
    let given = 0;
    await assert.rejects(async () => {
      for await (const part of source.stream(2 * MB)) given += part.length;
    }, DamageError);
    assert.ok(given > 0.9 * MB && content.subarray(2 * MB, 2 * MB + given).length === given);
  });

  it('decode once, however often and side by side they are read, while there is room on the disk', async () => {
    const { source, starts } = inflated(100 * MB);
    const all = await Promise.all([
      read(source, 0),
      read(source, 5 * MB),
      read(source, 100),
      read(source, 0),
    ]);
    assert.ok(all[0]!.equals(content) && all[3]!.equals(content));
    assert.ok(all[1]!.equals(content.subarray(5 * MB)) && all[2]!.equals(content.subarray(100)));
    await checkPlaces(source);
    assert.equal(starts.count, 1);
    assert.equal(source.size, content.length);
    assert.ok(Math.abs(source.storedBefore(3 * MB) - zipped.length / 2) < zipped.length / 20);
    await source.close();
  });

  it('tell roughly how far they are from the first piece on', async () => {
    const { source } = inflated(100 * MB);
    for await (const part of source.stream(0)) {
      const before = source.storedBefore(part.length);
      assert.ok(before > 0 && before <= zipped.length, `${before}`);
      break;
    }
    await source.close();
  });

  it('go on without room on the disk: forward without beginning anew, back by beginning anew', async () => {
    for (const disk of [0, 2 * MB]) {
      const { source, starts } = inflated(disk);
      for (let at = 0; at < content.length; at += 300_000)
        assert.ok((await read(source, at, 1000)).equals(content.subarray(at, at + 1000)));
      assert.equal(starts.count, 1);
      // A little back is no new beginning either.
      await read(source, content.length - 600_000, 1000);
      assert.equal(starts.count, 1);
      await checkPlaces(source);
      const sideBySide = await Promise.all([3, 0, 4, 1, 2].map((n) => read(source, n * MB)));
      for (const [i, n] of [3, 0, 4, 1, 2].entries())
        assert.ok(sideBySide[i]!.equals(content.subarray(n * MB)));
      await source.close();
    }
  });

  it('leave no file behind, and no name of one while they are open', async () => {
    const ours = async (): Promise<string[]> =>
      (await readdir(tmpdir())).filter((name) => name.startsWith('restore-point-'));
    const before = await ours();
    const { source } = inflated(100 * MB);
    await read(source, 0);
    if (process.platform !== 'win32') assert.deepEqual(await ours(), before);
    await source.close();
    assert.deepEqual(await ours(), before);
  });

  it('give up what was not read for longest, when several want the disk', async () => {
    const budget = new SpoolBudget(8 * MB);
    const make = (): DecodedSource =>
      new DecodedSource(new BufferSource(zipped), { decoder: () => createInflate() }, budget);
    const sources = [make(), make(), make()];
    for (const source of [...sources, ...sources]) {
      assert.ok((await read(source, 0)).equals(content));
      await checkPlaces(source);
    }
    for (const source of sources) await source.close();
    assert.ok(await budget.take({} as never, 8 * MB), 'all is given back');
  });

  it('stop waiting when cancelled, and others do not notice', async () => {
    for (const disk of [0, 100 * MB]) {
      const { source, starts } = inflated(disk);
      const controller = new AbortController();
      const cancelled = (async () => {
        for await (const part of source.stream(0, { signal: controller.signal }))
          if (part.length > 0) controller.abort();
      })();
      const other = read(source, 0);
      await assert.rejects(cancelled, isCancelled);
      assert.ok((await other).equals(content));
      assert.ok(starts.count <= 2);
      await source.close();
    }
  });

  it('give everything before damage, every time', async () => {
    const broken = Buffer.from(zipped);
    const half = zipped.length >> 1;
    broken.fill(0xff, half, half + 50);
    for (const [input, disk] of [
      [broken, 0],
      [broken, 100 * MB],
      [zipped.subarray(0, half), 0],
      [zipped.subarray(0, half), 100 * MB],
    ] as const) {
      const { source } = inflated(disk, input);
      for (let round = 0; round < 3; round++) {
        let given = 0;
        await assert.rejects(async () => {
          for await (const part of source.stream(MB)) {
            // Changed bytes may decode to something for a while.
            if (given + part.length < 1.8 * MB)
              assert.ok(part.equals(content.subarray(MB + given, MB + given + part.length)));
            given += part.length;
          }
        }, DamageError);
        assert.ok(given > 1.8 * MB, `${given} bytes`);
      }
      await source.close();
    }
  });

  it('decode with every codec, also when they are read slowly', async () => {
    for (const [name, packed] of [
      ['gzip', gzipSync(content)],
      ['zstd', zstdCompressSync(content)],
      ['zstd', zstdCompressSync(Buffer.alloc(0))],
    ] as const) {
      const codec = compressions.find((candidate) => candidate.name === name)!;
      const input = new BufferSource(packed);
      const source = new DecodedSource(input, { decoder: () => codec.fileDecoder()! }, new SpoolBudget(0));
      const parts: Buffer[] = [];
      for await (const part of source.stream(0)) {
        parts.push(part);
        await new Promise((resolve) => setImmediate(resolve));
      }
      assert.ok(Buffer.concat(parts).equals(packed.length < 50 ? Buffer.alloc(0) : content), name);
      await source.close();
    }
  });

  it('decode in passing with every codec, and keep nothing that was given', async () => {
    const whole = text(24 * MB);
    for (const [name, packed] of [
      ['gzip', deflateSync(whole, { level: 1 })],
      ['zstd', zstdCompressSync(whole)],
      ['lz4', lz4(whole, '-BD', '-B4')],
      ['none', whole],
    ] as const) {
      const codec = compressions.find((candidate) => candidate.name === name)!;
      const list = new ChunkSource(new BufferSource(chunkList(packed, [4096, 70_000])), 4, 0, null);
      const decoder = (): Transform => codec.blockDecoder()!;
      const source =
        name === 'none'
          ? list
          : new DecodedSource(
              list,
              { decoder, ...(codec.resume ? { resume: codec.resume } : {}) },
              new SpoolBudget(0),
            );
      for (const slowly of [false, true]) {
        let at = 0;
        for await (const part of source.stream(0, { passing: true })) {
          if (slowly) await new Promise((resolve) => setImmediate(resolve));
          assert.ok(part.equals(whole.subarray(at, at + part.length)), `${name} at ${at}`);
          at += part.length;
        }
        assert.equal(at, whole.length, name);
        assert.equal(source.size, whole.length, name);
      }
      // Others read as ever, from any position.
      assert.ok((await read(source, 9 * MB, 1000)).equals(whole.subarray(9 * MB, 9 * MB + 1000)), name);
      await source.close();
    }
    const damaged = deflateSync(whole, { level: 1 });
    damaged.fill(0xff, damaged.length / 2, damaged.length / 2 + 500);
    const source = inflated(0, damaged).source;
    let given = 0;
    await assert.rejects(async () => {
      for await (const part of source.stream(0, { passing: true })) given += part.length;
    }, DamageError);
    assert.ok(given > 10 * MB, `${given} bytes`);
    await source.close();
  });

  it('resume lz4 at checkpoints', async () => {
    const whole = text(24 * MB);
    const packed = lz4(whole, '-BD', '-B4');
    const codec = compressions.find(({ name }) => name === 'lz4')!;
    const begun: number[] = [];
    const source = new DecodedSource(
      new BufferSource(packed),
      {
        decoder: () => {
          begun.push(0);
          return codec.fileDecoder()!;
        },
        resume: (from) => {
          begun.push(from.output);
          return codec.resume!(from);
        },
      },
      new SpoolBudget(0),
    );
    assert.ok((await read(source, 0)).equals(whole));
    for (const place of [23, 1, 14, 9, 18]) {
      const at = place * MB + 12345;
      begun.length = 0;
      assert.ok((await read(source, at, 100_000)).equals(whole.subarray(at, at + 100_000)));
      for (const place of begun) assert.ok(place >= at - 5 * MB, `begun at ${place}`);
    }
    await source.close();
  });
});
