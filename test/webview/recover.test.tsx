import assert from 'node:assert/strict';
import { JSDOM } from 'jsdom';
import { render } from 'preact';
import { act } from 'preact/test-utils';
import type {
  ClusterLine,
  EventQuery,
  PlanView,
  Reached,
  RecoverDraft,
  RecoverHost,
  RecoverTexts,
} from '../../src/shared/recoverPage';
import { RpcError } from '../../src/shared/rpc';
import { RecoverView } from '../../src/webview/recover/recoverView';
import { shownTime } from '../../src/webview/recover/times';

/** Every text is its own name. */
const texts = new Proxy({} as RecoverTexts, {
  get: (_, name: string) =>
    ({
      kinds: { time: 'time', lsn: 'lsn', xid: 'xid', name: 'name', immediate: 'immediate', latest: 'latest' },
      spans: [
        { minutes: 10, label: 'ten' },
        { minutes: 60, label: 'hour' },
      ],
      reachable: 'reachable {0}',
      takeEvent: 'before {0}',
    })[name] ?? name,
});

const at = (minute: number): string => new Date(Date.UTC(2026, 10, 18, 9, minute)).toISOString();
const line = (different: Partial<ClusterLine> = {}): ClusterLine => ({
  ...{
    key: '1',
    title: 'Recover <b>shop</b>',
    facts: ['PostgreSQL 17'],
    window: 'Wed, one gap',
    wal: '/wal',
  },
  marks: [
    { where: '/b/1', timeline: 1, full: true, whole: true, label: 'first', lsn: '0/2000028', time: at(2) },
    { where: '/b/2', timeline: 1, full: false, whole: false, label: 'broken', lsn: '0/4000028', time: at(4) },
    { where: '/b/3', timeline: 1, full: true, whole: true, label: 'third', lsn: '0/7000028', time: at(7) },
  ],
  timelines: [
    {
      ...{ timeline: 1, label: 'WAL 1', parent: null },
      bands: [
        { from: { lsn: '0/2000000', time: at(2) }, to: { lsn: '0/5000000', time: at(4) }, label: 'band a' },
        { from: { lsn: '0/7000000', time: at(7) }, to: { lsn: '0/A000000', time: at(10) }, label: 'band b' },
      ],
    },
    {
      ...{ timeline: 2, label: 'WAL 2', parent: { timeline: 1, lsn: '0/8000000', time: at(8) } },
      bands: [
        { from: { lsn: '0/8000000', time: at(8) }, to: { lsn: '0/9000000', time: at(9) }, label: 'band c' },
      ],
    },
  ],
  gaps: [
    {
      timeline: 1,
      from: { lsn: '0/5000000', time: at(4) },
      to: { lsn: '0/7000000', time: at(7) },
      label: 'a gap',
    },
  ],
  windows: [
    { timeline: 1, from: { lsn: '0/7000100', time: at(7) }, to: { lsn: '0/A000000', time: at(10) } },
    { timeline: 1, from: { lsn: '0/2000100', time: at(2) }, to: { lsn: '0/5000000', time: at(4) } },
  ],
  ...different,
});

const view: PlanView = {
  ...{
    title: 'Recover',
    subtitle: '',
    files: [],
    locks: [],
    room: ['2 GB'],
    destroys: [],
    wayBack: 'remove',
  },
  steps: [{ title: 'Replay the WAL', command: null, reasons: [] }],
  ...{ ifItFails: null, warnings: [], checked: [], commandLine: 'restore-point recover' },
};

describe('recovery page (webview)', () => {
  let root: HTMLElement;
  let reaches: RecoverDraft[];
  let plans: RecoverDraft[];
  let runs: RecoverDraft[];
  let queries: EventQuery[];
  let refused: Reached | null;
  let lines: ClusterLine[];
  const globals = ['window', 'document', 'Element'] as const;
  const before_ = new Map(globals.map((name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)]));

  const host = {
    call: async (name: keyof RecoverHost, argument: never): Promise<never> => {
      await Promise.resolve();
      if (name === 'reach') {
        reaches.push(argument);
        const fine = {
          ...{ text: 'from full + 2', error: null, nearest: [] },
          tablespaces: [{ oid: '16385', label: '/srv/fast' }],
        };
        return (refused ?? fine) as never;
      }
      if (name === 'plan') plans.push(argument);
      if (name === 'plan') return view as never;
      if (name === 'run') runs.push(argument);
      if (name === 'refresh') return [line({ window: 'read anew' })] as never;
      if (name === 'chooseWal') return [line({ wal: '/other' })] as never;
      if (name === 'events') {
        queries.push(argument);
        const loss = { time: at(8), timeline: 2, label: 'DROP orders', detail: 'shop', kind: 'loss' };
        return { cut: false, events: [{ ...loss, lsn: '0/8000100' }] } as never;
      }
      if (name === 'browse') throw new RpcError({ code: 'x', what: 'No dialog', why: '', next: '' });
      return true as never;
    },
  };
  const settled = async (): Promise<void> => {
    for (let n = 0; n < 4; n++) await act(() => new Promise((done) => setTimeout(done, 90)));
  };
  const draft: RecoverDraft = {
    ...{ cluster: '1', target: { kind: 'time', time: at(9) }, exclusive: false, called: null },
    ...{ timeline: null, from: null },
    ...{ directory: '/side', port: 5499, user: 'postgres', tablespaces: {} },
  };
  const open = async (different: Partial<RecoverDraft> = {}, forward = false): Promise<void> => {
    const first = { clusters: lines, draft: { ...draft, ...different }, texts, locale: 'en', forward };
    await act(() =>
      render(<RecoverView host={host as never} first={first} share={null} changes={0} />, root),
    );
    await settled();
  };
  const one = <E extends HTMLElement = HTMLElement>(selector: string): E => {
    const found = root.querySelector<E>(selector);
    assert.ok(found, selector);
    return found;
  };
  const button = (text: string): HTMLButtonElement =>
    [...root.querySelectorAll('button')].find((b) => b.textContent === text || b.ariaLabel === text)!;
  const press = async (element: HTMLElement, key: string, more: KeyboardEventInit = {}): Promise<void> => {
    const { KeyboardEvent } = element.ownerDocument.defaultView!;
    await act(() => {
      element.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more }));
    });
  };
  const type = async (element: HTMLInputElement, text: string): Promise<void> => {
    await act(() => {
      element.value = text;
      element.dispatchEvent(new element.ownerDocument.defaultView!.Event('input', { bubbles: true }));
    });
    await settled();
  };

  beforeEach(() => {
    const dom = new JSDOM('<div id="root"></div>');
    for (const name of globals)
      Object.defineProperty(globalThis, name, { value: dom.window[name], configurable: true });
    root = dom.window.document.getElementById('root')!;
    [reaches, plans, runs, queries, refused, lines] = [[], [], [], [], null, [line()]];
  });
  afterEach(() => {
    render(null, root);
    for (const [name, descriptor] of before_)
      if (descriptor) Object.defineProperty(globalThis, name, descriptor);
      else Reflect.deleteProperty(globalThis, name);
  });

  it('draws backups, WAL, gaps and branches, and says each of them', async () => {
    await open();
    const labels = [...root.querySelectorAll('.time-line [aria-label]')].map((e) =>
      e.getAttribute('aria-label'),
    );
    for (const label of ['first', 'broken', 'third', 'band a', 'band b', 'band c', 'a gap'])
      assert.ok(labels.includes(label), label);
    assert.equal(root.querySelectorAll('.window').length, 2);
    assert.equal(root.querySelectorAll('.branch').length, 1);
    assert.equal(one('h1').textContent, 'Recover <b>shop</b>');
    assert.match(one('header').textContent, /Wed, one gap/);
    assert.match(one('.answer').textContent, /reachable from full \+ 2/);
    assert.match(root.textContent, /Replay the WAL.*2 GB|2 GB.*Replay the WAL/s);
  });

  it('moves the target by the arrow keys, to the first and the last moment that can be reached', async () => {
    await open();
    const slider = one('[role=slider]');
    const now = (): number => Number(slider.getAttribute('aria-valuenow'));
    const begin = now();
    await press(slider, 'ArrowLeft', { shiftKey: true });
    assert.equal(now(), begin - 1000);
    await press(slider, 'ArrowLeft');
    const step = begin - 1000 - now();
    assert.ok(step >= 1000 && step <= 60_000, `${step}`);
    await press(slider, 'PageUp');
    assert.equal(now(), begin - 1000 + 9 * step);
    await press(slider, 'Home');
    assert.equal(now(), Date.parse(at(2)));
    await press(slider, 'End');
    assert.equal(now(), Date.parse(at(10)));
    await press(slider, 'ArrowRight', { ctrlKey: true });
    await settled();
    assert.deepEqual(reaches.at(-1)?.target, { kind: 'time', time: at(10) });
    assert.deepEqual(plans.at(-1)?.target, { kind: 'time', time: at(10) });
  });

  it('goes from backup to backup by arrows with one stop of Tab, and takes the end of a whole one', async () => {
    await open();
    const marks = [...root.querySelectorAll<HTMLElement>('.mark')];
    assert.deepEqual(
      marks.map(({ tabIndex }) => tabIndex),
      [-1, -1, 0],
    );
    marks[2]!.focus();
    await press(marks[2]!, 'ArrowLeft');
    assert.equal(document.activeElement, marks[1]);
    await act(() => marks[1]!.click());
    assert.equal(marks[1]!.getAttribute('aria-disabled'), 'true');
    await press(marks[1]!, 'Home');
    await act(() => marks[0]!.click());
    await settled();
    const last = reaches.at(-1)!;
    assert.deepEqual([last.target, last.from], [{ kind: 'immediate' }, '/b/1']);
    assert.equal(marks[0]!.getAttribute('aria-pressed'), 'true');
  });

  it('refuses what cannot be reached without planning it, and takes the nearest by a press', async () => {
    refused = {
      ...{ text: null, tablespaces: [] },
      error: {
        code: 'recovery.unreachable',
        what: `${at(5)} cannot be reached.`,
        why: 'A segment is missing.',
        next: '',
      },
      nearest: [{ label: 'Take the end', set: { target: { kind: 'latest' }, from: '/b/1', timeline: 1 } }],
    };
    await open({ target: { kind: 'time', time: at(5) } });
    assert.match(one('.answer [role=alert]').textContent, /cannot be reached.*segment is missing/);
    // By the same clock as the field above.
    assert.ok(one('.answer [role=alert]').textContent.startsWith(`${shownTime(at(5))} cannot`));
    assert.deepEqual(plans, []);
    assert.equal(button('recover').disabled, true);
    const { nearest } = refused;
    refused = null;
    await act(() => button('Take the end').click());
    await settled();
    assert.deepEqual(plans.at(-1), { ...draft, ...nearest[0]!.set });
    await act(() => button('recover').click());
    assert.deepEqual(runs.at(-1), plans.at(-1));
  });

  it('takes every kind of target as it is typed', async () => {
    await open();
    const kind = one<HTMLSelectElement>('select[aria-label="target"]');
    const choose = async (value: string): Promise<void> => {
      await act(() => {
        kind.value = value;
        kind.dispatchEvent(new kind.ownerDocument.defaultView!.Event('change', { bubbles: true }));
      });
    };
    const value = (): HTMLInputElement => one('input[aria-label="value"]');
    await type(value(), '2026-11-18 10:00:00.123456+01');
    assert.deepEqual(reaches.at(-1)?.target, { kind: 'time', time: '2026-11-18T10:00:00.123456+01:00' });
    await type(value(), 'soon');
    assert.deepEqual(reaches.at(-1)?.target, { kind: 'time', time: 'soon' });
    assert.equal(value().value, 'soon');
    await choose('lsn');
    await type(value(), ' 0/8000000 ');
    assert.deepEqual(reaches.at(-1)?.target, { kind: 'lsn', lsn: '0/8000000' });
    const shown = Number(one('[role=slider]').getAttribute('aria-valuenow'));
    assert.ok(shown >= Date.parse(at(7)) && shown <= Date.parse(at(9)), 'an LSN has its place on the line');
    await choose('name');
    await type(value(), 'before_release');
    assert.deepEqual(reaches.at(-1)?.target, { kind: 'name', name: 'before_release' });
    await choose('latest');
    assert.equal(root.querySelector('input[aria-label="value"]'), null);
  });

  it('looks into the WAL around the target, and sets it to just before what was chosen', async () => {
    await open({ target: { kind: 'time', time: at(9) } });
    assert.deepEqual(queries, [], 'only when it is asked for');
    await act(() => button('look').click());
    await settled();
    assert.deepEqual(queries, [{ cluster: '1', timeline: null, onlyLosses: true, from: at(-1), to: at(19) }]);
    assert.equal(root.querySelectorAll('.event.loss').length, 1);
    const found = one('.found-events button');
    assert.match(found.getAttribute('aria-label') ?? '', /^before DROP orders, 2026-11-18/);
    await act(() => found.click());
    await settled();
    assert.deepEqual(plans.at(-1), {
      ...draft,
      ...{ target: { kind: 'lsn', lsn: '0/8000100' }, exclusive: true, timeline: 2 },
      called: 'DROP orders',
    });
    await press(one('[role=slider]'), 'Home');
    await settled();
    assert.equal(plans.at(-1)?.called, null, 'another target is not what was chosen');
    assert.equal(one<HTMLInputElement>('.line input[type=checkbox]').checked, true);
  });

  it('does not look where there is no archive, until its folder was chosen', async () => {
    lines = [line({ wal: null })];
    await open();
    assert.equal(button('look').disabled, true);
    await act(() => button('chooseWal').click());
    await settled();
    assert.equal(button('look').disabled, false);
    assert.match(root.textContent, /\/other/);
  });

  it('plans nothing that is not complete, maps tablespaces, and tells what failed in its place', async () => {
    await open({ port: 0 });
    assert.deepEqual(plans, []);
    assert.equal(one('input[aria-label="port"]').getAttribute('aria-invalid'), 'true');
    await type(one('input[aria-label="port"]'), '5500');
    await type(one('input[aria-label="/srv/fast"]'), '/mnt/fast');
    assert.deepEqual(plans.at(-1), { ...draft, port: 5500, tablespaces: { 16385: '/mnt/fast' } });
    await act(() => button('browse').click());
    await settled();
    assert.match(root.textContent, /No dialog/);
  });

  it('of a cluster that is moved on takes the target only', async () => {
    await open({ timeline: 2 }, true);
    for (const label of ['from', 'timeline', 'directory', 'port'])
      assert.equal(
        root.querySelector(`select[aria-label=${label}], input[aria-label=${label}]`),
        null,
        label,
      );
    assert.equal(root.querySelector('option[value=immediate]'), null);
    await act(() => one('.mark').click());
    await press(one('[role=slider]'), 'End');
    await settled();
    assert.deepEqual(plans.at(-1), { ...draft, timeline: 2, target: { kind: 'time', time: at(10) } });
  });

  it('says so where there is nothing to recover from', async () => {
    lines = [];
    await open({ cluster: '' });
    assert.match(root.textContent, /nothingHere/);
    assert.deepEqual([reaches, plans], [[], []]);
    const first = { clusters: [], draft: { ...draft, cluster: '' }, texts, locale: 'en', forward: false };
    await act(() =>
      render(<RecoverView host={host as never} first={first} share={null} changes={1} />, root),
    );
    await settled();
    assert.match(root.textContent, /read anew/, 'a backup came');
    assert.equal(reaches.at(-1)?.cluster, '1');
  });
});
