import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileSource } from '../../../src/engine/archive/io/file-source';
import { openForward } from '../../../src/engine/archive/io/window-reader';
import { seededRandom } from '../../support/random';

describe('reading a file forward through windows', () => {
  let folder: string;
  before(async () => (folder = await mkdtemp(join(tmpdir(), 'rp-window-'))));
  after(async () => await rm(folder, { recursive: true, force: true }));

  it('gives the bytes of the file, in steps and jumps of any size', async () => {
    const bytes = randomBytes(7_654_321);
    const path = join(folder, 'file');
    await writeFile(path, bytes);
    const source = await FileSource.open(path);
    try {
      const random = seededRandom(21);
      for (let round = 0; round < 30; round++) {
        const reader = openForward(source, { from: round * 1000 });
        let at = round * 1000;
        for (;;) {
          assert.equal(reader.offset, at);
          const most = [10, 3000, 90_000, 1_200_000, 2_500_000][Math.floor(random() * 5)]!;
          const count = 1 + Math.floor(random() * most);
          if (random() < 0.3) {
            const left = at + count <= bytes.length;
            assert.equal(await reader.skip(count), left);
            if (!left) break;
          } else if (await reader.fill(count)) {
            assert.ok(
              reader.take(count).equals(bytes.subarray(at, at + count)),
              `round ${round}, byte ${at}`,
            );
          } else {
            assert.ok(reader.take(reader.available).equals(bytes.subarray(at)));
            assert.ok(at + count > bytes.length);
            break;
          }
          at += count;
        }
        await reader.close();
      }
    } finally {
      await source.close();
    }
  });
});
