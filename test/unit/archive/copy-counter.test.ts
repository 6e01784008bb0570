import assert from 'node:assert/strict';
import { takeKernel } from '../../../src/engine/archive/kernel';
import { CopyCounter } from '../../../src/engine/archive/rows/copy-counter';
import { seededRandom } from '../../support/random';

type Random = () => number;

/** Text that is nearly COPY text: everything that matters to a counter, close together and far apart. */
function nearlyRows(random: Random): Buffer {
  const words = [
    '\t',
    '\t',
    '\n',
    '\n',
    '\\',
    '\\N',
    '\\n',
    '\\.',
    '\\.\n',
    '\n\\.\n',
    '\\.\r\n',
    '\\q',
    'a',
  ];
  const dense = random() < 0.5 ? 0.6 : 0.05;
  let text = '';
  const length = Math.floor(random() * 1500);
  // An end line early would leave nothing to count.
  const ends = random() < 0.3;
  while (text.length < length)
    if (random() < dense) {
      const word = words[Math.floor(random() * words.length)]!;
      text += ends || !word.endsWith('\n') || word === '\n' ? word : '\t';
    } else text += 'x'.repeat(Math.floor(random() * 40));
  return Buffer.from(text);
}

/** All a counter says after each piece. */
function count(counter: CopyCounter, text: Buffer, borders: readonly number[]): unknown[] {
  let from = 0;
  for (const to of [...borders, text.length]) {
    const end = counter.consume(text.subarray(0, to), from);
    if (end >= 0) return [end, facts(counter)];
    from = to;
  }
  return [-1, facts(counter)];
}

function facts({ rows, bytes, ended, misfit, oddEscapeAfter, insideLine }: CopyCounter): unknown {
  return { rows, bytes, ended, misfit, oddEscapeAfter, insideLine: !ended && insideLine };
}

describe('the counter of COPY rows', () => {
  it('says the same with the kernel as without, in any pieces', () => {
    const kernel = takeKernel();
    assert.ok(kernel, 'this platform has WebAssembly with SIMD');
    const random = seededRandom(11);
    for (let round = 0; round < 4000; round++) {
      const text = nearlyRows(random);
      const columns = round % 3 === 0 ? null : 1 + Math.floor(random() * 3);
      const borders = Array.from({ length: Math.floor(random() * 6) }, () =>
        Math.floor(random() * text.length),
      );
      borders.sort((a, b) => a - b);
      const expected = count(new CopyCounter(columns, null), text, []);
      for (const [how, counter, cuts] of [
        ['the loop in pieces', new CopyCounter(columns, null), borders],
        ['the kernel at once', new CopyCounter(columns, kernel), []],
        ['the kernel in pieces', new CopyCounter(columns, kernel), borders],
      ] as const)
        assert.deepEqual(count(counter, text, cuts), expected, `${how}, round ${round}`);
    }
  });

  it('counts rows that are longer than what is looked at in one go', () => {
    const row = Buffer.concat([Buffer.alloc(300_000, 'x'), Buffer.from('\t\\N\n')]);
    const text = Buffer.concat([row, row, row, Buffer.from('\\.\nSELECT 1;')]);
    for (const kernel of [takeKernel(), null]) {
      const counter = new CopyCounter(2, kernel);
      assert.equal(counter.consume(text), text.length - 'SELECT 1;'.length);
      assert.deepEqual([counter.rows, counter.misfit, counter.bytes], [3, 0, 3 * row.length]);
    }
  });
});
