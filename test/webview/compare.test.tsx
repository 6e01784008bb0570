import assert from 'node:assert/strict';
import { JSDOM } from 'jsdom';
import { render } from 'preact';
import { act } from 'preact/test-utils';
import type {
  CompareTexts,
  ComparisonView,
  RowDifference,
  RunningView,
  TableCompared,
} from '../../src/shared/comparePage';
import { CompareView } from '../../src/webview/compare/compareView';
import { Running } from '../../src/webview/compare/running';

/** Every text is its own name. */
const named = (more: object = {}): never =>
  new Proxy(more, {
    get: (target, name: string) => (target as Record<string, unknown>)[name] ?? name,
  }) as never;
const texts: CompareTexts = named({
  changes: named(),
  aspects: named(),
  states: named(),
  place: '{0} of {1}',
  ticked: '{0} ticked',
  rowsOf: 'rows of {0}',
});

const many = 1_000_000;
const table = (more: Partial<TableCompared>): TableCompared => ({
  ...{
    schema: 'app',
    name: 'orders',
    state: 'different',
    key: ['id'],
    keyFrom: 'primaryKey',
    refersTo: [],
    notes: [],
  },
  columns: [
    { name: 'id', type: 'integer', left: true, right: true, key: true, changed: 0 },
    { name: 'calm', type: 'text', left: true, right: true, key: false, changed: 0 },
    { name: 'note', type: 'text', left: true, right: true, key: false, changed: many },
  ],
  ...{ added: 0, removed: 1, changed: many - 1, same: 5, leftRows: null, rightRows: null, kept: many },
  ...more,
});
const side = { title: 'left <b>', kind: 'artifact', bytes: 1 } as never;
const view: ComparisonView = {
  ...{ equal: false, left: side, right: side, sequences: [], largeObjects: null, options: { rows: true } },
  faults: [{ side: 'left', what: 'cut', entry: null }],
  tables: [table({}), table({ name: 'same', state: 'same', added: 0, removed: 0, changed: 0, kept: 0 })],
  objects: [
    {
      key: 'k',
      kind: 'VIEW',
      schema: 'app',
      name: 'seen',
      table: null,
      change: 'changed',
      aspects: ['definition'],
    },
    { key: 'g', kind: 'TABLE', schema: 'app', name: 'gone', table: null, change: 'removed', aspects: [] },
  ],
  same: [{ kind: 'TABLE', schema: 'app', count: 3 }],
  normalised: [],
  leftOut: {},
  made: { at: '', durationMs: 1, by: '', command: null },
  about: { left: 'backup', right: 'live' },
  effort: 'took 1 s',
};
const difference = (at: number): RowDifference =>
  at === 1
    ? { change: 'removed', left: ['1', 'x', null], right: null }
    : {
        change: 'changed',
        left: [String(at), 'x', 'old'],
        right: [String(at), 'x', `new ${at}`],
        columns: [2],
      };

describe('comparison page (webview)', () => {
  let root: HTMLElement;
  let calls: [string, unknown][];
  const globals = ['window', 'document'] as const;
  const before_ = new Map(globals.map((name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)]));
  const host = {
    call: (name: string, argument: { from: number; count: number; query: object }): Promise<unknown> => {
      calls.push([name, argument]);
      if (name !== 'rows') return Promise.resolve(null);
      const { from, count } = argument;
      const rows = Array.from({ length: Math.min(count, many - from) }, (_, at) => ({
        at: from + at,
        row: difference(from + at),
      }));
      return Promise.resolve({ rows, total: many });
    },
  };
  const kept = { read: () => ({}), write: () => {} };

  beforeEach(async () => {
    const dom = new JSDOM('<div id="root"></div>');
    for (const name of globals)
      Object.defineProperty(globalThis, name, {
        configurable: true,
        writable: true,
        value: dom.window[name === 'window' ? 'window' : 'document'],
      });
    root = dom.window.document.getElementById('root')!;
    dom.window.HTMLElement.prototype.scrollTo = () => {};
    calls = [];
    await act(() =>
      render(
        <CompareView view={view} texts={texts} locale="en" host={host as never} kept={kept as never} />,
        root,
      ),
    );
  });
  afterEach(async () => {
    await act(() => render(null, root));
    for (const [name, old] of before_)
      if (old) Object.defineProperty(globalThis, name, old);
      else Reflect.deleteProperty(globalThis, name);
  });

  const button = (text: RegExp): HTMLElement =>
    [...root.querySelectorAll('button')].find((one) => text.test(one.textContent))!;
  const press = async (text: RegExp): Promise<void> => {
    await act(() => button(text).click());
    await act(() => new Promise((done) => setTimeout(done, 20)));
  };
  const key = async (name: string, more: object = {}): Promise<void> => {
    const { window } = root.ownerDocument.defaultView!;
    await act(
      () =>
        void root
          .querySelector('[role=grid]')!
          .dispatchEvent(new window.KeyboardEvent('keydown', { key: name, bubbles: true, ...more })),
    );
    await act(() => new Promise((done) => setTimeout(done, 20)));
  };

  it('tells what differs, and folds away what does not', () => {
    assert.match(root.textContent, /left <b>.*differs.*took 1 s/s);
    const rows = [...root.querySelectorAll('table.tables tbody tr')].map((row) => row.textContent);
    assert.deepEqual(rows, ['app.orders 1999,9995']);
    assert.equal(root.querySelectorAll('details').length, 2);
    assert.match(root.querySelector('.notice')!.textContent, /cut/);
    assert.match(root.textContent, /VIEW ~1/);
  });

  it('holds a few rows of a million, those in sight', async () => {
    await press(/app\.orders/);
    assert.ok(root.querySelectorAll('.difference').length < 100);
    assert.ok(root.querySelectorAll('*').length < 2000);
    assert.match(root.textContent, /1 of 1,000,000/);
    // What changed stands beside the key, both values in it.
    assert.deepEqual(
      [...root.querySelectorAll('[role=columnheader]')].map((one) => one.textContent),
      ['', 'id', 'note', 'calm'],
    );
    assert.equal(root.querySelector('.difference .differs')!.textContent, 'old → new 0');
    await key('End', { ctrlKey: true });
    assert.match(root.textContent, /1,000,000 of 1,000,000/);
    assert.ok(calls.filter(([name]) => name === 'rows').length < 5);
  });

  it('goes from difference to difference by keys, and opens values', async () => {
    await press(/app\.orders/);
    await key('F7');
    await key('F7');
    assert.match(root.textContent, /3 of 1,000,000/);
    await key('F7', { shiftKey: true });
    await key('ArrowRight');
    await key('Enter');
    assert.deepEqual(calls.at(-1), ['openValue', { table: 0, at: 1, column: 2 }]);
  });

  it('takes ticked rows, or all that fit a filter', async () => {
    await press(/app\.orders/);
    await key(' ');
    assert.match(root.textContent, /1 ticked/);
    await press(/takeBack/);
    assert.deepEqual(calls.at(-1), [
      'take',
      { rows: [{ table: 0, rows: [0] }], objects: [], direction: 'toLeft' },
    ]);
    await press(/~ changed/);
    assert.deepEqual((calls.at(-1)![1] as { query: object }).query, { changes: ['added', 'removed'] });
    await act(() => (root.querySelector('.tools label input') as HTMLElement).click());
    await press(/takeOver/);
    assert.deepEqual(calls.at(-1), [
      'take',
      { rows: [{ table: 0, rows: { changes: ['added', 'removed'] } }], objects: [], direction: 'toRight' },
    ]);
  });

  it('opens objects and takes them', async () => {
    await press(/objects/);
    await press(/app\.seen/);
    assert.deepEqual(calls.at(-1), ['openObject', 'k']);
    await act(() => (root.querySelector('.object input') as HTMLElement).click());
    await press(/takeBack/);
    assert.deepEqual(calls.at(-1), ['take', { rows: [], objects: ['g'], direction: 'toLeft' }]);
  });

  it('lets a key be chosen where a table has none', async () => {
    const keyless = { ...view, tables: [table({ keyFrom: 'none', key: [] })] };
    await act(() =>
      render(
        <CompareView view={keyless} texts={texts} locale="en" host={host as never} kept={kept as never} />,
        root,
      ),
    );
    await press(/orders/);
    await press(/chooseKey/);
    assert.deepEqual(calls.at(-1), ['chooseKey', 0]);
  });

  it('tells how far it is while it is being made, and cancels', async () => {
    const running = { title: 'Compare a with b', fraction: 0.427, what: 'Comparing app.orders' };
    const draw = (view: RunningView): void =>
      void act(() => render(<Running view={view} texts={texts} host={host as never} />, root));
    draw(running);
    const bar = root.querySelector('progress')!;
    assert.deepEqual([bar.value, bar.getAttribute('aria-label')], [0.427, running.title]);
    assert.match(root.textContent, /42 % Comparing app\.orders/);
    draw({ ...running, fraction: null });
    assert.equal(root.querySelector('progress')!.hasAttribute('value'), false);
    await press(/cancel/);
    assert.deepEqual(calls.at(-1), ['cancel', null]);
  });
});
