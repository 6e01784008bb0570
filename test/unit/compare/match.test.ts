import assert from 'node:assert/strict';
import { match, type Matched } from '../../../src/engine/compare/rows/match';
import { RowHasher } from '../../../src/engine/compare/rows/rowHasher';
import type { Rows } from '../../../src/engine/compare/rows/source';
import { useTempFolder } from '../../support/fixtures';
import { seededRandom } from '../../support/random';

type Random = () => number;

const below = (random: Random, most: number): number => Math.floor(random() * most);

/** Rows of one table as a side gives them, in parts and in pieces of any size that are overwritten behind it. */
function side(parts: string[][], random: Random, { endLine = true, columns = 1 } = {}): Rows {
  return {
    parts: parts.map((lines) => ({
      ...{ schema: 'app', name: 't', columns: [], hasRaw: true, bytes: 1, endLine },
      fraction: () => 0,
      async *read() {
        const text = Buffer.from(
          lines.map((line) => `${line}\n`).join('') + (endLine ? '\\.\n\n\n' : ''),
          'latin1',
        );
        const most = [text.length > 1_000_000 ? 70_000 : 17, 5000, 400_000][below(random, 3)]!;
        for (let at = 0; at < text.length;) {
          const piece = Buffer.from(text.subarray(at, (at += 1 + below(random, most))));
          yield await Promise.resolve(piece);
          piece.fill('\n');
        }
      },
    })),
    columns: parts.map(() => Array.from({ length: columns }, (_, at) => at)),
  } as unknown as Rows;
}

async function matched(folder: string, left: Rows, right: Rows, more: object = {}): Promise<Matched> {
  return await match([left, right], {
    ...{ how: 'raw', counting: left.columns[0]!, folder, signal: new AbortController().signal },
    ...{ onRead: () => {}, onWeight: () => {} },
    ...more,
  });
}

/** What the left rows have more of than the right ones, by text. */
function beyond(left: string[], right: string[]): string[] {
  const counts = new Map<string, number>();
  for (const line of right) counts.set(line, (counts.get(line) ?? 0) + 1);
  return left
    .filter((line) => {
      const count = counts.get(line) ?? 0;
      counts.set(line, count - 1);
      return count <= 0;
    })
    .sort();
}

async function check(folder: string, left: string[][], right: string[][], random: Random, more = {}) {
  const bare = (lines: string[][]): string[] => lines.flat().map((line) => line.replace(/\r$/, ''));
  const result = await matched(
    folder,
    side(left, random, { endLine: random() < 0.5 }),
    side(right, random),
    more,
  );
  assert.deepEqual(result.rows, [left.flat().length, right.flat().length]);
  assert.deepEqual(
    result.starts,
    [left, right].map((parts) =>
      parts.reduce<number[]>((starts, part) => [...starts, starts.at(-1)! + part.length], [0]),
    ),
  );
  for (const [at, [own, other]] of [
    [bare(left), bare(right)],
    [bare(right), bare(left)],
  ].entries()) {
    const rows = [...result.left[at as 0 | 1]];
    assert.deepEqual(rows.map((row) => own![row]).sort(), beyond(own!, other!));
    const texts = result.texts[at as 0 | 1];
    if (!texts) continue;
    const known = [...texts.lines(result.left[at as 0 | 1])];
    assert.deepEqual(
      known.map(({ row, bytes }) => [row, bytes.toString('latin1').replace(/\r$/, '')]),
      rows.map((row) => [row, own![row]]),
    );
    texts.giveUp();
  }
  return result;
}

/** How many bytes of rows are hashed meanwhile. */
async function hashedIn(work: () => Promise<unknown>): Promise<number> {
  const { push } = RowHasher.prototype;
  let bytes = 0;
  RowHasher.prototype.push = function (part, each) {
    bytes += part.length;
    push.call(this, part, each);
  };
  try {
    await work();
  } finally {
    RowHasher.prototype.push = push;
  }
  return bytes;
}

describe('matching the rows of two sides', () => {
  const folder = useTempFolder();

  it('finds what each has more of, whatever was done to it', async () => {
    const random = seededRandom(5);
    const edits: ((lines: string[]) => string[])[] = [
      (lines) => lines.filter(() => random() > 0.01),
      (lines) => lines.filter(() => random() > 0.4),
      (lines) => lines.map((line) => (random() < 0.01 ? `${line}!` : line)),
      (lines) => lines.map((line) => (random() < 0.4 ? `${line}!` : line)),
      (lines) => lines.flatMap((line) => (random() < 0.02 ? [line, `new ${random()}`] : [line])),
      (lines) => lines.slice(below(random, lines.length)),
      (lines) => {
        const at = below(random, lines.length);
        return [...lines.slice(at), ...lines.slice(0, at)];
      },
      (lines) => {
        const at = below(random, lines.length);
        const many = Array.from({ length: below(random, 3000) }, () => `block ${random()}`);
        return [...lines.slice(0, at), ...many, ...lines.slice(at)];
      },
      (lines) => lines.toSorted(() => random() - 0.5),
      (lines) => lines.toReversed(),
      (lines) => lines.map((line) => (random() < 0.01 ? `${line}\r` : line)),
      () => [],
    ];
    for (let n = 0; n < 60; n++) {
      const distinct = [3, 50, 1e9][n % 3]!;
      const lines = Array.from(
        { length: below(random, 4000) },
        (_, row) =>
          `${['', '\\N', '\\\\', '\\.x', 'é'][below(random, 5)]}\t${below(random, distinct)} ${'x'.repeat(row % 90)}${['', '\\\\', '\\n'][below(random, 3)]}`,
      );
      let changed = lines;
      for (let edit = below(random, 4); edit > 0; edit--)
        changed = edits[below(random, edits.length)]!(changed);
      const inParts = (all: string[]): string[][] => {
        const at = below(random, all.length);
        return random() < 0.7 ? [all] : [all.slice(0, at), all.slice(at)];
      };
      await check(folder(), inParts(lines), inParts(changed), random, n % 5 === 0 ? { most: 100 } : {});
    }
  }).timeout(120_000);

  it('compares rows that are longer than what is read at once', async () => {
    const random = seededRandom(6);
    for (let n = 0; n < 6; n++) {
      const lines = Array.from({ length: 12 }, (_, row) =>
        `${row} ${'long '.repeat(below(random, 5) * 90_000)}`.trim(),
      );
      const changed = lines.map((line) => (random() < 0.2 ? `${line}!` : line)).filter(() => random() > 0.1);
      await check(folder(), [lines], [changed], random);
    }
  }).timeout(60_000);

  it('goes in step again where rows are missing, new, changed or moved, and hashes few of them', async () => {
    const random = seededRandom(8);
    const lines = Array.from({ length: 60_000 }, (_, row) => `${row}\t${'x'.repeat(row % 40)}`);
    const block = Array.from({ length: 900 }, (_, row) => `new ${row}`);
    const few = (line: string, row: number): boolean => row % 1000 === 0 && line !== '';
    for (const [changed, most] of [
      [lines, 0],
      [lines.slice(20_000), 0.9],
      [[...lines.slice(0, 30_000), ...block, ...lines.slice(30_000)], 0.05],
      [lines.map((line, row) => (few(line, row) ? `${line} changed` : line)), 0.02],
      [
        [
          ...lines.filter((line, row) => !few(line, row)),
          ...lines.filter(few).map((line) => `${line} updated`),
        ],
        0.02,
      ],
    ] as const)
      for (const sides of [
        [lines, changed],
        [changed, lines],
      ] as const) {
        const bytes = await hashedIn(() => check(folder(), [[...sides[0]]], [[...sides[1]]], random));
        const all = sides.flat().reduce((sum, line) => sum + line.length + 1, 0);
        assert.ok(bytes <= most * all + 100, `${bytes} of ${all} bytes were hashed`);
      }
  }).timeout(60_000);

  it('knows escapes that no server writes, on either side', async () => {
    const random = seededRandom(9);
    for (const [left, right] of [
      [
        ['a', 'b\\', 'c'],
        ['a', 'b\\', 'c'],
      ],
      [['a'], ['a', 'x\\', 'y']],
    ] as const) {
      const result = await matched(folder(), side([[...left]], random), side([[...right]], random));
      assert.ok(result.odd);
      for (const texts of result.texts) texts?.giveUp();
    }
  });

  it('tells where a side was cut, and compares what came before', async () => {
    const random = seededRandom(10);
    const cut = side([['a', 'b', 'c']], random, { endLine: false });
    (cut.parts[0] as { endLine: boolean }).endLine = true;
    const result = await matched(folder(), cut, side([['a', 'b', 'd', 'e']], random));
    assert.match(result.faults[0]!.what, /cut short after 3 rows/);
    assert.equal(result.faults[1], null);
    assert.deepEqual(
      result.left.map((rows) => [...rows]),
      [[2], [2, 3]],
    );
    for (const texts of result.texts) texts?.giveUp();
  });
});
