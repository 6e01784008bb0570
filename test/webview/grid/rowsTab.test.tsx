import assert from 'node:assert/strict';
import { render } from 'preact';
import { act } from 'preact/test-utils';
import type { Column, ContentsHost } from '../../../src/shared/contentsPage';
import { RowsTab } from '../../../src/webview/contents/grid/rowsTab';
import { column, fakeHost, openDocument, pagesOf, texts } from './support';

describe('rows tab (webview)', () => {
  let page: ReturnType<typeof openDocument>;
  let calls: [string, unknown][];

  const grid = (): HTMLElement => page.root.querySelector('[role=grid]')!;
  /** Lets answers come and be drawn, and what is asked for after that too: drawing waits for the end of `act`. */
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 6; turn++) await act(() => new Promise<void>((done) => setTimeout(done, 2)));
  };
  const press = async (key: string, more: KeyboardEventInit = {}, on: Element = grid()): Promise<void> => {
    await act(() => {
      on.dispatchEvent(
        new page.window.KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more }),
      );
    });
    await settle();
  };
  /** Waits for a cell to be the active one with its value. */
  const arrives = async (text: string): Promise<void> => {
    for (let turn = 0; turn < 50 && active()?.textContent !== text; turn++) await settle();
    assert.equal(active()?.textContent, text);
  };
  const active = (): HTMLElement | null =>
    page.window.document.getElementById(grid().getAttribute('aria-activedescendant') ?? '');
  const said = (): string => page.root.querySelector('.rows-said')!.textContent ?? '';
  const lastCall = (name: string): unknown => calls.findLast((call) => call[0] === name)?.[1];

  async function open(columns: Column[], answers: Parameters<typeof fakeHost>[0], rows = -1): Promise<void> {
    const fake = fakeHost({ columns: () => columns, ...answers });
    calls = fake.calls;
    const entry = { id: 7, schema: 'public', name: 'orders', bytes: 100, rows };
    await act(() =>
      render(
        <RowsTab host={fake.host} texts={texts} locale="en" watch={() => () => undefined} entry={entry} />,
        page.root,
      ),
    );
    await settle();
  }

  beforeEach(() => {
    page = openDocument();
  });

  afterEach(async () => {
    await act(() => render(null, page.root));
    page.close();
  });

  const million = {
    rows: pagesOf(1_000_000, (at) => [String(at + 1), `row ${at}`, at % 2 ? null : '']),
    count: () => 1_000_000,
  };
  const threeColumns = [
    column('id', 'bigint', { key: true, notNull: true }),
    column('name'),
    column('note', 'character varying(40)'),
  ];

  it('draws what is seen and nothing else, however many rows there are', async () => {
    await open(threeColumns, million);
    const rows = grid().querySelectorAll('.grid-row');
    assert.equal(rows.length, 440 / 22);
    assert.equal(grid().getAttribute('aria-rowcount'), '-1');
    assert.equal(grid().getAttribute('aria-colcount'), '4');
    assert.equal(rows[0]!.getAttribute('aria-rowindex'), '2');
    assert.equal(rows[3]!.querySelector('[role=rowheader]')!.textContent, '4');
    assert.deepEqual(
      [...grid().querySelectorAll('[role=columnheader]')]
        .slice(1)
        .map((one) => one.getAttribute('aria-label')),
      ['id, bigint, key {0} {1}, notNull {0} {1}', 'name, text', 'note, character varying(40)'],
    );
    assert.ok(grid().querySelector('.grid-cell.numeric'));
  });

  it('goes to the end by counting, and says how many rows there are', async () => {
    await open(threeColumns, million);
    await press('End', { ctrlKey: true });
    assert.equal(lastCall('count'), 7);
    await arrives('1000000');
    assert.equal(grid().getAttribute('aria-rowcount'), '1000001');
    assert.match(said(), /counted 1,000,000/);
    await press('Home', { ctrlKey: true });
    await arrives('1');
  });

  it('goes to a row by its number, and says where the table ends when it has fewer', async () => {
    await open(threeColumns, million);
    await press('g', { ctrlKey: true });
    const field = page.root.querySelector<HTMLInputElement>('.find-bar input')!;
    assert.equal(page.window.document.activeElement, field);
    field.value = 'zero';
    await press('Enter', {}, field);
    assert.match(page.root.querySelector('.wrong')!.textContent!, /notARow/);
    field.value = '654,321';
    await press('Enter', {}, field);
    await arrives('654321');
    assert.equal(page.window.document.activeElement, grid());
    await press('g', { ctrlKey: true });
    const again = page.root.querySelector<HTMLInputElement>('.find-bar input')!;
    again.value = '5000000';
    await press('Enter', {}, again);
    await arrives('1000000');
    assert.match(said(), /lastRow 1,000,000/);
  });

  it('shows NULL, empty, the text NULL and DEFAULT as four different things', async () => {
    await open([column('v'), column('d', 'integer')], {
      rows: () => ({
        from: 0,
        rows: [
          { at: 0, values: [null, '1'] },
          { at: 1, values: ['', '2'] },
          { at: 2, values: ['NULL', '3'] },
          { at: 3, values: ["''", null], defaults: [1] },
        ],
        known: { rows: 4, complete: true, estimate: 4 },
        end: true,
        fault: null,
      }),
    });
    const cells = [...grid().querySelectorAll('[role=gridcell][aria-colindex="2"]')];
    assert.equal(cells[0]!.querySelector('.value-word')?.textContent, 'NULL');
    assert.equal(cells[1]!.textContent, '');
    assert.match(cells[1]!.querySelector('[role=img]')!.getAttribute('aria-label')!, /^empty/);
    assert.equal(cells[2]!.innerHTML, 'NULL');
    assert.equal(cells[3]!.innerHTML, "''");
    const last = grid().querySelectorAll('[role=gridcell][aria-colindex="3"]')[3]!;
    assert.equal(last.querySelector('.value-word')?.textContent, 'DEFAULT');
  });

  it('never takes a value or a name for markup', async () => {
    const hostile = '<img src=x onerror=alert(1)>';
    await open([column(hostile, hostile)], {
      rows: () => ({
        from: 0,
        rows: [
          { at: 0, values: [hostile] },
          { at: 1, values: ['a\nb\u202e\udce9 '] },
        ],
        known: { rows: 2, complete: true, estimate: 2 },
        end: true,
        fault: null,
      }),
    });
    assert.equal(page.root.querySelector('img'), null);
    assert.equal(grid().querySelector('[role=gridcell]')!.textContent, hostile);
    assert.equal(grid().querySelectorAll('[role=gridcell]')[1]!.textContent, 'a⏎b\\u202e\\xe9·');
    assert.equal(grid().querySelector('.grid-name-text')!.textContent, hostile);
  });

  it('shows the rows before damage, then a row that says what is wrong', async () => {
    await open([column('v')], {
      rows: () => ({
        from: 0,
        rows: [{ at: 0, values: ['kept'] }],
        known: { rows: 1, complete: false, estimate: 900 },
        end: false,
        fault: 'Byte 4711 is not zlib data.',
      }),
    });
    const rows = [...grid().querySelectorAll('.grid-row')];
    assert.equal(rows.length, 2);
    assert.match(rows[1]!.textContent!, /damaged Byte 4711/);
    await press('ArrowDown');
    assert.match(active()!.textContent!, /Byte 4711/);
    await press('Enter');
    assert.equal(lastCall('openValue'), undefined);
  });

  it('says that a table is there and has no rows', async () => {
    await open([column('v')], {
      rows: () => ({
        from: 0,
        rows: [],
        known: { rows: 0, complete: true, estimate: 0 },
        end: true,
        fault: null,
      }),
    });
    assert.match(page.root.querySelector('.rows-none')!.textContent!, /noRows/);
    await press('ArrowDown');
    await press('c', { ctrlKey: true });
    assert.equal(lastCall('copyRows'), undefined);
  });

  it('asks again after a failure when the person says so', async () => {
    let broken = true;
    await open(threeColumns, {
      rows: (wanted) => {
        if (broken) throw new Error('The reader ended.');
        return million.rows(wanted);
      },
    });
    assert.match(page.root.querySelector('[role=alert]')!.textContent!, /The reader ended/);
    broken = false;
    await act(() => page.root.querySelector<HTMLButtonElement>('[role=alert] button')!.click());
    await settle();
    assert.equal(page.root.querySelector('.notice'), null);
    await arrives('1');
  });

  it('copies a cell bare, a selection as lines with tabs, columns by their place', async () => {
    await open(threeColumns, { ...million, copyRows: () => ({ rows: 2, complete: true }) });
    await press('c', { ctrlKey: true });
    assert.deepEqual(lastCall('copyRows'), {
      id: 7,
      rows: { from: 0, count: 1 },
      columns: [0],
      format: 'text',
      headers: false,
    });
    await press('ArrowDown', { shiftKey: true });
    await press('ArrowRight', { shiftKey: true });
    await press('C', { ctrlKey: true, shiftKey: true });
    assert.deepEqual(lastCall('copyRows'), {
      id: 7,
      rows: { from: 0, count: 2 },
      columns: [0, 1],
      format: 'cells',
      headers: true,
    });
    assert.match(said(), /copiedRows 2/);
  });

  it('says when not all that was selected was copied', async () => {
    await open(threeColumns, { ...million, copyRows: () => ({ rows: 5000, complete: false }) });
    await press('a', { ctrlKey: true });
    await press('c', { ctrlKey: true });
    const { rows } = lastCall('copyRows') as { rows: { from: number; count: number } };
    assert.equal(rows.from, 0);
    assert.ok(rows.count >= 1_000_000);
    assert.match(said(), /copiedPart 5,000/);
  });

  it('finds, goes from one to the next and round, and shows only what was found', async () => {
    const at = [10, 500_000, 999_999];
    const search: ContentsHost['search'] = ({ from, limit }) => {
      const found = at
        .filter((row) => row >= from)
        .slice(0, limit)
        .map((row) => ({ row: { at: row, values: [String(row + 1), `row ${row}`, ''] }, columns: [1] }));
      return { found, next: found.length < limit ? null : found.at(-1)!.row.at + 1 };
    };
    await open(threeColumns, { ...million, search });
    await press('f', { ctrlKey: true });
    const field = page.root.querySelector<HTMLInputElement>('.find-bar input')!;
    await act(() => {
      field.value = 'row';
      field.dispatchEvent(new page.window.Event('input', { bubbles: true }));
    });
    await press('c', { altKey: true }, field);
    await press('Enter', {}, field);
    await settle();
    assert.deepEqual((lastCall('search') as { query: unknown }).query, {
      text: 'row',
      regex: false,
      matchCase: true,
      wholeValue: false,
    });
    await arrives('row 10');
    assert.ok(active()!.classList.contains('found'));
    assert.match(page.root.querySelector('.find-count')!.textContent!, /found 1 3/);
    await press('F3');
    await arrives('row 500000');
    await press('F3', { shiftKey: true });
    await press('F3', { shiftKey: true });
    await arrives('row 999999');
    assert.match(said(), /wrapped/);
    await press('l', { altKey: true });
    assert.deepEqual(
      [...grid().querySelectorAll('[role=rowheader]')].map((one) => one.textContent),
      ['11', '500,001', '1,000,000'],
    );
    await press('a', { ctrlKey: true });
    await press('c', { ctrlKey: true });
    assert.deepEqual((lastCall('copyRows') as { rows: unknown }).rows, at);
    await press('Escape');
    assert.equal(page.root.querySelector('.find-bar'), null);
    assert.equal(grid().querySelectorAll('.found').length, 0);
  });

  it('opens a value beside, shows it in place, and has a menu for the keyboard', async () => {
    await open(threeColumns, million);
    await press('ArrowRight');
    await press('Enter');
    assert.deepEqual(lastCall('openValue'), { id: 7, row: 0, column: 1 });
    await press(' ');
    assert.equal(page.root.querySelector('.grid-peek-text')!.textContent, 'row 0');
    await press('Escape');
    assert.equal(page.root.querySelector('.grid-peek'), null);
    await press('F10', { shiftKey: true });
    const menu = page.root.querySelector('[role=menu]')!;
    const { document } = page.window;
    assert.equal(document.activeElement, menu.querySelector('[role=menuitem]'));
    await press('End', {}, document.activeElement!);
    await press('Enter', {}, document.activeElement!);
    assert.equal(page.root.querySelector('[role=menu]'), null);
    assert.equal(page.root.querySelector<HTMLSelectElement>('.find-bar select')!.value, '1');
  });

  it('keeps a width that was set by key, and begins with what was kept', async () => {
    await open(threeColumns, { ...million, gridLayout: () => ({ widths: { name: 222 } }) });
    const width = (): string => grid().querySelectorAll<HTMLElement>('.grid-header')[1]!.style.width;
    assert.equal(width(), '222px');
    await press('ArrowRight');
    await press('ArrowRight', { altKey: true });
    assert.equal(width(), '238px');
    assert.deepEqual(lastCall('keepGridLayout'), { id: 7, layout: { widths: { name: 238 } } });
  });

  it('draws only the columns that are seen of hundreds', async () => {
    const columns = Array.from({ length: 800 }, (_, index) => column(`c${index}`));
    await open(columns, { rows: pagesOf(50, () => columns.map(({ name }) => name)) });
    assert.ok(grid().querySelectorAll('[role=gridcell]').length < 20 * 30);
    await press('End');
    assert.equal(active()?.textContent, 'c799');
    assert.equal(active()?.getAttribute('aria-colindex'), '801');
    assert.ok(grid().querySelectorAll('.grid-header').length < 30);
  });
});
