import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Readable, type Transform } from 'node:stream';
import { createZstdDecompress, zstdCompressSync } from 'node:zlib';
import { Lz4Decoder, type Lz4Checkpoint } from '../../../src/engine/archive/compressions/lz4-frame';
import { Lz4Window } from '../../../src/engine/archive/compressions/lz4-window';
import { ZstdDecoder } from '../../../src/engine/archive/compressions/zstd-decoder';
import { FallbackZstdDecoder } from '../../../src/engine/archive/compressions/zstd-fallback';
import { fixture } from '../../support/fixtures';
import { seededRandom } from '../../support/random';

async function decode(decoder: Transform, input: Buffer, size = 1 << 16): Promise<Buffer> {
  const pieces = Array.from({ length: Math.ceil(input.length / size) }, (_, i) =>
    input.subarray(i * size, (i + 1) * size),
  );
  const parts: Buffer[] = [];
  const decoded = Readable.from(pieces)
    .on('error', () => {})
    .pipe(decoder);
  for await (const part of decoded) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

const lz4 = (input: Buffer, ...options: string[]): Buffer =>
  execFileSync('lz4', ['-c', ...options], { input, stdio: ['pipe', 'pipe', 'ignore'], maxBuffer: 1 << 28 });

describe('the lz4 decoder', () => {
  it('gives back what lz4 compressed, with every option of its frames', async () => {
    const sql = await readFile(fixture('samples/pagila.sql'));
    const inputs = [
      sql,
      randomBytes(300_000),
      Buffer.alloc(200_000, 'ab'),
      Buffer.from('x'),
      Buffer.alloc(0),
    ];
    for (const options of [
      ['-1'],
      ['-9'],
      ['-BD', '-B4'],
      ['-B5', '-BX'],
      ['--no-frame-crc'],
      ['--content-size'],
    ])
      for (const input of inputs)
        assert.ok((await decode(new Lz4Decoder(), lz4(input, ...options))).equals(input), options.join(' '));
  });

  it('gives the same without WebAssembly', async () => {
    const sql = await readFile(fixture('samples/pagila.sql'));
    for (const options of [['-1', '-BD'], ['-9'], ['-BD', '-B4', '--no-frame-crc']])
      for (const input of [sql, randomBytes(100_000), Buffer.alloc(200_000, 'abc')])
        assert.ok((await decode(new Lz4Decoder({ kernel: null }), lz4(input, ...options))).equals(input));
  });

  it('goes on from any border between blocks', async () => {
    const sql = (await readFile(fixture('samples/pagila.sql'))).subarray(0, 1_500_000);
    for (const options of [['-BD', '-B4'], ['-B4'], ['-BD', '-B5', '-BX', '--no-frame-crc']])
      for (const kernel of [undefined, null]) {
        const input = Buffer.concat([lz4(sql, ...options), lz4(sql)]);
        const checkpoints: Lz4Checkpoint[] = [];
        const noted = new Lz4Decoder({
          ...(kernel === null ? { kernel } : {}),
          onBlock: () => checkpoints.push(noted.checkpoint()!),
        });
        const whole = await decode(noted, input);
        assert.ok(whole.equals(Buffer.concat([sql, sql])));
        assert.ok(checkpoints.length > 4);
        for (const from of checkpoints) {
          const rest = await decode(new Lz4Decoder({ from, kernel }), input.subarray(from.input));
          assert.ok(rest.equals(whole.subarray(from.output)), options.join(' '));
        }
      }
  });

  it('says the same of damage with the kernel as without', () => {
    const block = lz4(Buffer.from('COPY text, again and again. '.repeat(300)), '--no-frame-crc').subarray(
      11,
      -4,
    );
    const random = seededRandom(7);
    let refused = 0;
    for (let i = 0; i < 3000; i++) {
      const bytes = Buffer.from(block.subarray(0, i % 3 ? undefined : Math.floor(random() * block.length)));
      if (i % 3 && bytes.length) bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
      const results = [undefined, null].map((kernel) => {
        const window = new Lz4Window(65536, Buffer.from('history'), kernel);
        try {
          return window.add(bytes, false, true).toString('latin1');
        } catch {
          return null;
        } finally {
          window.close();
        }
      });
      assert.equal(results[0], results[1]);
      if (results[0] === null) refused++;
    }
    assert.ok(refused > 1000 && refused < 3000, String(refused));
  });

  it('does not mind how its input is cut into pieces, nor several frames', async () => {
    const input = Buffer.from('COPY text, again and again. '.repeat(5000));
    const twice = Buffer.concat([
      lz4(input, '-BD'),
      Buffer.from([0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]),
      lz4(input),
    ]);
    for (const size of [1, 5, 1000])
      assert.ok((await decode(new Lz4Decoder(), twice, size)).equals(Buffer.concat([input, input])));
  });

  it('refuses cut and damaged input, and never gives more than a block for a block', async () => {
    const whole = lz4((await readFile(fixture('samples/chinook.sql'))).subarray(0, 50_000), '--no-frame-crc');
    for (const length of [1, 4, 6, 7, 10, 100, whole.length - 5, whole.length - 1])
      await assert.rejects(decode(new Lz4Decoder(), whole.subarray(0, length)), Error, String(length));
    const random = seededRandom(3);
    for (let i = 0; i < 300; i++) {
      const bytes = Buffer.from(whole);
      for (let n = 0; n < 3; n++) bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
      const result = await decode(new Lz4Decoder(), bytes).catch((error: Error) => error);
      if (!(result instanceof Error)) assert.ok(result.length <= 4 << 20);
    }
  });
});

const zstdDecoders = {
  platform: (): ZstdDecoder => new ZstdDecoder(() => createZstdDecompress()),
  fallback: (): FallbackZstdDecoder => new FallbackZstdDecoder(),
};

for (const [kind, make] of Object.entries(zstdDecoders))
  describe(`the zstd decoder: ${kind}`, () => {
    it('decodes frame after frame, however the input is cut into pieces', async () => {
      const input = Buffer.from('COPY text, again and again. '.repeat(5000));
      const checked = execFileSync('zstd', ['-c', '--check', '-q'], { input });
      const frames = Buffer.concat([
        zstdCompressSync(input),
        Buffer.from([0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]),
        checked,
        zstdCompressSync(Buffer.alloc(0)),
        zstdCompressSync(Buffer.alloc(300_000, 'x')),
      ]);
      const expected = Buffer.concat([input, input, Buffer.alloc(300_000, 'x')]);
      for (const size of [1, 5, 1000, 1 << 20])
        assert.ok((await decode(make(), frames, size)).equals(expected));
      const random = randomBytes(1_000_000);
      assert.ok((await decode(make(), zstdCompressSync(random))).equals(random));
    });

    it('gives its last pieces to a reader that is slow, too', async () => {
      const input = randomBytes(4_000_000);
      const decoder = make();
      decoder.end(zstdCompressSync(input));
      const parts: Buffer[] = [];
      for await (const part of decoder as AsyncIterable<Buffer>) {
        parts.push(part);
        await new Promise((done) => setTimeout(done, 5));
      }
      assert.ok(Buffer.concat(parts).equals(input));
    });

    it('refuses input that is cut short anywhere, and what follows that is none', async () => {
      const whole = zstdCompressSync(await readFile(fixture('samples/chinook.sql')));
      for (const length of [1, 3, 5, 8, 100, whole.length >> 1, whole.length - 4, whole.length - 1])
        await assert.rejects(decode(make(), whole.subarray(0, length)), Error, String(length));
      await assert.rejects(decode(make(), Buffer.concat([whole, Buffer.from('junk')])));
    });

    it('decodes what every level and long windows make', async () => {
      const sql = await readFile(fixture('samples/pagila.sql'));
      // What repeats lies 9 MB back: farther than any window but a long one.
      const far = Buffer.concat([sql, randomBytes(9_000_000), sql]);
      for (const [input, ...options] of [
        [sql, '-1'],
        [sql, '-19'],
        [far, '--long=27', '-1', '--no-check'],
      ] as const) {
        const compressed = execFileSync('zstd', ['-c', '-q', ...options], { input, maxBuffer: 1 << 26 });
        assert.ok((await decode(make(), compressed)).equals(input), options.join(' '));
      }
    });

    it('refuses a window larger than 128 MiB', async () => {
      const frame = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, (18 << 3) | 0, 1, 0, 0]);
      await assert.rejects(decode(make(), frame));
      const claimed = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0xe0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0]);
      await assert.rejects(decode(make(), claimed));
    });
  });
