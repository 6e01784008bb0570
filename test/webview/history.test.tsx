import assert from 'node:assert/strict';
import { JSDOM } from 'jsdom';
import { render } from 'preact';
import { act } from 'preact/test-utils';
import type { HistoryReading, HistoryTexts, HistoryView } from '../../src/shared/historyPage';
import { HistoryPageView } from '../../src/webview/history/historyView';

/** Every text is its own name. */
const named = (more: object = {}): never =>
  new Proxy(more, {
    get: (target, name: string) => (target as Record<string, unknown>)[name] ?? name,
  }) as never;
const texts: HistoryTexts = named({ states: named() });

const usual = { damaged: false, part: false, suspicions: [] };

const view: HistoryView = {
  title: 'shop <b>',
  tables: ['app.orders'],
  points: [
    { ...usual, path: '/a', when: 'Monday', at: 1000, bytes: 10, size: '10 B', rows: 100 },
    { ...usual, path: '/b', when: 'Tuesday', at: 2000, bytes: 20, size: '20 B', rows: null },
    {
      ...usual,
      path: '/c',
      when: 'Friday',
      at: 5000,
      bytes: 5,
      size: '5 B',
      rows: 40,
      suspicions: ['orders fell'],
    },
  ],
};

describe('history page (webview)', () => {
  let root: HTMLElement;
  let calls: [string, unknown][];
  let signals: (AbortSignal | undefined)[];
  /** What the host does not answer. */
  let waits: string[];
  const globals = ['window', 'document'] as const;
  const before_ = new Map(globals.map((name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)]));
  const answers: Record<string, unknown> = {
    table: [10, null, -1],
    find: {
      span: 'Only in Monday.',
      backups: [
        { path: '/a', when: 'Monday', part: false, state: 'found', changed: false, text: 'id=1' },
        { path: '/b', when: 'Tuesday', part: false, state: 'unreadable', changed: false, text: 'cut' },
        { path: '/c', when: 'Friday', part: true, state: 'absent', changed: false, text: '' },
      ],
    },
    objects: {
      objects: [
        { key: 'k1', kind: 'VIEW', name: 'app.seen' },
        { key: 'k2', kind: 'FUNCTION', name: 'app.f(integer)' },
      ],
      total: 5,
      unread: ['/b: cut'],
    },
    object: {
      span: 'First in Monday, last in Friday; changed once.',
      backups: [
        { path: '/a', when: 'Monday', part: false, state: 'found', changed: false, text: '' },
        { path: '/b', when: 'Tuesday', part: false, state: 'absent', changed: false, text: '' },
        { path: '/c', when: 'Friday', part: false, state: 'found', changed: true, text: 'owner' },
      ],
    },
  };
  const host = {
    call: (name: string, argument: unknown, signal?: AbortSignal): Promise<unknown> => {
      calls.push([name, argument]);
      signals.push(signal);
      return waits.includes(name) ? new Promise(() => undefined) : Promise.resolve(answers[name] ?? null);
    },
  };

  beforeEach(async () => {
    const dom = new JSDOM('<div id="root"></div>');
    for (const name of globals)
      Object.defineProperty(globalThis, name, { value: dom.window[name], configurable: true });
    root = dom.window.document.getElementById('root')!;
    [calls, signals, waits] = [[], [], []];
    await show(view);
  });
  afterEach(async () => {
    await act(() => render(null, root));
    for (const [name, old] of before_)
      if (old) Object.defineProperty(globalThis, name, old);
      else Reflect.deleteProperty(globalThis, name);
  });

  const show = async (shown: HistoryView, reading: HistoryReading | null = null): Promise<void> =>
    await act(() =>
      render(
        <HistoryPageView view={shown} texts={texts} locale="en" host={host as never} reading={reading} />,
        root,
      ),
    );
  const press = async (text: string, at = 0): Promise<void> => {
    const fitting = [...root.querySelectorAll('button')].filter((one) => one.textContent.trim() === text);
    assert.ok(fitting[at], `${text}: ${root.textContent}`);
    await act(() => fitting[at]!.click());
    await act(() => new Promise((done) => setTimeout(done, 10)));
  };
  const found = (): string[] => [...root.querySelectorAll('.found li')].map((one) => one.textContent.trim());
  const rows = (): string[] =>
    [...root.querySelectorAll('table.backups tbody tr')].map((row) => row.textContent);
  const change = async (selector: string, value: string): Promise<void> => {
    const field = root.querySelector<HTMLSelectElement>(selector)!;
    const { Event } = root.ownerDocument.defaultView!;
    field.value = value;
    await act(() => {
      field.dispatchEvent(new Event('input', { bubbles: true }));
      field.dispatchEvent(new Event('change', { bubbles: true }));
    });
    await act(() => new Promise((done) => setTimeout(done, 10)));
  };

  it('shows every backup, newest first, with what looks wrong', () => {
    assert.equal(root.querySelector('h1')!.textContent, 'shop <b>');
    assert.deepEqual(rows(), ['Friday5 B40orders fell', 'Tuesday20 BnotCountedcountNow', 'Monday10 B100']);
    // What nobody counted has no place in the chart.
    assert.equal(root.querySelectorAll('.mark').length, 2);
    assert.equal(root.querySelectorAll('.mark.wrong').length, 1);
    assert.match(root.querySelector('.chart')!.getAttribute('aria-valuetext')!, /Friday: 40/);
  });

  it('shows one table, also where it is not there', async () => {
    await change('select', 'app.orders');
    assert.deepEqual(rows(), [
      'Friday5 BnotThereorders fell',
      'Tuesday20 BnotCountedcountNow',
      'Monday10 B10',
    ]);
  });

  it('goes along the chart by keys, and compares two', async () => {
    const { KeyboardEvent } = root.ownerDocument.defaultView!;
    await act(
      () =>
        void root
          .querySelector('.chart')!
          .dispatchEvent(new KeyboardEvent('keydown', { key: 'Home', bubbles: true })),
    );
    assert.match(root.querySelector('figcaption')!.textContent, /Monday: 100/);
    for (const box of root.querySelectorAll<HTMLInputElement>('tbody input')) await act(() => box.click());
    const compare = [...root.querySelectorAll('button')].find((one) => one.textContent === 'compareTwo')!;
    await act(() => compare.click());
    // The two ticked last, the older first.
    assert.deepEqual(calls.at(-1), ['compare', { left: '/a', right: '/b' }]);
  });

  it('finds a row in all of them', async () => {
    await change('form input', 'id=1');
    const { Event } = root.ownerDocument.defaultView!;
    await act(
      () =>
        void root
          .querySelector('form')!
          .dispatchEvent(new Event('submit', { bubbles: true, cancelable: true })),
    );
    await act(() => new Promise((done) => setTimeout(done, 10)));
    assert.deepEqual(calls.at(-1), ['find', { table: 'app.orders', condition: 'id=1' }]);
    assert.equal(root.querySelector('.span')!.textContent, 'Only in Monday.');
    assert.deepEqual(found(), ['Monday: found id=1', 'Tuesday: unreadable cut', 'Friday: absent  (part)']);
  });

  it('counts what nobody counted, one or all, and shows what it hears', async () => {
    await press('countNow');
    assert.deepEqual(calls.at(-1), ['count', ['/b']]);
    assert.equal(
      [...root.querySelectorAll('button')].some(({ textContent }) => textContent === 'countAll'),
      false,
    );
    const [first, second, third] = view.points;
    await show({ ...view, points: [{ ...first!, rows: null }, second!, third!] });
    waits = ['count'];
    await press('countAll');
    assert.deepEqual(calls.at(-1), ['count', ['/a', '/b']]);
    assert.match(root.querySelector('.busy')!.textContent, /counting/);
    assert.ok(root.querySelector<HTMLButtonElement>('button.count')!.disabled);
    await show({
      ...view,
      points: [
        { ...first!, rows: 7 },
        { ...second!, damaged: true },
        { ...third!, part: true },
      ],
    });
    assert.deepEqual(rows(), ['Friday part5 B40orders fell', 'Tuesday20 Bdamaged', 'Monday10 B7']);
  });

  it('shows an object in all of them, and what changed', async () => {
    waits = ['objects'];
    await press('listObjects');
    assert.deepEqual(calls.at(-1), ['objects', '']);
    await show(view, { done: 1, total: 3 });
    assert.match(root.querySelector('.busy')!.textContent, /reading/);
    await press('cancel');
    assert.equal(signals.at(-1)?.aborted, true);
    waits = [];
    await press('listObjects');
    assert.deepEqual(
      [...root.querySelectorAll('.objects li')].map((one) => one.textContent.trim()),
      ['VIEW app.seen', 'FUNCTION app.f(integer)'],
    );
    assert.match(root.textContent, /moreObjects.*\/b: cut/);
    await change('input[aria-label="filterObjects"]', 'seen');
    assert.deepEqual(calls.at(-1), ['objects', 'seen']);
    await press('VIEW app.seen');
    assert.deepEqual(calls.at(-1), ['object', 'k1']);
    assert.equal(root.querySelector('.span')!.textContent, 'First in Monday, last in Friday; changed once.');
    assert.deepEqual(found(), ['Monday: found', 'Tuesday: absent', 'Friday: found changed owner']);
    await press('changed');
    assert.deepEqual(calls.at(-1), ['diff', { key: 'k1', left: '/a', right: '/c' }]);
  });
});
