import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { BufferReader } from '../../../src/engine/archive/io/buffer-reader';
import { ByteReader } from '../../../src/engine/archive/io/byte-reader';
import { takeKernel } from '../../../src/engine/archive/kernel';
import { ChunkList } from '../../../src/engine/archive/toc/blocks';
import { seededRandom } from '../../support/random';

/** Gives bytes in pieces of its own choice. */
class PieceReader extends ByteReader {
  readonly size: number;
  readonly #pieces: Buffer[];

  constructor(pieces: Buffer[]) {
    super();
    this.#pieces = pieces;
    this.size = pieces.reduce((sum, { length }) => sum + length, 0);
  }

  protected override async pull(): Promise<Buffer | null> {
    return this.#pieces.shift() ?? null;
  }

  protected override jump(): boolean {
    return false;
  }

  override async close(): Promise<void> {}
}

function chunk(data: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32LE(data.length, 1);
  return Buffer.concat([head, data]);
}

/** Everything a list gives, and where it stops or what it says. */
async function read(list: ChunkList, reader: ByteReader, drained = false): Promise<unknown> {
  const parts: Buffer[] = [];
  try {
    if (drained) await list.drain((part) => void parts.push(Buffer.from(part)));
    else for (let part = await list.next(); part; part = await list.next()) parts.push(part);
  } catch (error) {
    return { data: Buffer.concat(parts).toString('latin1'), error: String((error as Error).message), at: -1 };
  }
  return { data: Buffer.concat(parts).toString('latin1'), error: null, at: reader.offset };
}

describe('a list of chunks', () => {
  it('is the same with the kernel as without, however it comes, whole or damaged', async () => {
    const random = seededRandom(5);
    const below = (count: number): number => Math.floor(random() * count);
    for (let round = 0; round < 300; round++) {
      const most = [10, 200, 1200, 5000][round % 4]!;
      const data = Array.from({ length: below(400) }, () => randomBytes(1 + below(most)));
      const bytes = Buffer.concat([...data.map(chunk), Buffer.alloc(5), Buffer.from('what follows')]);
      const damaged = round % 3;
      if (damaged === 1) bytes[below(bytes.length)] = below(256);
      const whole = damaged === 2 ? bytes.subarray(0, below(bytes.length)) : bytes;
      const cuts = Array.from({ length: below(20) }, () => below(whole.length)).sort((a, b) => a - b);
      const pieces = (): Buffer[] =>
        [...cuts, whole.length].map((cut, i) => whole.subarray(cuts[i - 1] ?? 0, cut));
      const expected = await (async () => {
        const reader = new BufferReader(whole);
        return await read(new ChunkList(reader, 4, 0, null), reader);
      })();
      if (damaged === 0)
        assert.deepEqual(expected, {
          data: Buffer.concat(data).toString('latin1'),
          error: null,
          at: bytes.length - 'what follows'.length,
        });
      for (const kernel of [takeKernel(), null])
        for (const drained of [false, true]) {
          const reader = new PieceReader(pieces());
          const list = new ChunkList(reader, 4, 0, kernel);
          assert.deepEqual(await read(list, reader, drained), expected, `round ${round}`);
        }
    }
  });
});
