import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { DamageError } from '../../../src/engine/archive';
import { BufferReader } from '../../../src/engine/archive/io/buffer-reader';
import { readToc, type Toc } from '../../../src/engine/archive/toc/entries';
import { readHeader } from '../../../src/engine/archive/toc/header';
import { fixture } from '../../support/fixtures';
import { seededRandom } from '../../support/random';

async function toc(bytes: Buffer, quick: boolean): Promise<{ toc: Toc; end: number } | string> {
  const reader = new BufferReader(bytes);
  try {
    const header = await readHeader(reader);
    return { toc: await readToc(reader, header, { quick }), end: reader.offset };
  } catch (error) {
    assert.ok(error instanceof DamageError);
    return error.why;
  }
}

describe('reading entries quickly', () => {
  const files = readdirSync(fixture('dumps')).filter((name) => name.endsWith('.dump'));

  it('gives what the closer look gives, whole and with any bytes changed', async () => {
    const random = seededRandom(33);
    const below = (count: number): number => Math.floor(random() * count);
    let entries = 0;
    for (const name of files) {
      const whole = await readFile(fixture('dumps', name));
      const found = await toc(whole, true);
      const end = typeof found === 'string' ? whole.length : found.end;
      for (let round = 0; round < 60; round++) {
        const bytes = Buffer.from(whole.subarray(0, round % 10 === 9 ? below(end) : undefined));
        for (let n = round === 0 ? 0 : 1 + below(3); n > 0; n--)
          bytes[below(Math.min(end, bytes.length))] = [0, 1, 255, 48, 90, 200, below(256)][below(7)]!;
        const expected = await toc(bytes, false);
        assert.deepEqual(await toc(bytes, true), expected, `${name}, round ${round}`);
        if (typeof expected !== 'string') entries += expected.toc.entries.length;
      }
    }
    assert.ok(entries > 1000, String(entries));
  });
});
