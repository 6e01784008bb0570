import assert from 'node:assert/strict';
import { GridModel } from '../../../src/webview/components/virtualGrid';
import {
  clampPosition,
  lastPosition,
  positionOf,
  thumbAt,
} from '../../../src/webview/components/virtualGrid/scroll';

describe('scrolling 100 million rows (webview)', () => {
  const rows = 100_000_000;
  const extent = { content: rows * 22, view: 700 };
  const track = 683;

  it('reaches the first and the last pixel exactly by the thumb', () => {
    const thumb = thumbAt(0, extent, track)!;
    assert.equal(positionOf(0, extent, track), 0);
    assert.equal(positionOf(track - thumb.length, extent, track), lastPosition(extent));
    assert.equal(positionOf(track * 2, extent, track), 2_199_999_300);
    assert.equal(positionOf(-50, extent, track), 0);
    const end = thumbAt(lastPosition(extent), extent, track)!;
    assert.equal(end.start + end.length, track);
  });

  it('keeps the thumb under the pointer: a position and its thumb say the same', () => {
    for (const start of [0, 1, 17, 300.5, 662]) {
      const position = positionOf(start, extent, track);
      assert.ok(Math.abs(thumbAt(position, extent, track)!.start - start) < 1e-6);
      assert.equal(position, Math.round(position));
    }
  });

  it('moves by exact pixels anywhere, also where a float of the browser would not', () => {
    const model = new GridModel([100], () => ({ rows, exact: true }));
    model.setView(500, 700, 22, 7);
    model.scrollTo(2_000_000_000);
    for (let step = 0; step < 1000; step++) model.scrollBy(1, 0);
    for (let step = 0; step < 3000; step++) model.scrollBy(-1 / 3, 0);
    assert.ok(Math.abs(model.top - 2_000_000_000) < 0.001);
    model.scrollTo(2_000_000_007);
    assert.equal(model.seen!.first, Math.floor(2_000_000_007 / 22));
  });

  it('shows the last row wholly at the end, and the first at the beginning', () => {
    const model = new GridModel([100], () => ({ rows, exact: true }));
    model.setView(500, 690, 22, 7);
    model.act({ do: 'edge', edge: 'end', extend: false });
    assert.deepEqual(model.active, { row: rows - 1, column: 0 });
    assert.equal(model.seen!.last, rows - 1);
    assert.equal(rows * 22 - model.top, 690);
    model.act({ do: 'edge', edge: 'start', extend: false });
    assert.equal(model.top, 0);
    assert.equal(model.seen!.first, 0);
  });

  it('has no thumb where there is nothing to scroll, and none too small to take', () => {
    assert.equal(thumbAt(0, { content: 600, view: 700 }, track), null);
    assert.equal(clampPosition(50, { content: 600, view: 700 }), 0);
    assert.equal(thumbAt(0, extent, track)!.length, 20);
  });

  it('stays at its row when the number of rows is corrected, and holds still under a held thumb', () => {
    let known = { rows: 1_000_000, exact: false };
    const model = new GridModel([100], () => known);
    model.setView(500, 700, 22, 7);
    model.scrollTo(500_000 * 22);
    known = { rows: 3_000_000, exact: false };
    model.settle();
    assert.equal(model.seen!.first, 500_000);
    model.hold(true);
    const before = model.vertical;
    known = { rows: 9_000_000, exact: false };
    assert.deepEqual(model.vertical, before);
    model.hold(false);
    assert.equal(model.vertical.content, 9_000_000 * 22);
    known = { rows: 1000, exact: true };
    model.settle();
    assert.equal(model.seen!.last, 999);
    assert.equal(model.top, 1000 * 22 - 700);
  });
});

describe('moving and selecting (webview)', () => {
  const model = (): GridModel => {
    const grid = new GridModel([100, 50, 400, 80], () => ({ rows: 1000, exact: true }));
    grid.setView(300, 220, 22, 7);
    return grid;
  };

  it('goes into the headers and back, and not beyond any end', () => {
    const grid = model();
    grid.act({ do: 'move', rows: -1, columns: 0, extend: false });
    assert.equal(grid.active.row, -1);
    grid.act({ do: 'move', rows: -1, columns: -1, extend: false });
    assert.deepEqual(grid.active, { row: -1, column: 0 });
    grid.act({ do: 'move', rows: 1, columns: 0, extend: false });
    grid.act({ do: 'edge', edge: 'right', extend: false });
    assert.deepEqual(grid.active, { row: 0, column: 3 });
    assert.equal(grid.left, 630 - 300);
    grid.act({ do: 'move', rows: 0, columns: 1, extend: false });
    assert.equal(grid.active.column, 3);
  });

  it('selects rectangles, rows, columns and all', () => {
    const grid = model();
    grid.goTo({ row: 5, column: 2 });
    grid.act({ do: 'move', rows: -2, columns: -1, extend: true });
    assert.deepEqual(grid.range, { first: { row: 3, column: 1 }, last: { row: 5, column: 2 } });
    grid.act({ do: 'select', what: 'row' });
    assert.deepEqual(grid.range, { first: { row: 3, column: 0 }, last: { row: 3, column: 3 } });
    grid.act({ do: 'move', rows: 4, columns: 0, extend: true });
    assert.deepEqual(grid.range, { first: { row: 3, column: 0 }, last: { row: 7, column: 3 } });
    grid.act({ do: 'select', what: 'column' });
    assert.deepEqual(grid.range, { first: { row: 0, column: 1 }, last: { row: 999, column: 1 } });
    grid.act({ do: 'select', what: 'all' });
    assert.deepEqual(grid.range, { first: { row: 0, column: 0 }, last: { row: 999, column: 3 } });
  });

  it('moves by pages that keep a row in sight', () => {
    const grid = model();
    grid.act({ do: 'page', pages: 1, extend: false });
    assert.equal(grid.active.row, 9);
    assert.ok(grid.seen!.first <= 9 && grid.seen!.last >= 9);
    grid.act({ do: 'page', pages: -1, extend: false });
    grid.act({ do: 'page', pages: -1, extend: false });
    assert.equal(grid.active.row, 0);
    assert.equal(grid.top, 0);
  });
});
