import assert from 'node:assert/strict';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Frame, Locator } from 'playwright-core';
import { dump } from '../support/dumps';
import { oneStory, sitDown, type Desk } from './driver';

const million = 1_000_000;

/** Tables of a shop: one of a million rows, one of hard values, one without rows. */
const shop = `
create table orders (
  id bigint primary key,
  customer varchar(40) not null,
  total numeric(10,2),
  note text,
  doc jsonb
);
insert into orders select
  n,
  'customer ' || (n * 7919 % 10007),
  case when n % 5 <> 0 then (n * 31 % 100000) / 100.0 end,
  case n % 4 when 0 then null when 1 then '' when 2 then 'NULL' else 'call back, please' end,
  jsonb_build_object('lines', jsonb_build_array(n, n + 1), 'paid', n % 2 = 0)
from generate_series(1::bigint, ${million}) n;
create table odd (name text, value text);
insert into odd values
  ('null', null), ('empty', ''), ('the word', 'NULL'), ('quotes', ''''''),
  ('lines', E'first\\nsecond\\r\\nthird'), ('tab', E'a\\tb'), ('blanks', '  two  '),
  ('turned', U&'admin\\202Etxt.exe'), ('markup', '<img src=x onerror=alert(1)>'), ('bell', E'\\x07'),
  ('long', repeat('x', 5000)), ('wide', '日本語のテキスト'), ('picture', U&'\\+01F600');
create table nobody (id integer, name text);
`;

describe('rows of a dump, by mouse and keyboard', () => {
  let desk: Desk;
  let page: Frame;
  oneStory();

  before(async function () {
    this.timeout(240_000);
    desk = await sitDown({ postgres: 17 });
    const { server, workspace } = desk;
    await server.sql('create database shop_dev');
    await server.sql(shop, 'shop_dev');
    await dump(server, 'shop_dev', join(workspace, 'shop.dump'), ['-Fc']);
    await desk.window.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  });
  after(() => desk?.leave());

  const grid = (): Locator => page.locator('[role=grid]');
  /** The active cell. */
  const active = (): Locator => page.locator('.grid-cell.active');
  const rowNumbers = (): Locator => page.locator('.grid-number');
  const key = (...keys: string[]): Promise<void> =>
    keys.reduce((before, one) => before.then(() => desk.window.page.keyboard.press(one)), Promise.resolve());
  const type = (text: string): Promise<void> => desk.window.page.keyboard.type(text);
  const showsActive = (text: string): Promise<void> => active().getByText(text, { exact: true }).waitFor();
  const clipboard = async (expected: RegExp | string): Promise<void> => {
    const read = (): Promise<string> => desk.window.page.evaluate(() => navigator.clipboard.readText());
    const fits = (text: string): boolean =>
      typeof expected === 'string' ? text === expected : expected.test(text);
    const deadline = performance.now() + 30_000;
    while (!fits(await read()) && performance.now() < deadline) await page.waitForTimeout(100);
    const text = await read();
    assert.ok(fits(text), `on the clipboard: ${text.slice(0, 300)}`);
  };
  const openTable = async (name: string): Promise<void> => {
    await page.locator('[role=treeitem]').filter({ hasText: name }).first().click();
    await page.locator(`[role=grid][aria-label="Rows of ${name}"]`).waitFor();
  };

  it('shows the rows of a table as soon as it is chosen', async () => {
    const { window } = desk;
    await key('Control+p');
    await window.find('shop.dump', 'shop.dump');
    page = await window.webview('[role=tree]');
    await openTable('orders');
    await page.locator('.grid-cell').filter({ hasText: 'customer 7919' }).first().waitFor();
    const headers = await page.locator('.grid-header').allInnerTexts();
    assert.match(headers[0] ?? '', /id[\s\S]*bigint/);
    assert.match(headers[1] ?? '', /customer[\s\S]*character varying\(40\)/);
    assert.equal(await page.locator('.grid-header .codicon-key').count(), 1);
    assert.equal(await rowNumbers().first().innerText(), '1');
    await window.screenshot('rows', { everyTheme: true });
  });

  it('goes to the end of a million compressed rows, and to any row, by keyboard alone', async () => {
    await grid().focus();
    await key('Control+End');
    await showsActive(String(million));
    assert.equal(await rowNumbers().last().innerText(), '1,000,000');
    assert.equal(await grid().getAttribute('aria-rowcount'), String(million + 1));
    await page.locator('.rows-count').getByText('1,000,000 rows').waitFor();
    await key('Control+g');
    await type('123,456');
    await key('Enter');
    await showsActive('123456');
    await key('ArrowRight', 'Shift+ArrowDown', 'Shift+ArrowRight', 'Control+c');
    await clipboard(
      `customer ${(123456 * 7919) % 10007}\t${((123456 * 31) % 100000) / 100}\ncustomer ${(123457 * 7919) % 10007}\t${((123457 * 31) % 100000) / 100}`,
    );
    await key('Control+Home');
    await showsActive('1');
  });

  it('drags the thumb through the table and to its very end', async () => {
    const { mouse } = desk.window.page;
    const frame = await (await page.frameElement()).boundingBox();
    const thumb = await page.locator('.vertical .grid-thumb').boundingBox();
    const track = await page.locator('.grid-scroll.vertical').boundingBox();
    assert.ok(frame && thumb && track);
    await mouse.move(thumb.x + 5, thumb.y + 5);
    await mouse.down();
    await mouse.move(thumb.x + 5, track.y + track.height / 2, { steps: 8 });
    await page.waitForFunction(() => {
      const first = document.querySelector('.grid-number')?.textContent?.replace(/\D/g, '');
      return Number(first) > 400_000 && Number(first) < 600_000;
    });
    await mouse.move(thumb.x + 5, track.y + track.height + 40, { steps: 8 });
    await mouse.up();
    await page.locator('.grid-cell').getByText(String(million), { exact: true }).waitFor();
    await desk.window.screenshot('rows-end');
  });

  it('finds from row to row, and shows only what was found', async () => {
    await grid().focus();
    await key('Control+Home', 'Control+f');
    await type('customer 4711');
    await page.locator('.grid-cell.found.active').waitFor();
    const first = await active().innerText();
    assert.match(first, /customer 4711/);
    await key('Enter');
    await page
      .locator('.find-count')
      .getByText(/^2 of /)
      .waitFor();
    await key('Shift+F3', 'Alt+l');
    await page
      .locator('.find-count')
      .getByText(/of 100$/)
      .waitFor({ timeout: 120_000 });
    const found = await page.locator('.grid-cell.found').allInnerTexts();
    assert.ok(found.length > 5 && found.every((text) => text.startsWith('customer 4711')));
    await desk.window.screenshot('rows-found', { everyTheme: true });
    await key('Escape');
    await page.locator('.find-bar').waitFor({ state: 'detached' });
  });

  it('exports the table as the server itself would', async () => {
    const { window, server, workspace } = desk;
    await page.locator('[aria-label="Export"]').click();
    await page.locator('[role=menuitem]').filter({ hasText: 'All rows as CSV' }).click();
    const path = join(workspace, 'orders.csv');
    await window.saveAs(path);
    let size = -1;
    const deadline = performance.now() + 120_000;
    for (let before = -2; size <= 0 || size !== before; await page.waitForTimeout(500)) {
      before = size;
      size = await stat(path).then(
        (found) => found.size,
        () => -1,
      );
      assert.ok(performance.now() < deadline, 'no file came');
    }
    const expected = await server.sql(`copy orders to stdout with (format csv, header)`, 'shop_dev');
    assert.equal((await readFile(path, 'utf8')).trim(), expected.trim());
  });

  it('shows hard values for what they are, and a long one beside', async () => {
    const { window } = desk;
    await openTable('odd');
    const value = (name: string): Locator =>
      page
        .locator('.grid-row')
        .filter({ has: page.locator('.grid-cell').getByText(name, { exact: true }) })
        .locator('.grid-cell')
        .last();
    await value('null').locator('.value-word').getByText('NULL').waitFor();
    assert.equal(await value('empty').innerText(), '');
    assert.equal(await value('the word').innerHTML(), 'NULL');
    assert.equal(await value('lines').innerText(), 'first⏎second\\r⏎third');
    assert.equal(await value('blanks').innerText(), '··two··');
    assert.equal(await value('turned').innerText(), 'admin\\u202etxt.exe');
    assert.equal(await value('markup').innerText(), '<img src=x onerror=alert(1)>');
    assert.equal(await page.locator('img').count(), 0);
    await value('lines').click();
    await key('Space');
    await page.locator('.grid-peek').waitFor();
    await window.screenshot('rows-values', { everyTheme: true });
    await key('Escape');
    await openTable('nobody');
    await page.locator('.rows-none').waitFor();
    await openTable('orders');
    // Before its first rows are there, a grid has no cell that a key could reach.
    await page.locator('.grid-cell').filter({ hasText: 'customer 7919' }).first().waitFor();
    await grid().focus();
    await key('Control+Home', 'End');
    await active().filter({ hasText: '"paid": false' }).dblclick();
    await window.page
      .locator('.monaco-editor .view-line')
      .filter({ hasText: '"lines": [' })
      .first()
      .waitFor();
  });
});
