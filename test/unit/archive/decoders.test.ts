import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { createZstdDecompress, zstdCompressSync } from 'node:zlib';
import { Lz4Decoder } from '../../../src/engine/archive/compressions/lz4-frame';
import { ZstdDecoder } from '../../../src/engine/archive/compressions/zstd-decoder';
import { fixture } from '../../support/fixtures';
import { seededRandom } from '../../support/random';

async function decode(decoder: Lz4Decoder | ZstdDecoder, input: Buffer, size = 1 << 16): Promise<Buffer> {
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

describe('the zstd decoder', () => {
  const make = (): ZstdDecoder => new ZstdDecoder(() => createZstdDecompress());

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

  it('refuses input that is cut short anywhere, and what follows that is none', async () => {
    const whole = zstdCompressSync(await readFile(fixture('samples/chinook.sql')));
    for (const length of [1, 3, 5, 8, 100, whole.length >> 1, whole.length - 4, whole.length - 1])
      await assert.rejects(decode(make(), whole.subarray(0, length)), Error, String(length));
    await assert.rejects(decode(make(), Buffer.concat([whole, Buffer.from('junk')])));
  });
});
