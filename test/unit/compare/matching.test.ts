import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { Matching } from '../../../src/engine/compare/rows/matching';
import { RowSet } from '../../../src/engine/compare/rows/rowSet';
import { RowTexts } from '../../../src/engine/compare/rows/rowTexts';
import { Sorter } from '../../../src/engine/compare/rows/sorter';
import { useTempFolder } from '../../support/fixtures';
import { seededRandom } from '../../support/random';

/** What is left of two multisets, by hash: how many on which side. */
function left(sides: number[][]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const [side, hashes] of sides.entries())
    for (const hash of hashes) counts.set(hash, (counts.get(hash) ?? 0) + (side === 0 ? 1 : -1));
  return new Map([...counts].filter(([, count]) => count !== 0));
}

describe('matching rows by their hashes', () => {
  const folder = useTempFolder();

  for (const most of [1_000_000, 50, 3])
    it(`leaves what has no partner, with ${most} rows in memory`, async () => {
      const random = seededRandom(most);
      for (let n = 0; n < 20; n++) {
        const sides = [0, 1].map(() =>
          Array.from({ length: Math.floor(random() * 600) }, () => Math.floor(random() ** 2 * 300)),
        );
        const matching = new Matching(folder(), most);
        const at = [0, 0];
        while (at.some((row, side) => row < sides[side]!.length)) {
          const side = random() < 0.5 ? 0 : 1;
          const some = sides[side]!.slice(at[side], at[side]! + Math.ceil(random() * 40));
          // Few buckets and parts, so that hashes meet.
          const hashes = Uint32Array.from(some.flatMap((hash) => [hash % 7, hash]));
          if (matching.add(side, hashes, some.length, at[side]!)) await matching.settle();
          at[side]! += some.length;
        }
        const sets = await matching.finish();
        await matching.close();
        const found = left(sets.map((set, side) => [...set].map((row) => sides[side]![row]!)));
        assert.deepEqual([...found].sort(), [...left(sides)].sort());
        // Of one hash rows are left on one side only.
        const hashes = sets.map((set, side) => new Set([...set].map((row) => sides[side]![row])));
        assert.ok([...hashes[0]!].every((hash) => !hashes[1]!.has(hash)));
      }
      assert.deepEqual(await readdir(folder()), []);
    });
});

describe('numbers of rows', () => {
  it('come in order, each once', () => {
    const set = new RowSet();
    const numbers = [4_000_000_000, 0, 31, 32, 65_535, 31, 1 << 31, 7];
    for (const number of numbers.map((one) => one >>> 0)) set.add(number);
    assert.deepEqual([...set], [0, 7, 31, 32, 65_535, 2_147_483_648, 4_000_000_000]);
    assert.equal(set.size, 7);
  });
});

describe('sorting more than fits into memory', () => {
  const folder = useTempFolder();

  for (const run of [1_000_000, 700])
    it(`is stable, in runs of ${run} characters`, async () => {
      const random = seededRandom(3);
      const rows = Array.from({ length: 500 }, (_, at) => ({
        key: Math.floor(random() * 60),
        at,
        text: 'line\u2028separator\n',
        weight: 40,
      }));
      const sorter = new Sorter<(typeof rows)[number]>(folder(), (a, b) => a.key - b.key, run);
      for (const row of rows) await sorter.add(row);
      const sorted: typeof rows = [];
      for await (const row of sorter.sorted()) sorted.push(row);
      await sorter.close();
      assert.deepEqual(
        sorted,
        rows.toSorted((a, b) => a.key - b.key || a.at - b.at),
      );
      assert.deepEqual(await readdir(folder()), []);
    });
});

describe('texts of rows that wait', () => {
  /** Rows as they come, in pieces, some of which find their equal later. */
  for (const [window, most] of [
    [1 << 20, 1 << 20],
    [400, 1 << 20],
    [1, 1 << 20],
  ] as const)
    it(`are there for all that still wait, with a window of ${window} bytes`, () => {
      const random = seededRandom(window);
      for (let n = 0; n < 20; n++) {
        const lines = Array.from(
          { length: 300 },
          (_, row) => `${row} ${'x'.repeat(Math.floor(random() * 40))}`,
        );
        const waiting = new RowSet();
        const texts = new RowTexts(window, most);
        const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
        let rows = 0;
        for (let at = 0; at < bytes.length;) {
          const piece = bytes.subarray(at, (at += Math.ceil(random() * 200)));
          const ended = piece.toString().split('\n').length - 1;
          for (let row = rows; row < rows + ended; row++) waiting.add(row);
          texts.add(piece, ended, rows, waiting);
          rows += ended;
          // Some of those before are done with.
          for (let row = 0; row < rows; row++) if (random() < 0.05) waiting.delete(row);
        }
        assert.equal(texts.gaveUp, false);
        const found = [...texts.lines(waiting)].map(({ row, bytes }) => [row, bytes.toString()]);
        assert.deepEqual(
          found,
          [...waiting].map((row) => [row, lines[row]]),
        );
        texts.giveUp();
      }
    });

  it('are given up when they are too many', () => {
    const texts = new RowTexts(10, 500);
    const waiting = new RowSet();
    for (let row = 0; row < 100; row++) {
      waiting.add(row);
      texts.add(Buffer.from(`row ${row}\n`), 1, row, waiting);
    }
    assert.ok(texts.gaveUp);
    assert.deepEqual([...texts.lines(waiting)], []);
  });
});
