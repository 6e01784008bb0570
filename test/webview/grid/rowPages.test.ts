import assert from 'node:assert/strict';
import { RowPages, type LoadedRows } from '../../../src/webview/components/virtualGrid';

interface Call {
  from: number;
  count: number;
  signal: AbortSignal;
  answer(rows?: LoadedRows<number>): void;
  refuse(error: Error): void;
}

/** Pages whose requests are answered by hand. */
function byHand(options: { memory?: number; pageRows?: number } = {}): {
  pages: RowPages<number>;
  calls: Call[];
} {
  const calls: Call[] = [];
  const pages = new RowPages<number>({
    pageRows: 100,
    settleMs: 0,
    ...options,
    sizeOf: () => 1,
    changed: () => undefined,
    load: (from, count, signal) =>
      new Promise((resolve, reject) => {
        signal.addEventListener('abort', () => reject(new DOMException('', 'AbortError')));
        const rows = Array.from({ length: count }, (_, index) => from + index);
        calls.push({
          from,
          count,
          signal,
          answer: (given) => resolve(given ?? { rows, end: false }),
          refuse: reject,
        });
      }),
  });
  return { pages, calls };
}

const soon = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

describe('pages of rows (webview)', () => {
  it('asks for what is seen first, then ahead in the direction of movement', async () => {
    const { pages, calls } = byHand();
    pages.want(250, 320);
    while (calls.length < 4) {
      calls.at(-1)!.answer();
      await soon();
    }
    assert.deepEqual(
      calls.map(({ from }) => from),
      [200, 300, 400, 500],
    );
    calls.at(-1)!.answer();
    await soon();
    pages.want(240, 310);
    await soon();
    assert.equal(calls[4]!.from, 100);
    assert.equal(pages.row(345), 345);
  });

  it('cancels what is left behind and goes straight to where the eye is', async () => {
    const { pages, calls } = byHand();
    pages.want(0, 30);
    pages.want(50_000_000, 50_000_030);
    assert.ok(calls[0]!.signal.aborted);
    await soon();
    assert.equal(calls[1]!.from, 50_000_000);
    calls[1]!.answer();
    await soon();
    assert.equal(pages.row(50_000_010), 50_000_010);
    assert.equal(pages.row(0), undefined);
  });

  it('asks for nothing on the way of a thumb drawn over the table', async () => {
    const { pages, calls } = byHand();
    pages.want(0, 30);
    for (let row = 1_000_000; row < 90_000_000; row += 1_000_000) pages.want(row, row + 30);
    await soon();
    assert.deepEqual(
      calls.map(({ from }) => from),
      [0, 89_000_000],
    );
  });

  it('keeps its memory within the bound, and what is seen even so', async () => {
    const { pages, calls } = byHand({ memory: 550 });
    for (let page = 0; page < 40; page++) {
      pages.want(page * 100, page * 100 + 50);
      while (pages.row(page * 100) === undefined || pages.loading) {
        calls.at(-1)!.answer();
        await soon();
      }
      assert.ok(pages.used <= 550, `${pages.used}`);
    }
    assert.equal(pages.row(0), undefined);
    assert.equal(pages.row(3950), 3950);
  });

  it('asks for the rest of a page that came in part', async () => {
    const { pages, calls } = byHand();
    pages.want(0, 50);
    calls[0]!.answer({ rows: [0, 1, 2], end: false });
    await soon();
    assert.deepEqual([calls[1]!.from, calls[1]!.count], [3, 97]);
    assert.equal(pages.row(2), 2);
  });

  it('stops at the end, and takes no endless nothing for an answer', async () => {
    const ended = byHand();
    ended.pages.want(0, 50);
    ended.calls[0]!.answer({ rows: [0, 1, 2], end: true });
    await soon();
    assert.equal(ended.calls.length, 1);
    const empty = byHand();
    empty.pages.want(0, 50);
    empty.calls[0]!.answer({ rows: [], end: false });
    await soon();
    assert.equal(empty.calls.length, 1);
    assert.ok(empty.pages.error instanceof Error);
  });

  it('waits after a failure until it is asked again', async () => {
    const { pages, calls } = byHand();
    pages.want(0, 50);
    calls[0]!.refuse(new Error('gone'));
    await soon();
    pages.want(10, 60);
    await soon();
    assert.equal(calls.length, 1);
    pages.retry();
    assert.equal(calls.length, 2);
    calls[1]!.answer();
    await soon();
    assert.equal(pages.row(10), 10);
  });
});
