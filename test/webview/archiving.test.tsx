import assert from 'node:assert/strict';
import { JSDOM } from 'jsdom';
import { render } from 'preact';
import { act } from 'preact/test-utils';
import type { ArchivingShown, ArchivingTexts, ArchivingView } from '../../src/shared/archivingPage';
import { RpcError } from '../../src/shared/rpc';
import { ArchivingPageView } from '../../src/webview/archiving/archivingView';

/** Every text is its own name. */
const named = (more: object = {}): never =>
  new Proxy(more, {
    get: (target, name: string) => (target as Record<string, unknown>)[name] ?? name,
  }) as never;
const texts: ArchivingTexts = named({ levels: named() });

const view: ArchivingView = {
  text: 'The archiver fails.',
  level: 'error',
  notices: [
    { level: 'error', text: 'It fails.', next: 'Mend it.' },
    { level: 'info', text: 'By the way.' },
  ],
  facts: [['Last archived', '000000010000000000000003, 40 s ago']],
  settings: [
    { name: 'archive_mode', now: 'off', then: 'on', note: 'needs a restart', warning: null },
    { name: 'archive_command', now: '–', then: 'push', note: 'needs a reload', warning: 'out of reach' },
  ],
  setup: {
    command: 'push',
    statements: "ALTER SYSTEM SET archive_mode = 'on';",
    restart: 'Restart.',
    restartCommand: 'pg_ctl restart -D /data',
    notices: [],
  },
  slots: [
    {
      name: 'standby_1',
      use: 'physical · unused',
      held: '3 GB',
      status: 'kept',
      warning: { code: 'slot.held', level: 'warning', text: 'holds back' },
    },
  ],
  archive: {
    folder: '/srv/wal',
    facts: [['Window', '3 d 4 h']],
    gaps: ['000000010000000000000002 is missing'],
    days: [{ day: '2026-11-30', size: '16 MB', segments: 1, share: 1 }],
  },
  canTest: true,
};
const shown: ArchivingShown = {
  title: 'WAL archiving of shop <b>',
  place: 'db:5432 · local',
  view,
  folder: '/srv/wal',
  folderProblem: null,
  commandNote: 'a path of the extension',
  receiving: [{ job: 'j1', what: 'segments received: 2' }],
};

describe('WAL archiving page (webview)', () => {
  let root: HTMLElement;
  let calls: [string, unknown][];
  let signals: (AbortSignal | undefined)[];
  let answers: Record<string, () => Promise<unknown>>;
  const globals = ['window', 'document'] as const;
  const before_ = new Map(globals.map((name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)]));
  const host = {
    call: (name: string, argument: unknown, signal?: AbortSignal): Promise<unknown> => {
      calls.push([name, argument]);
      signals.push(signal);
      return answers[name]?.() ?? Promise.resolve(null);
    },
  };
  let told: ArchivingShown[];
  const draw = async (next: ArchivingShown): Promise<void> =>
    await act(() =>
      render(
        <ArchivingPageView
          shown={next}
          texts={texts}
          testing=""
          host={host as never}
          onShown={(one) => void told.push(one)}
        />,
        root,
      ),
    );

  beforeEach(async () => {
    const dom = new JSDOM('<div id="root"></div>');
    Object.assign(globalThis, { window: dom.window, document: dom.window.document });
    root = dom.window.document.getElementById('root')!;
    [calls, signals, answers, told] = [[], [], {}, []];
    await draw(shown);
  });
  afterEach(() => {
    render(null, root);
    for (const [name, descriptor] of before_)
      if (descriptor) Object.defineProperty(globalThis, name, descriptor);
      else Reflect.deleteProperty(globalThis, name);
  });

  const button = (name: string): HTMLButtonElement => {
    const found = [...root.querySelectorAll('button')].find(
      (one) => one.textContent === name || one.getAttribute('aria-label') === name,
    );
    assert.ok(found, `no button ${name}`);
    return found;
  };
  const press = async (name: string): Promise<void> => await act(() => button(name).click());
  const type = async (field: string, text: string): Promise<void> =>
    await act(() => {
      const input = root.querySelector<HTMLInputElement | HTMLTextAreaElement>(field)!;
      input.value = text;
      input.dispatchEvent(new window.Event('input', { bubbles: true }));
    });

  it('shows what is, what becomes of it, and what is wrong in words', () => {
    const text = root.textContent ?? '';
    for (const part of ['WAL archiving of shop <b>', 'The archiver fails.', '→ on', 'out of reach', '3 GB'])
      assert.ok(text.includes(part), part);
    assert.ok(text.includes('000000010000000000000002 is missing'));
    assert.equal(root.querySelector('.notices [role=img]')?.getAttribute('aria-label'), 'error');
    assert.equal(root.querySelector('b'), null);
  });

  it('runs the statements, takes another command and another folder', async () => {
    answers.setUp = () => Promise.resolve({ ...shown, folder: '/next' });
    await press('setUp');
    assert.deepEqual(told.at(-1)?.folder, '/next');
    await type('textarea', 'cp %p\n/x/%f');
    await press('useCommand');
    await type('.folder input', '/other');
    await press('useFolder');
    await press('browse');
    assert.deepEqual(calls, [
      ['setUp', null],
      ['useCommand', 'cp %p /x/%f'],
      ['useFolder', '/other'],
      ['browse', null],
    ]);
  });

  it('tests the archive, which can be cancelled, and shows how it went', async () => {
    answers.test = () => Promise.resolve('It was archived.');
    await press('test');
    assert.match(root.querySelector('.tested')?.textContent ?? '', /It was archived/);
    answers.test = () =>
      Promise.reject(new RpcError({ code: 'archiving.failed', what: 'No.', why: 'Why', next: 'Next' }));
    await press('test');
    assert.match(root.querySelector('[role=alert]')?.textContent ?? '', /No\.WhyNext/);
    answers.test = () => new Promise(() => undefined);
    await press('test');
    assert.ok(button('receive').disabled);
    await press('cancel');
    assert.equal(signals.at(-1)?.aborted, true);
  });

  it('offers no test where nothing is archived, and nothing to run where nothing has to change', async () => {
    await draw({
      ...shown,
      view: { ...view, canTest: false, setup: { ...view.setup!, statements: '', restart: null } },
    });
    assert.ok(button('test').disabled);
    assert.match(root.textContent ?? '', /nothingToDo/);
    assert.ok(![...root.querySelectorAll('button')].some(({ textContent }) => textContent === 'setUp'));
  });

  it('shows and stops jobs that receive', async () => {
    await press('showLog');
    await press('stop');
    assert.deepEqual(calls, [
      ['showJob', 'j1'],
      ['stopJob', 'j1'],
    ]);
  });
});
