import assert from 'node:assert/strict';
import { RowHasher, RowSkipper } from '../../../src/engine/compare/rows/rowHasher';
import { seededRandom } from '../../support/random';

function hashes(text: Buffer, seeds: bigint | bigint[], piece = text.length): string[] {
  const hasher = new RowHasher(seeds);
  const found: string[] = [];
  for (let at = 0; at < text.length; at += Math.max(piece, 1))
    hasher.push(text.subarray(at, at + Math.max(piece, 1)), (numbers, rows) => {
      for (let row = 0; row < rows; row++) found.push(`${numbers[row * 2]}.${numbers[row * 2 + 1]}`);
    });
  found.push(`ended ${hasher.ended} odd ${hasher.odd}`);
  hasher.release();
  return found;
}

describe('hashes of rows', () => {
  const seeds = [11n, 22n, 33n];

  it('are the same however the text is cut into pieces', () => {
    const random = seededRandom(7);
    for (let n = 0; n < 60; n++) {
      let text = '';
      for (let row = 0; row < 20; row++) {
        const field = (): string =>
          'abcdefgh\\\\é'.repeat(Math.floor(random() ** 4 * 9000)).slice(0, Math.floor(random() * 90_000));
        text += `${field()}\t${random() < 0.3 ? '' : field().slice(0, 40)}\t\\N\n`;
      }
      const bytes = Buffer.from(text);
      for (const kind of [seeds, 5n]) {
        const whole = hashes(bytes, kind);
        assert.equal(whole.length, 21);
        for (const piece of [1 + Math.floor(random() * 17), 4096, 65_536, 65_537])
          assert.deepEqual(hashes(bytes, kind, piece), whole);
      }
    }
  }).timeout(60_000);

  it('tell rows apart that differ in one byte, in a place, in a border of values', () => {
    const rows = [
      'a\tb\tc',
      'b\ta\tc',
      'ab\t\tc',
      '\tab\tc',
      'a\tbc\t',
      'a\tb\tC',
      'a\tb\tc ',
      '\\N\tb\tc',
      '\tb\tc',
    ];
    for (const kind of [seeds, 5n]) {
      const found = hashes(Buffer.from(rows.map((row) => `${row}\n`).join('')), kind).slice(0, -1);
      assert.equal(new Set(found).size, rows.length);
    }
  });

  it('agree for other orders of the columns, and leave out what does not count', () => {
    const one = hashes(Buffer.from('1\tx\tnote\n'), [11n, 22n, 0n]);
    assert.deepEqual(hashes(Buffer.from('x\t1\n'), [22n, 11n]), one);
    assert.deepEqual(hashes(Buffer.from('1\tx\tother\n'), [11n, 22n, 0n]), one);
    assert.notDeepEqual(hashes(Buffer.from('1\ty\tnote\n'), [11n, 22n, 0n]), one);
  });

  it('end at the end line, and take a carriage return for the end of a line', () => {
    const plain = hashes(Buffer.from('a\tb\n\\\\.\tc\n\\.\nmore\trows\n'), 5n);
    assert.equal(plain.length, 3);
    assert.equal(plain.at(-1), 'ended true odd false');
    assert.deepEqual(hashes(Buffer.from('a\tb\r\n\\\\.\tc\r\n\\.\r\n'), 5n), plain);
    assert.deepEqual(hashes(Buffer.from('a\tb\r\n\\\\.\tc\r\n\\.\r\n'), 5n, 1), plain);
  });

  it('know rows of tables without columns, and escapes no server writes', () => {
    assert.equal(hashes(Buffer.from('\n\n\n'), []).length, 4);
    assert.equal(hashes(Buffer.from('a\\\nb\n'), 5n).at(-1), 'ended false odd true');
    assert.equal(hashes(Buffer.from('a\\\tb\n'), seeds).at(-1), 'ended false odd true');
    assert.equal(hashes(Buffer.from('a\\\\\nb\n'), 5n).at(-1), 'ended false odd false');
  });
});

describe('going over rows', () => {
  it('finds where each row begins', () => {
    const text = Buffer.from(
      Array.from({ length: 500 }, (_, row) => 'x'.repeat(row % 37)).join('\n') + '\nrest',
    );
    const starts = [0, ...[...text.entries()].flatMap(([at, byte]) => (byte === 10 ? [at + 1] : []))];
    const skipper = new RowSkipper();
    skipper.load(text);
    for (const [from, rows] of [
      [0, 1],
      [0, 499],
      [3, 250],
      [499, 1],
    ] as const)
      assert.deepEqual(skipper.skip(starts[from]!, rows), { rows, at: starts[from + rows] });
    assert.deepEqual(skipper.skip(starts[490]!, 50), { rows: 10, at: text.length });
    skipper.release();
  });
});
