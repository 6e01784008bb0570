import assert from 'node:assert/strict';
import { JSDOM } from 'jsdom';
import { render } from 'preact';
import { act } from 'preact/test-utils';
import { PlanView } from '../../src/webview/plan/planView';
import type { PlanTexts, PlanView as View } from '../../src/shared/planPage';

const texts: PlanTexts = {
  run: 'Run',
  copyCommand: 'Copy',
  copied: 'Copied',
  steps: 'What will happen',
  files: 'Files',
  locks: 'Locks',
  room: 'Room and time',
  destroys: 'What is lost',
  wayBack: 'The way back',
  nothingLost: 'Nothing.',
  warnings: 'Before you start',
  noWarnings: 'No warnings.',
  commandLine: 'From a terminal',
};

const view: View = {
  title: 'Back up shop <dev>',
  subtitle: 'shop · localhost:5432',
  steps: [
    { title: 'Dump shop_dev', command: 'pg_dump --format=custom', reasons: [] },
    { title: 'Record checksums', command: null, reasons: [] },
  ],
  files: ['/backups/shop.dump'],
  locks: [],
  room: ['About 80 MB will be written.'],
  destroys: [],
  wayBack: null,
  ifItFails: null,
  warnings: [{ code: 'folder.git', text: 'The folder is inside a git work tree.' }],
  checked: [],
  commandLine: 'restore-point backup --database shop_dev',
};

describe('plan page (webview)', () => {
  let dom: JSDOM;
  let root: HTMLElement;
  const calls: string[] = [];

  const globals = ['window', 'document'] as const;
  const before_ = new Map(globals.map((name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)]));

  beforeEach(async () => {
    dom = new JSDOM('<div id="root"></div>');
    for (const name of globals)
      Object.defineProperty(globalThis, name, { value: dom.window[name], configurable: true });
    root = dom.window.document.getElementById('root')!;
    calls.length = 0;
    await act(() =>
      render(
        <PlanView
          view={view}
          texts={texts}
          onRun={() => calls.push('run')}
          onCopy={async (text) => void calls.push(`copy ${text}`)}
        />,
        root,
      ),
    );
  });

  afterEach(() => {
    render(null, root);
    for (const [name, descriptor] of before_) {
      if (descriptor) Object.defineProperty(globalThis, name, descriptor);
      else Reflect.deleteProperty(globalThis, name);
    }
    dom.window.close();
  });

  it('shows steps in order with their exact commands, and text as text', () => {
    assert.equal(root.querySelector('h1')?.textContent, 'Back up shop <dev>');
    const steps = [...root.querySelectorAll('ol > li')].map(
      (li) => li.querySelector('pre')?.textContent ?? null,
    );
    assert.deepEqual(steps, ['pg_dump --format=custom', null]);
  });

  it('says in words that nothing is lost, and leaves out sections with nothing to say', () => {
    const sections = [...root.querySelectorAll('section')].map((s) => s.getAttribute('aria-label'));
    assert.deepEqual(sections, ['What is lost', 'Before you start', 'Files', 'Room and time']);
    assert.match(root.querySelector('section[aria-label="What is lost"]')!.textContent!, /Nothing\./);
  });

  it('runs on its one primary button', async () => {
    const buttons = root.querySelectorAll<HTMLButtonElement>('button.primary');
    assert.equal(buttons.length, 1);
    await act(() => buttons[0]!.click());
    assert.deepEqual(calls, ['run']);
  });

  it('copies a command and says so', async () => {
    const button = root.querySelector<HTMLButtonElement>('ol button.icon')!;
    assert.equal(button.getAttribute('aria-label'), 'Copy');
    await act(async () => {
      button.click();
      await Promise.resolve();
    });
    assert.deepEqual(calls, ['copy pg_dump --format=custom']);
    assert.equal(button.getAttribute('aria-label'), 'Copied');
  });
});
