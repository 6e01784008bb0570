import assert from 'node:assert/strict';
import { JSDOM } from 'jsdom';
import { render } from 'preact';
import { act } from 'preact/test-utils';
import type { BaseBackupTexts, BaseBackupView } from '../../src/shared/baseBackupPage';
import { BaseBackupPageView } from '../../src/webview/basebackup/baseBackupView';

/** Every text is its own name. */
const texts = new Proxy({}, { get: (_target, name: string) => name }) as BaseBackupTexts;

const link = { word: 'w', detail: '', here: false };
const bar = (label: string, bytes: number) => ({ label, bytes, detail: '3 files', size: `${bytes} B` });

const view: BaseBackupView = {
  head: {
    title: 'shop <b>, Today',
    facts: [{ label: 'Timeline', value: '3' }],
    evidence: { kind: 'bad', text: 'Found damaged' },
    warnings: [{ kind: 'error', text: 'Wrong', details: ['base/1/2: other bytes'] }],
    actions: [
      { id: 'restore', label: 'Restore…' },
      { id: 'verifyChecksum', label: 'Checksum' },
      { id: 'verifyContents', label: 'Chain and WAL' },
      { id: 'rehearse', label: 'Rehearse' },
      { id: 'combine', label: 'Combine…' },
      { id: 'delete', label: 'Delete…' },
    ],
  },
  receipt: {
    text: 'Restored in 3 s',
    parts: [
      { label: 'Files', time: '2 s', ms: 2000 },
      { label: 'Recovery', time: '1 s', ms: 1000 },
    ],
    checks: [
      { name: 'amcheck', ok: true },
      { name: 'orders', ok: false },
    ],
  },
  contents: {
    total: '600 B in 9 files',
    unlisted: false,
    databases: Array.from({ length: 30 }, (_, at) => bar(`db${at}`, 30 - at)),
    tablespaces: [],
    shared: [bar('global', 100)],
    largest: [bar('base/5/16384', 300)],
    chain: [
      { ...link, kind: 'missing', when: 'starts at 0/2', path: null },
      { ...link, kind: 'incremental', when: 'Monday', path: '/m' },
      { ...link, kind: 'incremental', when: 'Today', path: '/t', here: true },
    ],
    chainText: 'broken',
    children: [{ ...link, kind: 'differential', when: 'Later', path: '/l' }],
    wal: { state: 'missing', text: '2 segments: MISSING', details: ['0001 – 0002'], choose: 'Name it…' },
  },
  problem: null,
};

describe('page of a base backup (webview)', () => {
  let root: HTMLElement;
  let calls: [string, unknown][];
  const globals = ['window', 'document'] as const;
  const before_ = new Map(globals.map((name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)]));
  const host = {
    call: (name: string, argument: unknown): Promise<unknown> => {
      calls.push([name, argument]);
      return Promise.resolve(null);
    },
  };

  beforeEach(async () => {
    const dom = new JSDOM('<div id="root"></div>');
    for (const name of globals)
      Object.defineProperty(globalThis, name, { value: dom.window[name], configurable: true });
    root = dom.window.document.getElementById('root')!;
    calls = [];
    await show(view);
  });
  afterEach(async () => {
    await act(() => render(null, root));
    for (const [name, old] of before_)
      if (old) Object.defineProperty(globalThis, name, old);
      else Reflect.deleteProperty(globalThis, name);
  });

  const show = async (shown: BaseBackupView): Promise<void> =>
    await act(() =>
      render(<BaseBackupPageView view={shown} texts={texts} locale="en" host={host as never} />, root),
    );
  const press = async (text: string): Promise<void> => {
    const fitting = [...root.querySelectorAll<HTMLElement>('button, [role=menuitem]')].filter(
      (one) => one.textContent.trim() === text || one.getAttribute('aria-label') === text,
    );
    assert.ok(fitting[0], `${text}: ${root.textContent}`);
    await act(() => fitting[0]!.click());
  };

  it('shows facts, evidence and what is wrong', () => {
    assert.equal(root.querySelector('h1')!.textContent, 'shop <b>, Today');
    assert.equal(root.querySelector('.head-facts')!.textContent, 'Timeline3');
    assert.match(root.querySelector('.evidence.bad')!.textContent, /Found damaged/);
    assert.match(root.querySelector('.warnings')!.textContent, /Wrong.*base\/1\/2: other bytes/);
  });

  it('draws the chain from what is needed to what needs it, with what is missing, and opens others', async () => {
    const [chain, children] = [...root.querySelectorAll('.chain')];
    assert.deepEqual(
      [...chain!.querySelectorAll('li')].map((one) => one.className.trim()),
      ['missing', 'incremental', 'incremental here'],
    );
    assert.match(chain!.querySelector('.missing')!.textContent, /✗.*starts at 0\/2/);
    assert.equal(chain!.querySelector('.missing button'), null, 'what is not there cannot be opened');
    assert.equal(chain!.querySelector('[aria-current=true]')!.textContent.includes('Today'), true);
    assert.match(children!.textContent, /Later/);
    await press('Monday');
    assert.deepEqual(calls, [['open', '/m']]);
  });

  it('does what its buttons say: the first at once, verifying and the rest by menus', async () => {
    await press('Restore…');
    await press('verify');
    await press('Chain and WAL');
    await press('Rehearse');
    await press('actions');
    await press('Delete…');
    await press('Name it…');
    assert.deepEqual(
      calls.map(([, action]) => action),
      ['restore', 'verifyContents', 'rehearse', 'delete', 'chooseArchive'],
    );
  });

  it('shows the largest first, and all when that is asked for', async () => {
    const rows = (): number => root.querySelectorAll('.room tbody tr').length;
    assert.equal(rows(), 10 + 1 + 1);
    await press('+ 20');
    assert.equal(rows(), 30 + 1 + 1);
  });

  it('shows where the time of a rehearsal went, and what was checked', () => {
    assert.deepEqual(
      [...root.querySelectorAll('.legend > div')].map((one) => one.textContent),
      ['Files2 s', 'Recovery1 s'],
    );
    assert.deepEqual(
      [...root.querySelectorAll('.checks li')].map((one) => one.textContent.trim()),
      ['passed amcheck', 'failed orders'],
    );
  });

  it('says that it reads, and why it cannot', async () => {
    await show({ ...view, contents: null, receipt: null });
    assert.match(root.querySelector('[role=status]')!.textContent, /reading/);
    const problem = { code: 'x', what: 'Cut off.', why: 'byte 5', next: 'Look.' };
    await show({ ...view, contents: null, receipt: null, problem });
    assert.match(root.querySelector('[role=alert]')!.textContent, /Cut off.*byte 5.*Look/);
    await press('refresh');
    assert.deepEqual(calls, [['act', 'refresh']]);
  });
});
