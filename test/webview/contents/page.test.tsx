import assert from 'node:assert/strict';
import { render } from 'preact';
import { act } from 'preact/test-utils';
import type { ContentsHead, ContentsHost, ContentsProblem } from '../../../src/shared/contentsPage';
import { ContentsView } from '../../../src/webview/contents/contentsView';
import { Inbox } from '../../../src/webview/contents/inbox';
import type { PageState } from '../../../src/webview/contents/state';
import { fakeHost, openDocument, texts } from '../grid/support';
import { piecesOf, shop, type Given } from './dumps';

const never = new AbortController().signal;

const head: ContentsHead = {
  title: 'shop <b>',
  facts: [
    { label: 'Server', value: 'PostgreSQL 17.1' },
    { label: 'Size', value: '80 MB', title: '83,886,080 bytes' },
  ],
  evidence: { kind: 'bad', text: 'Row 7 of orders is damaged' },
  warnings: [
    {
      kind: 'warning',
      text: '2 psql commands',
      details: ['Line 3: \\! rm', 'Line 9: \\i x'],
      action: { id: 'openAsText', label: 'Open as Text' },
    },
  ],
  actions: [
    { id: 'restore', label: 'Restore…', primary: true },
    { id: 'verifyContents', label: 'Verify' },
    { id: 'countAll', label: 'Count' },
    { id: 'reveal', label: 'Reveal' },
  ],
  complete: true,
  entries: 0,
  unlocated: false,
  damaged: false,
};

type Answers = { [K in keyof ContentsHost]?: (argument: Parameters<ContentsHost[K]>[0]) => unknown };

describe('contents page (webview)', () => {
  let page: ReturnType<typeof openDocument>;
  let calls: [string, unknown][];
  let inbox: Inbox;
  let state: Partial<PageState>;

  const root = (): HTMLElement => page.root;
  const tree = (): HTMLElement => root().querySelector('[role=tree]')!;
  const rows = (): HTMLElement[] => [...root().querySelectorAll<HTMLElement>('[role=treeitem]')];
  const labels = (): string[] => rows().map((row) => row.querySelector('.label')!.textContent!);
  const row = (label: string): HTMLElement => {
    const found = rows().find((one) => one.querySelector('.label')!.textContent === label);
    assert.ok(found, `no row ${label} among ${labels().join(', ')}`);
    return found;
  };
  const active = (): string | undefined => {
    const id = tree().getAttribute('aria-activedescendant');
    return rows()
      .find((one) => one.id === id)
      ?.querySelector('.label')?.textContent;
  };
  const button = (label: string, within: Element = root()): HTMLButtonElement => {
    const found = [...within.querySelectorAll('button')].find(
      (one) => (one.getAttribute('aria-label') ?? one.textContent!).trim() === label,
    );
    assert.ok(found, `no button ${label}`);
    return found;
  };
  const called = (name: string): unknown[] => calls.filter((call) => call[0] === name).map((call) => call[1]);

  /** Lets answers come and be drawn, typing come to rest, and what is asked for after that too. */
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 5; turn++) await act(() => new Promise<void>((done) => setTimeout(done, 5)));
  };
  const eventually = async (fits: () => boolean, what: string): Promise<void> => {
    for (let turn = 0; turn < 200 && !fits(); turn++) await settle();
    assert.ok(fits(), what);
  };
  const press = async (
    key: string,
    more: KeyboardEventInit = {},
    on: Element = tree(),
  ): Promise<KeyboardEvent> => {
    const event = new page.window.KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more });
    await act(() => void on.dispatchEvent(event));
    await settle();
    return event;
  };
  const click = async (element: HTMLElement): Promise<void> => {
    await act(() => element.click());
    await settle();
  };
  const type = async (text: string): Promise<void> => {
    const input = root().querySelector<HTMLInputElement>('.filter input')!;
    await act(() => {
      input.value = text;
      input.dispatchEvent(new page.window.Event('input', { bubbles: true }));
    });
    await eventually(() => !/searching/.test(root().querySelector('#filter-count')!.textContent!), 'found');
    await new Promise((done) => setTimeout(done, 150));
    await settle();
  };

  interface Opening {
    entries?: Given[];
    head?: Partial<ContentsHead>;
    answers?: Answers;
    ticked?: number[];
    problem?: ContentsProblem;
    piece?: number;
  }

  async function open({ entries = shop, head: more, answers, ticked = [], problem, piece }: Opening = {}) {
    const pieces = piecesOf(entries, piece);
    const fake = fakeHost({
      listing: ({ from }) => pieces.find((one) => one.from === from) ?? { ...piecesOf([])[0], ids: [], from },
      definition: (id) => ({
        entry: {
          id,
          kind: 'VIEW',
          schema: 'public',
          name: entries[id - 1]?.name,
          owner: 'app',
          section: 'pre-data',
        },
        sql: `CREATE VIEW v AS SELECT '<img src=x onerror=alert(1)>' AS "a\u202eb";\n`,
        dropStatement: 'DROP VIEW v;',
        copyStatement: '',
      }),
      dependencies: () => ({ needs: [3, 6], neededBy: [], missing: [4711] }),
      closure: () => ({ needs: [], missing: [] }),
      findInDefinitions: () => [],
      ...answers,
    });
    calls = fake.calls;
    inbox = new Inbox();
    const kept = {
      read: () => state,
      write: (parts: Partial<PageState>) => void Object.assign(state, parts),
    };
    const start = {
      head: { ...head, entries: entries.length, ...more },
      ticked,
      problem: problem ?? null,
      inbox,
      kept,
      watch: inbox.watch,
    };
    await act(() => render(<ContentsView {...start} host={fake.host} texts={texts} locale="en" />, root()));
    await settle();
  }

  beforeEach(() => {
    page = openDocument();
    state = {};
  });

  afterEach(async () => {
    await act(() => render(null, page.root));
    page.close();
  });

  describe('head', () => {
    it('says facts, evidence in words, and warnings with what to do', async () => {
      await open();
      assert.equal(root().querySelector('h1')!.textContent, 'shop <b>');
      const facts = [...root().querySelectorAll('.head-facts dd')].map((one) => one.textContent);
      assert.deepEqual(facts, ['PostgreSQL 17.1', '80 MB', 'Row 7 of orders is damaged']);
      assert.ok(root().querySelector('.evidence .codicon-error'));
      assert.equal(root().querySelectorAll('.warnings details li').length, 2);
      await click(button('Open as Text'));
      assert.deepEqual(called('act'), ['openAsText']);
    });

    it('has one primary action, and a menu for those without room', async () => {
      await open();
      assert.deepEqual(
        [...root().querySelectorAll('button.primary')].map((one) => one.textContent),
        ['Restore…'],
      );
      const menu = root().querySelector<HTMLElement>('.head .menu-root > button')!;
      await click(menu);
      assert.equal(menu.getAttribute('aria-expanded'), 'true');
      const item = root().querySelector<HTMLElement>('[role=menuitem]')!;
      assert.equal(item.textContent, 'Reveal');
      assert.equal(page.window.document.activeElement, item);
      await press('Enter', {}, item);
      assert.deepEqual(called('act'), ['reveal']);
    });

    it('shows why a file cannot be read in place of its contents, with what can be done', async () => {
      const problem = {
        code: 'archive.notADump',
        what: 'This is no dump.',
        why: 'It is a picture.',
        next: 'Open it as what it is.',
        actions: [{ id: 'openAsText' as const, label: 'Open as Text', primary: true }],
      };
      await open({ problem, entries: [] });
      const alert = root().querySelector('[role=alert]')!;
      for (const text of ['This is no dump.', 'It is a picture.', 'Open it as what it is.'])
        assert.ok(alert.textContent!.includes(text));
      assert.equal(root().querySelector('[role=tree]'), null);
      await click(button('Open as Text', alert));
      assert.deepEqual(called('act'), ['openAsText']);
      await open();
      await act(() => inbox.handlers.failed({ ...problem, what: 'Reading ended.' }, never));
      assert.match(root().querySelector('[role=alert]')!.textContent!, /Reading ended/);
    });
  });

  describe('tree', () => {
    it('opens schemas and their tables, and says of each row what and where it is', async () => {
      await open();
      assert.deepEqual(labels().slice(0, 6), [
        'audit',
        labels()[1]!,
        'events',
        'public',
        labels()[1]!,
        'customers',
      ]);
      const orders = row('orders');
      const facts = [
        'aria-level',
        'aria-posinset',
        'aria-setsize',
        'aria-expanded',
        'aria-selected',
        'aria-checked',
      ];
      assert.deepEqual(
        facts.map((name) => orders.getAttribute(name)),
        ['3', '2', '2', 'false', 'false', 'false'],
      );
      assert.equal(orders.getAttribute('aria-label'), 'orders, 200 MB, rowCount 500,000 {1}');
      assert.equal(tree().getAttribute('aria-activedescendant'), null);
    });

    it('is walked by the keyboard alone: to a table, into its parts, out again', async () => {
      await open();
      await act(() => tree().focus());
      assert.equal(active(), 'audit');
      await press('o');
      assert.equal(active(), 'orders');
      await press('ArrowRight');
      assert.equal(row('orders').getAttribute('aria-expanded'), 'true');
      assert.equal(rows().filter((one) => one.getAttribute('aria-level') === '4').length, 4);
      await press('ArrowRight');
      await press('ArrowLeft');
      assert.equal(active(), 'orders');
      await press('ArrowLeft');
      assert.equal(row('orders').getAttribute('aria-expanded'), 'false');
      await press('Home');
      await press('*');
      await press('End');
      const event = await press('ArrowDown');
      assert.ok(event.defaultPrevented);
      assert.equal(active(), labels().at(-1));
    });

    it('opens the rows of a table by Enter, what is known of a view by a click', async () => {
      await open({
        answers: {
          columns: () => [],
          rows: () => ({
            from: 0,
            rows: [],
            known: { rows: 0, complete: true, estimate: 0 },
            end: true,
            fault: null,
          }),
        },
      });
      await act(() => tree().focus());
      await press('o');
      await press('Enter');
      const tab = (): string => root().querySelector('[role=tab][aria-selected=true]')!.id;
      assert.equal(tab(), 'tab-rows');
      assert.deepEqual(called('columns'), [10]);
      assert.equal(row('orders').getAttribute('aria-selected'), 'true');
      await press('Home');
      await press('*');
      await click(rows().find((one) => /VIEW|Views/.test(one.textContent!))!);
      await click(row('open_orders'));
      assert.equal(tab(), 'tab-definition');
    });

    it('draws only what is seen of 50,000 entries, and gets to the last', async () => {
      const many = Array.from({ length: 50_000 }, (_, at) => ({
        kind: 'FUNCTION',
        schema: 'public',
        name: `f${String(at).padStart(5, '0')}()`,
      }));
      await open({ entries: many, piece: 20_000 });
      await eventually(
        () => /50,000/.test(root().querySelector('#filter-count')!.textContent!),
        'all are there',
      );
      assert.deepEqual(
        called('listing').map((one) => (one as { from: number }).from),
        [0, 20_000, 40_000],
      );
      await act(() => tree().focus());
      await press('ArrowDown');
      await press('ArrowRight');
      assert.ok(rows().length < 60, `${rows().length} rows are drawn`);
      await press('End');
      await act(() => void tree().dispatchEvent(new page.window.Event('scroll')));
      await settle();
      assert.equal(active(), 'f49999()');
      assert.equal(row('f49999()').getAttribute('aria-posinset'), '50000');
      assert.ok(rows().length < 60);
    });

    it('grows while a script is still read', async () => {
      const pieces = piecesOf(shop, 4);
      await open({
        head: { entries: 4, complete: false },
        answers: { listing: ({ from }) => pieces[from / 4] },
      });
      assert.equal(labels().includes('customers'), false);
      assert.match(root().querySelector('#filter-count')!.textContent!, /entriesSoFar 4/);
      await act(() =>
        inbox.handlers.progress({ task: 'open', fraction: 0.5, text: 'Reading the script' }, never),
      );
      assert.equal(root().querySelector('progress')!.value, 0.5);
      await act(() => inbox.handlers.head({ ...head, entries: shop.length }, never));
      await eventually(() => labels().includes('customers'), 'the rest is shown');
      await act(() => inbox.handlers.progress({ task: 'open', fraction: null, text: '' }, never));
      assert.equal(root().querySelector('progress'), null);
    });

    it('shows names as text, with signs for what cannot be seen', async () => {
      const name = '<img src=x>\u202e\n\ud800\udc80\udcff';
      await open({ entries: [{ kind: 'TABLE', schema: '<script>', name }] });
      assert.equal(root().querySelector('img, script'), null);
      const text = row(labels().find((one) => one.startsWith('<img'))!).textContent!;
      assert.match(text, /<img src=x>\\u202e⏎/);
      assert.ok(text.includes('\\xff'));
      assert.ok(!/\u202e/.test(root().innerHTML));
    });

    it('says that there is nothing, and why', async () => {
      await open({ entries: [] });
      assert.match(root().querySelector('.empty')!.textContent!, /emptyDump/);
    });

    it('says why the listing failed, and tries again', async () => {
      let broken = true;
      await open({
        answers: {
          listing: () => {
            if (broken) throw new Error('The disk is gone.');
            return piecesOf(shop)[0];
          },
        },
      });
      const alert = root().querySelector('[role=alert]')!;
      assert.match(alert.textContent!, /The disk is gone\./);
      broken = false;
      await click(button('again {0} {1}', alert));
      await eventually(() => labels().includes('orders'), 'the contents are there');
      assert.equal(root().querySelector('[role=alert]'), null);
    });
  });

  describe('filter', () => {
    it('is reached by / and Ctrl+F, left by Escape and ArrowDown', async () => {
      await open();
      const input = root().querySelector<HTMLInputElement>('.filter input')!;
      await act(() => tree().focus());
      await press('/');
      assert.equal(page.window.document.activeElement, input);
      await press('ArrowDown', {}, input);
      assert.equal(page.window.document.activeElement, tree());
      await press('f', { ctrlKey: true });
      assert.equal(page.window.document.activeElement, input);
      await type('x');
      await press('Escape', {}, input);
      assert.equal(input.value, '');
      await press('Escape', {}, input);
      assert.equal(page.window.document.activeElement, tree());
    });

    it('shows what fits, marked and counted, and all again after Escape', async () => {
      await open();
      await type('cust');
      assert.deepEqual(
        labels().filter((label) => /cust/.test(label)),
        ['customers', 'orders orders_customer_fkey'],
      );
      assert.equal(row('customers').querySelector('mark')!.textContent, 'cust');
      assert.match(root().querySelector('#filter-count')!.textContent!, /entriesOf 3 14/);
      await press('Escape');
      assert.ok(labels().includes('audit'));
      await type('no such thing');
      assert.match(root().querySelector('.empty')!.textContent!, /noMatches/);
      await click(button('clearFilter {0} {1}', root().querySelector('.empty')!));
      assert.ok(labels().includes('audit'));
    });

    it('takes kinds from a menu by the keyboard', async () => {
      await open();
      const menu = [...root().querySelectorAll<HTMLElement>('.filter .menu-root > button')][0]!;
      await click(menu);
      const items = [...root().querySelectorAll<HTMLElement>('[role=menuitemcheckbox]')];
      const view = items.findIndex((item) => /VIEW/.test(item.textContent!));
      assert.ok(view > 0);
      await press('v', {}, items[0]!);
      assert.equal(page.window.document.activeElement, items[view]);
      await press(' ', {}, items[view]!);
      assert.equal(items[view]!.getAttribute('aria-checked'), 'true');
      await press('Escape', {}, items[view]!);
      assert.equal(page.window.document.activeElement, menu);
      assert.deepEqual(
        labels().filter((label) => label === 'open_orders' || label === 'orders'),
        ['open_orders'],
      );
    });

    it('looks into definitions when asked to', async () => {
      await open({ answers: { findInDefinitions: ({ text }) => (text === 'secret' ? [7] : []) } });
      await type('secret');
      assert.equal(rows().length, 0);
      await click(button('inDefinitions {0} {1}'));
      await eventually(() => labels().includes('open_orders'), 'the view is found');
      assert.deepEqual(called('findInDefinitions'), [{ text: 'secret' }]);
    });
  });

  describe('ticks', () => {
    it('ticks a table with its parts, a group in three states, and tells the host', async () => {
      await open();
      await act(() => tree().focus());
      await press('o');
      await press(' ');
      assert.equal(row('orders').getAttribute('aria-checked'), 'true');
      assert.equal(row('public').getAttribute('aria-checked'), 'mixed');
      assert.equal(row('audit').getAttribute('aria-checked'), 'false');
      assert.deepEqual(
        [...(called('tick').at(-1) as number[])].sort((a, b) => a - b),
        [3, 4, 5, 9, 10],
      );
      assert.match(root().querySelector('.tick-bar')!.textContent!, /tickedSize 1 200 MB/);
      await press('Home');
      await press('End');
      await click(row('public').querySelector<HTMLElement>('.tick')!);
      assert.equal(row('public').getAttribute('aria-checked'), 'true');
      await click(row('public').querySelector<HTMLElement>('.tick')!);
      assert.deepEqual(called('tick').at(-1), []);
      assert.equal(root().querySelector('.tick-bar'), null);
    });

    it('says what else is needed, shows it and ticks it', async () => {
      await open({
        ticked: [14],
        answers: { closure: (ids) => ({ needs: ids.length > 1 ? [] : [3, 6], missing: [999] }) },
      });
      const bar = (): string => root().querySelector('.tick-bar')!.textContent!;
      await eventually(() => /needsMore 2/.test(bar()), 'it needs two more');
      assert.match(bar(), /needsMissing 1/);
      assert.ok(row('orders').querySelector('.codicon-link'));
      assert.match(row('orders').getAttribute('aria-label')!, /isNeeded/);
      await click(button('showTicked {0} {1}'));
      assert.ok(!labels().includes('events'));
      await click(button('tickNeeded {0} {1}'));
      assert.deepEqual(
        [...(called('tick').at(-1) as number[])].sort((a, b) => a - b),
        [3, 6, 14],
      );
      await eventually(() => /needsNothing/.test(bar()), 'it needs nothing more');
    });

    it('ticks of a group only what the filter shows', async () => {
      await open();
      await type('customers');
      await click(row('public').querySelector<HTMLElement>('.tick')!);
      assert.deepEqual(
        [...(called('tick').at(-1) as number[])].sort((a, b) => a - b),
        [6, 11],
      );
    });
  });

  describe('overview', () => {
    it('is a table that says the same in numbers as in bars', async () => {
      await open();
      const lines = [...root().querySelectorAll('table.room tbody tr')].map((line) =>
        [...line.querySelectorAll('th, td:not([aria-hidden])')].map((cell) => cell.textContent),
      );
      assert.deepEqual(
        lines.map((line) => line.slice(0, 3)),
        [
          ['public.orders', '200 MB', '62%'],
          ['audit.events', '86 MB', '26%'],
          ['public.customers', '38 MB', '12%'],
        ],
      );
      await click(root().querySelector<HTMLElement>('table.room .link')!);
      assert.equal(row('orders').getAttribute('aria-selected'), 'true');
    });

    it('offers to find sizes that are not known, and draws them as they come', async () => {
      const entries = shop.map((one) => (one.bytes === undefined ? one : { ...one, bytes: -2, rows: -1 }));
      await open({ entries, head: { unlocated: true } });
      assert.equal(root().querySelector('table.room'), null);
      await click(button('findSizes {0} {1}'));
      assert.deepEqual(called('act'), ['locate']);
      await act(() => inbox.handlers.sizes([{ id: 10, bytes: 1024 }], never));
      await eventually(() => root().querySelectorAll('table.room tbody tr').length === 1, 'the first bar');
      assert.match(row('orders').textContent!, /1\.0 kB/);
      await act(() => {
        void inbox.handlers.sizes(
          [
            { id: 11, bytes: 1 },
            { id: 12, bytes: 2 },
          ],
          never,
        );
        void inbox.handlers.head({ ...head, entries: shop.length }, never);
      });
      await eventually(() => root().querySelectorAll('table.room tbody tr').length === 3, 'all bars');
      assert.equal(root().textContent!.includes('findSizes'), false);
    });

    it('says so when there is no data', async () => {
      await open({ entries: [{ kind: 'TABLE', schema: 'public', name: 't' }] });
      assert.match(root().querySelector('.overview')!.textContent!, /noData/);
    });
  });

  describe('an entry', () => {
    it('shows its definition in colours and as text, and copies it', async () => {
      await open();
      await act(() => inbox.handlers.reveal({ id: 7, tab: 'definition' }, never));
      await eventually(() => root().querySelector('pre.sql') !== null, 'the definition');
      const sql = root().querySelector('pre.sql')!;
      assert.equal(sql.querySelector('img'), null);
      assert.equal(sql.textContent, `CREATE VIEW v AS SELECT '<img src=x onerror=alert(1)>' AS "a\\u202eb";`);
      assert.equal(sql.querySelector('.t-keyword')!.textContent, 'CREATE');
      await click(button('copy {0} {1}'));
      assert.match(String(called('copy')[0]), /^CREATE VIEW[^]*\u202e/);
      await click(button('openDefinition {0} {1}'));
      assert.deepEqual(called('openDefinition'), [7]);
    });

    it('draws of a huge definition what is seen, and opens the whole', async () => {
      const sql = Array.from({ length: 20_000 }, (_, at) => `select ${at};`).join('\n');
      await open({
        answers: {
          definition: (id) => ({
            entry: { id, kind: 'FUNCTION', schema: null, name: 'f', owner: null, section: 'pre-data' },
            sql,
            cut: 5_000_000,
            dropStatement: '',
            copyStatement: '',
          }),
        },
      });
      await act(() => inbox.handlers.reveal({ id: 7, tab: 'definition' }, never));
      await eventually(() => root().querySelector('pre.sql') !== null, 'the definition');
      assert.ok(root().querySelectorAll('.sql .line').length < 100);
      assert.match(root().querySelector('.definition')!.textContent!, /5,000,000/);
      await click(button('openWhole {0} {1}'));
      assert.deepEqual(called('openDefinition'), [7]);
    });

    it('goes along dependencies and back by Alt+Left, and names what is missing', async () => {
      await open();
      await act(() => inbox.handlers.reveal({ id: 14, tab: 'dependencies' }, never));
      await eventually(() => root().querySelectorAll('[role=option]').length === 2, 'two entries');
      assert.match(root().querySelector('.dependencies')!.textContent!, /missingIds 4711/);
      const list = root().querySelector('.dependencies [role=listbox]')!;
      await press('ArrowDown', {}, list);
      await press('Enter', {}, list);
      assert.equal(row('customers').getAttribute('aria-selected'), 'true');
      assert.equal(root().querySelector('.crumbs h2')!.textContent, 'customers');
      await press('ArrowLeft', { altKey: true }, root().querySelector('.page')!);
      assert.equal(root().querySelector('.crumbs h2')!.textContent, 'orders orders_customer_fkey');
      await press('ArrowLeft', { altKey: true }, root().querySelector('.page')!);
      assert.ok(root().querySelector('.overview'));
      await press('ArrowRight', { altKey: true }, root().querySelector('.page')!);
      assert.equal(root().querySelector('.overview'), null);
    });

    it('says in its place why it could not be read', async () => {
      await open({ answers: { definition: () => Promise.reject(new Error('Cut short.')) } });
      await act(() => inbox.handlers.reveal({ id: 7, tab: 'definition' }, never));
      await eventually(() => root().querySelector('.tab-panel [role=alert]') !== null, 'the failure');
      assert.match(root().querySelector('.tab-panel [role=alert]')!.textContent!, /Cut short/);
    });
  });

  describe('large objects', () => {
    const entries: Given[] = [{ kind: 'BLOBS', name: 'BLOBS', bytes: 10 }];
    const objects = Array.from({ length: 700 }, (_, at) => ({
      oid: 16_000 + at,
      bytes: at,
      owner: 'app',
      comment: null,
    }));
    const answers: Answers = {
      largeObjects: ({ from, count }) => ({
        objects: objects.slice(from, from + count),
        total: objects.length,
      }),
      previewLargeObject: () => ({
        kind: 'text',
        mime: 'text/html',
        bytes: new TextEncoder().encode('<b>\u202ehi</b>'),
      }),
    };

    it('are listed as they are looked at; text is shown as text and saved', async () => {
      await open({ entries, answers });
      await act(() => inbox.handlers.reveal({ id: 1 }, never));
      await eventually(() => root().querySelectorAll('.large-objects [role=option]').length > 0, 'the list');
      assert.ok(root().querySelectorAll('[role=option]').length < 60);
      const list = root().querySelector('.large-objects [role=listbox]')!;
      await press('ArrowDown', {}, list);
      await press('Enter', {}, list);
      await eventually(() => root().querySelector('.preview pre') !== null, 'the preview');
      assert.deepEqual(called('previewLargeObject'), [16_001]);
      assert.equal(root().querySelector('.preview pre')!.textContent, '<b>\\u202ehi</b>');
      assert.equal(root().querySelector('.preview b'), null);
      await click(button('save {0} {1}'));
      assert.deepEqual(called('saveLargeObject'), [16_001]);
    });

    it('never shows markup as a picture', async () => {
      const svg = {
        kind: 'image',
        mime: 'image/svg+xml',
        bytes: new TextEncoder().encode('<svg onload="x"/>'),
      };
      await open({ entries, answers: { ...answers, previewLargeObject: () => svg } });
      await act(() => inbox.handlers.reveal({ id: 1 }, never));
      await eventually(() => root().querySelectorAll('.large-objects [role=option]').length > 0, 'the list');
      await click(root().querySelector<HTMLElement>('.large-objects [role=option]')!);
      await eventually(() => root().querySelector('.preview pre') !== null, 'its text');
      assert.equal(root().querySelector('.preview img, .preview svg'), null);
    });
  });

  it('comes back as it was left: entry, tab, filter, what is open and how wide', async () => {
    await open();
    await act(() => tree().focus());
    await press('ArrowLeft');
    await type('e');
    await click(row('events'));
    await click(root().querySelector<HTMLElement>('#tab-definition')!);
    await press('ArrowRight', {}, root().querySelector('[role=separator]')!);
    await act(() => render(null, root()));
    await open();
    assert.equal(root().querySelector('.crumbs h2')!.textContent, 'events');
    assert.equal(root().querySelector('[role=tab][aria-selected=true]')!.id, 'tab-definition');
    assert.equal(root().querySelector<HTMLInputElement>('.filter input')!.value, 'e');
    assert.equal(root().querySelector('[role=separator]')!.getAttribute('aria-valuenow'), '36');
    await type('');
    assert.equal(row('audit').getAttribute('aria-expanded'), 'false');
  });
});
