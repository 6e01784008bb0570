import assert from 'node:assert/strict';
import { readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  ComparisonWriter,
  openComparison,
  type Comparison,
  type RowDifference,
} from '../../../src/engine/compare';
import { useTempFolder } from '../../support/fixtures';

const difference = (id: number): RowDifference => ({
  change: id % 3 === 0 ? 'removed' : 'changed',
  left: [String(id), `old\u2028 ${id}`],
  right: id % 3 === 0 ? null : [String(id), id % 2 ? 'É' : null],
  ...(id % 3 === 0 ? {} : { columns: [1] }),
});

function summary(tables: number[]): Comparison {
  const script = { statements: [{ sql: 'select 1', objects: ['k'] }], leftOut: [{ object: 'k', why: '' }] };
  return {
    tables: tables.map((kept, index) => ({ name: `t${index}`, kept })),
    objects: { differences: [{ key: 'k' }], same: [], normalised: [] },
    scripts: { toLeft: script, toRight: script },
  } as unknown as Comparison;
}

describe("a comparison's file", () => {
  const folder = useTempFolder();

  async function written(counts: number[]): Promise<string> {
    const path = join(folder(), 'a.rpcompare');
    const writer = await ComparisonWriter.create(path);
    // Tables come in any order.
    for (const table of [...counts.keys()].reverse())
      for (let id = 0; id < counts[table]!; id++) await writer.add(table, difference(id));
    await writer.finish(summary(counts));
    return path;
  }

  it('gives differences from any one on, those that fit, and some by their numbers', async () => {
    const counts = [1000, 0, 256, 1];
    await using file = await openComparison(await written(counts));
    assert.deepEqual(file.summary, summary(counts));
    for (const [table, count] of counts.entries())
      for (const from of [0, 1, 255, 256, 257, 999])
        for (const limit of [1, 300, Infinity]) {
          const rows: RowDifference[] = [];
          for await (const row of file.rows(table, { from, limit })) rows.push(row);
          const expected = Array.from({ length: Math.max(0, Math.min(limit, count - from)) }, (_, at) =>
            difference(from + at),
          );
          assert.deepEqual(rows, expected, `${table} ${from} ${limit}`);
        }
    const removed = await file.find(0, { changes: ['removed'] });
    assert.deepEqual([...removed].slice(0, 3), [0, 3, 6]);
    assert.equal(removed.length, 334);
    assert.deepEqual([...(await file.find(0, { text: 'é', column: 1 }))].slice(0, 2), [1, 5]);
    const picked: RowDifference[] = [];
    for await (const row of file.pick(0, [999, 3, 4, 5000])) picked.push(row);
    assert.deepEqual(picked, [difference(999), difference(3), difference(4)]);
  });

  it('is JSON lines for other programs', async () => {
    const lines = (await readFile(await written([2]), 'utf8')).trimEnd().split('\n');
    // First and last, two differences, an object, a table, a statement each way, the summary.
    assert.equal(lines.length, 9);
    for (const line of lines) JSON.parse(line);
  });

  it('appears when it is whole, and is refused when it is not', async () => {
    const writer = await ComparisonWriter.create(join(folder(), 'b.rpcompare'));
    await writer.add(0, difference(1));
    assert.deepEqual(await readdir(folder()), ['b.rpcompare.partial']);
    await writer.discard();
    assert.deepEqual(await readdir(folder()), []);
    const path = await written([500]);
    const { size } = await (await import('node:fs/promises')).stat(path);
    for (const length of [0, 10, size - 2, size - 64, size - 200]) {
      const bytes = await readFile(path);
      const cut = join(folder(), 'cut.rpcompare');
      await writeFile(cut, bytes);
      await truncate(cut, length);
      await assert.rejects(openComparison(cut), { code: 'comparison.unreadable' }, `${length}`);
    }
  });
});
