import assert from 'node:assert/strict';
import { JSDOM } from 'jsdom';
import { render } from 'preact';
import { act } from 'preact/test-utils';
import type { PlanView, RestoreDraft, RestoreHost, RestoreTexts } from '../../src/shared/restorePage';
import { RestoreView } from '../../src/webview/restore/restoreView';

/** Every text is its own name. */
const texts = new Proxy({} as RestoreTexts, {
  get: (_, name: string) =>
    ({
      strategies: { new: { label: 'new' }, replace: { label: 'replace' }, 'in-place': { label: 'in-place' } },
      existings: { add: 'add', replace: 'replaceThem', beside: 'beside' },
      safeties: { auto: 'auto', clone: 'clone', dump: 'dump', none: 'none' },
      kinds: { schemas: 'schemas', owners: 'owners', tablespaces: 'tablespaces' },
    })[name] ?? name,
});

const view = (warnings: PlanView['warnings'] = []): PlanView => ({
  ...{ title: 'Restore', subtitle: '', files: [], locks: [], room: [], destroys: [], wayBack: 'drop it' },
  steps: [{ title: 'Restore shop', command: 'pg_restore shop', reasons: ['It is newer.'] }],
  ...{ ifItFails: null, warnings, checked: [], commandLine: 'restore-point restore' },
});

describe('restore page (webview)', () => {
  let root: HTMLElement;
  let drafts: RestoreDraft[];
  let runs: RestoreDraft[];
  let warnings: PlanView['warnings'];
  const globals = ['window', 'document'] as const;
  const before_ = new Map(globals.map((name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)]));

  const first = (several = false): Awaited<ReturnType<RestoreHost['ready']>> => ({
    subject: {
      ...{ title: 'Restore <b>shop</b>', facts: ['custom'], several, owners: ['joe'], tablespaces: [] },
      ...{ schemas: ['app'], ticked: { entries: [1, 2], names: ['app.orders'] } },
    },
    draft: { connection: 'c', database: 'shop', request: { strategy: 'new' } },
    connections: [{ id: 'c', name: 'local', role: '' }],
    texts,
  });
  const host = {
    call: async (name: string, argument: never): Promise<never> => {
      if (name === 'databases')
        return { databases: [{ name: 'shop', size: '1 MB' }], free: 'shop_restored' } as never;
      if (name === 'plan') drafts.push(argument);
      if (name === 'plan') return view(warnings) as never;
      if (name === 'run') runs.push(argument);
      if (name === 'settle') {
        const { draft, set } = argument as { draft: RestoreDraft; set: object };
        warnings = [];
        return { ...draft, request: { ...draft.request, ...set } } as never;
      }
      return true as never;
    },
  };
  const settled = async (): Promise<void> => {
    for (let n = 0; n < 4; n++) await act(() => new Promise((done) => setTimeout(done, 130)));
  };
  const open = async (several = false): Promise<void> => {
    await act(() =>
      render(
        <RestoreView host={host as never} first={first(several)} ticked={first().subject.ticked} />,
        root,
      ),
    );
    await settled();
  };
  const button = (text: string): HTMLButtonElement =>
    [...root.querySelectorAll('button')].find((one) => one.textContent === text)!;
  const choose = async (value: string): Promise<void> => {
    await act(() => root.querySelector<HTMLInputElement>(`input[value="${value}"]`)!.click());
    await settled();
  };

  beforeEach(() => {
    const dom = new JSDOM('<div id="root"></div>');
    for (const name of globals)
      Object.defineProperty(globalThis, name, { value: dom.window[name], configurable: true });
    root = dom.window.document.getElementById('root')!;
    [drafts, runs, warnings] = [[], [], []];
  });
  afterEach(() => {
    render(null, root);
    for (const [name, descriptor] of before_)
      if (descriptor) Object.defineProperty(globalThis, name, descriptor);
      else Reflect.deleteProperty(globalThis, name);
  });

  it('begins with a free name, plans at once and shows names as text', async () => {
    await open();
    assert.equal(drafts.at(-1)?.database, 'shop_restored');
    assert.equal(root.querySelector('h1')?.textContent, 'Restore <b>shop</b>');
    assert.match(root.textContent ?? '', /Restore shop.*It is newer/s);
    await act(() => button('showCommands').click());
    assert.match(root.textContent ?? '', /pg_restore shop/);
  });

  it('plans anew with every answer, and runs what was planned last', async () => {
    await open();
    await choose('in-place');
    assert.deepEqual(drafts.at(-1), { connection: 'c', database: 'shop', request: { strategy: 'in-place' } });
    await choose('ticked');
    await choose('beside');
    await act(() => button('restore').click());
    assert.deepEqual(runs, [
      {
        connection: 'c',
        database: 'shop',
        request: { strategy: 'in-place', pick: { entries: [1, 2], existing: 'beside' } },
      },
    ]);
    await choose('replace');
    assert.deepEqual(drafts.at(-1)?.request, { strategy: 'replace' });
  });

  it('cannot be started while something is in the way, until its fix was pressed', async () => {
    warnings = [
      {
        code: 'x',
        text: 'Somebody is there',
        blocks: true,
        fixes: [{ id: 'e', label: 'End', set: { endSessions: true } }],
      },
    ];
    await open();
    assert.equal(button('restore').disabled, true);
    await act(() => button('End').click());
    await settled();
    assert.equal(button('restore').disabled, false);
    assert.equal(drafts.at(-1)?.request.endSessions, true);
    await act(() => root.querySelector<HTMLButtonElement>('button[aria-label^="remove"]')!.click());
    await settled();
    assert.equal(drafts.at(-1)?.request.endSessions, undefined);
  });

  it('of several databases there is nothing to name or to tick', async () => {
    await open(true);
    assert.equal(root.querySelector('input[name="what"]'), null);
    assert.equal(root.querySelector('input[value="replace"]'), null);
  });
});
