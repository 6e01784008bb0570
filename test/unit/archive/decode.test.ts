import assert from 'node:assert/strict';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { compressions } from '../../../src/engine/archive/compressions';
import { decode } from '../../../src/engine/archive/io/decode';
import { heldBytes } from '../../support/garbage';

const MB = 1024 * 1024;

/** Almost nothing as stored. */
const zeros = Buffer.alloc(256 * MB);
const inputs = { gzip: gzipSync(zeros, { level: 9 }), zstd: zstdCompressSync(zeros) };

describe('decoding what becomes very much', () => {
  for (const [name, input] of Object.entries(inputs))
    for (const passing of [false, true])
      it(`${name}${passing ? ', in passing' : ''}: waits until it is asked for more`, async () => {
        const before = await heldBytes();
        async function* once(): AsyncGenerator<Buffer> {
          yield await Promise.resolve(input);
        }
        const decoder = compressions.find((one) => one.name === name)!.fileDecoder()!;
        const parts = decode(once(), decoder, { passing });
        let size = (await parts.next()).value!.length as number;
        // Whoever asks takes his time: the decoder has a thread of its own, and could go on.
        await new Promise((resolve) => setTimeout(resolve, 300));
        const grown = (await heldBytes()) - before;
        for await (const part of parts) size += part.length;
        assert.equal(size, zeros.length);
        assert.ok(grown < 16 * MB, `${Math.round(grown / MB)} MB`);
      });

  for (const passing of [false, true])
    it(`gives all that it made, once, before what reading says${passing ? ', in passing' : ''}`, async () => {
      const content = Buffer.from(Array.from({ length: 400_000 }, (_, n) => `row ${n}`).join('\n'));
      const input = gzipSync(content);
      async function* gone(): AsyncGenerator<Buffer> {
        yield await Promise.resolve(input.subarray(0, -8));
        throw new Error('gone');
      }
      const given: Buffer[] = [];
      await assert.rejects(async () => {
        const decoder = compressions.find(({ name }) => name === 'gzip')!.fileDecoder()!;
        for await (const part of decode(gone(), decoder, { passing })) {
          given.push(Buffer.from(part));
          await new Promise((resolve) => setImmediate(resolve));
        }
      }, /gone/);
      assert.ok(Buffer.concat(given).equals(content));
    });
});
