import assert from 'node:assert/strict';
import type { FoundRow } from '../../../src/shared/contentsPage';
import { Finder, mostFound } from '../../../src/webview/contents/grid/finder';

const found = (at: number, ...columns: number[]): FoundRow => ({
  row: { at, values: ['x', 'x', 'x'] },
  columns,
});

/** A finder over rows that fit, as the host searches: in order, `limit` at a time. */
function over(fitting: FoundRow[]): { finder: Finder; asked: [number, number][]; done: () => Promise<void> } {
  const asked: [number, number][] = [];
  const finder: Finder = new Finder({
    changed: () => undefined,
    async search(_query, from, limit, signal) {
      await new Promise((resolve) => setImmediate(resolve));
      signal.throwIfAborted();
      asked.push([from, limit]);
      const piece = fitting.filter(({ row }) => row.at >= from).slice(0, limit);
      return { found: piece, next: piece.length < limit ? null : piece.at(-1)!.row.at + 1 };
    },
  });
  const done = async (): Promise<void> => {
    while (finder.searching) await new Promise((resolve) => setImmediate(resolve));
  };
  return { finder, asked, done };
}

describe('finding rows (webview)', () => {
  it('asks in pieces that double', async () => {
    const { finder, asked, done } = over(Array.from({ length: 20 }, (_, index) => found(index * 10, 0)));
    finder.start({ text: 'x' }, 0);
    await done();
    assert.deepEqual(
      asked.map(([, limit]) => limit),
      [1, 2, 4, 8, 16],
    );
    assert.equal(finder.found.length, 20);
    assert.ok(finder.done);
  });

  it('begins where the person is and ends there, with the list in order', async () => {
    const { finder, done } = over([3, 40, 55, 70, 90].map((at) => found(at, 1)));
    finder.start({ text: 'x' }, 50);
    await done();
    assert.deepEqual(
      finder.found.map(({ row }) => row.at),
      [3, 40, 55, 70, 90],
    );
    assert.equal(finder.placeOf(70), 4);
    assert.equal(finder.placeOf(71), 0);
  });

  it('goes from cell to cell both ways, within a row too', async () => {
    const { finder, done } = over([found(2, 0, 2), found(7, 1)]);
    finder.start({ text: 'x' }, 0);
    await done();
    assert.deepEqual(finder.next({ row: 0, column: 2 }, false), { row: 2, column: 0 });
    assert.deepEqual(finder.next({ row: 2, column: 0 }, false), { row: 2, column: 2 });
    assert.deepEqual(finder.next({ row: 2, column: 2 }, false), { row: 7, column: 1 });
    assert.equal(finder.next({ row: 7, column: 1 }, false), null);
    assert.deepEqual(finder.next({ row: 7, column: 1 }, true), { row: 2, column: 2 });
    assert.deepEqual(finder.next({ row: 2, column: 2 }, true), { row: 2, column: 0 });
    assert.equal(finder.next({ row: 2, column: 0 }, true), null);
    assert.deepEqual(finder.edge(true), { row: 7, column: 1 });
  });

  it('keeps a bounded number of rows and says that there may be more', async () => {
    const { finder, done } = over(Array.from({ length: mostFound * 2 }, (_, at) => found(at, 0)));
    finder.start({ text: 'x' }, 0);
    await done();
    assert.ok(finder.full && !finder.done);
    assert.ok(finder.found.length < mostFound + 512);
  });

  it('a new search ends the one before, and no answer of the old comes through', async () => {
    const { finder, done } = over([found(1, 0)]);
    finder.start({ text: 'x' }, 0);
    finder.start({ text: 'y' }, 0);
    finder.start(null, 0);
    await done();
    await new Promise((resolve) => setTimeout(resolve, 5));
    assert.equal(finder.found.length, 0);
    assert.equal(finder.query, null);
  });
});
