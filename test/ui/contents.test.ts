import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { Frame } from 'playwright-core';
import { dump, dumpToOutput, loadSamples } from '../support/dumps';
import { oneStory, sitDown, type Desk } from './driver';

/** What someone does who was sent a dump: looks what is in it, on a machine that needs no PostgreSQL for it. */
describe('the contents of a dump, by mouse and keyboard', () => {
  let desk: Desk;
  before(async () => {
    // The Explorer stays as it is, so that every file keeps its place in it.
    desk = await sitDown({ postgres: 17, settings: { 'explorer.autoReveal': false } });
    const { server, workspace, window } = desk;
    await loadSamples(server);
    const picture =
      '89504e470d0a1a0a0000000d494844520000000100000001080600000015c4890000000d4944415478da63fccf5056000000050001' +
      '0d0a2db40000000049454e44ae426082';
    await server.sql(
      `select lo_from_bytea(4711, decode('${picture}', 'hex')); select lo_from_bytea(4712, 'Hello, <b>you</b>')`,
      'chinook',
    );
    const at = (name: string): string => join(workspace, name);
    await dump(server, 'pagila', at('pagila.dump'), ['--format=custom', '--compress=zstd:3']);
    await dump(server, 'pagila', at('pagila'), ['--format=directory']);
    await dump(server, 'pagila', at('pagila.tar'), ['--format=tar']);
    await dump(server, 'pagila', at('pagila.sql'), []);
    await dumpToOutput(server, 'pagila', at('piped.dump'), ['--format=custom'], 'redirect');
    await dump(server, 'chinook', at('chinook.backup'), ['--format=custom']);
    await dump(server, 'nasty "db"', at('nasty.dump'), ['--format=custom']);
    await window.command('View: Show Explorer');
    await window.file('pagila.dump').waitFor();
  });
  after(() => desk?.leave());
  oneStory();

  /** The page of the only open dump, once its contents are there. */
  const opened = async (): Promise<Frame> => {
    const page = await desk.window.webview('[role=treeitem]');
    await page.locator('[role=tree][aria-busy=false]').waitFor();
    return page;
  };
  const closeAll = (): Promise<void> => desk.window.command('View: Close All Editors');
  const open = async (name: string): Promise<Frame> => {
    await closeAll();
    await desk.window.file(name).dblclick();
    return await opened();
  };
  const row = (page: Frame, name: string) =>
    page.locator('[role=treeitem]').filter({ has: page.locator(`.label:text-is("${name}")`) });
  const tables = async (page: Frame): Promise<string[]> => {
    await page.locator('.filter input').fill('payment');
    await page.locator('#filter-count', { hasText: ' of ' }).waitFor();
    return await page.locator('[role=treeitem][aria-level="3"] .label').allTextContents();
  };

  it('opens by a double click, and shows what takes the room', async () => {
    const page = await open('pagila.dump');
    assert.equal(await page.locator('h1').textContent(), 'pagila');
    const bars = page.locator('table.room tbody tr');
    assert.match((await bars.first().textContent()) ?? '', /^rental\d+ kB\d+%/);
    assert.equal(await bars.count(), 13);
    await desk.window.screenshot('contents', { everyTheme: true });
  });

  it('counts all rows, and shows them in the tree beside the sizes', async () => {
    const page = await opened();
    await page.getByRole('button', { name: 'Count All Rows' }).click();
    await row(page, 'rental').getByText('16,044').filter({ visible: true }).waitFor();
    await page.getByRole('treeitem', { name: /^rental, .*16,044 rows/ }).waitFor();
    await desk.window.screenshot('counted');
  });

  it('leads by the keyboard to the rows of a table', async () => {
    const { keyboard } = desk.window.page;
    const page = await opened();
    await page.locator('[role=tree]').focus();
    await keyboard.type('film');
    await keyboard.press('Enter');
    await page.locator('[role=grid]').getByText('ACADEMY DINOSAUR').waitFor();
    await desk.window.screenshot('rows', { everyTheme: true });
  });

  it('shows the definition, and what a table depends on', async () => {
    const page = await opened();
    await page.getByRole('tab', { name: 'Definition' }).click();
    await page.locator('pre.sql').getByText('CREATE').first().waitFor();
    assert.match(
      (await page.locator('pre.sql').first().textContent()) ?? '',
      /^CREATE TABLE public\.film \(/,
    );
    await desk.window.screenshot('definition', { everyTheme: true });
    await page.getByRole('tab', { name: 'Depends On' }).click();
    await page.getByRole('option', { name: 'DOMAIN public.year' }).click();
    await page.locator('.crumbs h2', { hasText: 'year' }).waitFor();
    await desk.window.page.keyboard.press('Alt+ArrowLeft');
    await page.locator('.crumbs h2', { hasText: 'film' }).waitFor();
  });

  it('filters by name and in definitions, without the mouse', async () => {
    const { keyboard } = desk.window.page;
    const page = await opened();
    await page.locator('[role=tree]').focus();
    await keyboard.press('/');
    await keyboard.type('film_ac');
    await page.locator('mark', { hasText: 'film_ac' }).first().waitFor();
    await keyboard.press('Control+A');
    await keyboard.type('group_concat');
    await page.getByRole('button', { name: 'Search in definitions' }).click();
    await row(page, 'actor_info').waitFor();
    await desk.window.screenshot('filter');
    await page.getByRole('button', { name: 'Search in definitions' }).click();
    await page.locator('.filter').getByRole('button', { name: 'Clear Filter' }).click();
    await row(page, 'rental').waitFor();
  });

  it('ticks tables, says what else they need and ticks that, and knows it after a reload', async () => {
    const { keyboard } = desk.window.page;
    const page = await opened();
    await page.locator('[role=tree]').focus();
    await keyboard.type('rental');
    await keyboard.press('Space');
    const bar = page.locator('.tick-bar');
    await bar.getByText(/1 ticked, .*needs \d+ more/).waitFor();
    await desk.window.screenshot('ticks');
    await bar.getByRole('button', { name: 'Tick What Is Needed' }).click();
    await bar.getByText(/needs nothing else/).waitFor();
    const said = await bar.getByRole('status').textContent();
    await desk.window.reload();
    const again = await opened();
    await again
      .locator('.tick-bar')
      .getByText(/needs nothing else/)
      .waitFor();
    assert.equal(await again.locator('.tick-bar').getByRole('status').textContent(), said);
    await again.locator('.tick-bar').getByRole('button', { name: 'Clear' }).click();
  });

  it('shows the same of every format', async () => {
    const { window } = desk;
    const expected = await tables(await open('pagila.dump'));
    assert.ok(expected.length > 7);
    const same = async (): Promise<void> => {
      const found = await tables(await opened());
      assert.deepEqual(
        found.filter((name) => expected.includes(name)),
        expected,
      );
    };
    for (const name of ['pagila', 'pagila.tar', 'pagila.sql']) {
      await closeAll();
      await window.contextMenu(window.file(name), 'Restore Point', 'Open Contents');
      await same();
    }
  });

  it('finds sizes that a dump made by redirection does not tell', async () => {
    const page = await open('piped.dump');
    assert.equal(await page.locator('table.room').count(), 0);
    await page.getByRole('button', { name: 'Find Sizes' }).click();
    await page.locator('table.room').getByText('rental').waitFor();
    assert.equal(await page.getByRole('button', { name: 'Find Sizes' }).count(), 0);
  });

  it('looks into large objects', async () => {
    const page = await open('chinook.backup');
    await page.locator('table.room').getByRole('button', { name: 'Large objects' }).click();
    await page.getByRole('option', { name: /Large object 4712/ }).click();
    await page.locator('.preview pre', { hasText: 'Hello, <b>you</b>' }).waitFor();
    await page.getByRole('option', { name: /Large object 4711/ }).click();
    await page.locator('.preview img').waitFor();
  });

  it('shows names that are no markup', async () => {
    const page = await open('nasty.dump');
    const names = await page.locator('table.room th').allTextContents();
    assert.ok(
      names.some((name) => name.includes('⏎')),
      names.join(', '),
    );
    await desk.window.screenshot('hostile-names');
  });

  it('can be read in high contrast of both kinds, enlarged and in a narrow window', async () => {
    const { window } = desk;
    const page = await open('pagila.dump');
    await row(page, 'film').click();
    await page.getByRole('tab', { name: 'Definition' }).click();
    await window.theme('high-contrast-light');
    await window.screenshot('contents-high-contrast-light');
    await window.theme('dark');
    await window.command('View: Toggle Primary Side Bar Visibility');
    await window.page.setViewportSize({ width: 640, height: 400 });
    await window.screenshot('contents-zoomed');
    // What is chosen is below the tree, and the page scrolls there.
    await page.getByText('CREATE TABLE').first().scrollIntoViewIfNeeded();
    await page.getByText('CREATE TABLE').first().click();
    await window.page.setViewportSize({ width: 480, height: 800 });
    await page.locator('.panes.stacked').waitFor();
    await window.screenshot('contents-narrow');
    const across = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(across <= 0, `the page is ${across} pixels too wide`);
    await window.page.setViewportSize({ width: 1280, height: 800 });
  });

  it('opens a dump as a folder in the Explorer, where its files open', async () => {
    const { window } = desk;
    await closeAll();
    await window.command('View: Show Explorer');
    await window.contextMenu(window.file('pagila.dump'), 'Restore Point', 'Open Dump as Folder…');
    await window.asked(/stays read-only/);
    await window.choose('Add to This Workspace');
    // From one folder to several the editor starts anew.
    const folder = window.page
      .locator('.explorer-folders-view .monaco-list-row[aria-level="1"]')
      .filter({ hasText: 'pagila.dump' });
    await window.page.waitForURL(/workspace=/, { timeout: 60_000 });
    await folder.waitFor({ timeout: 60_000 });
    // The editor opens its folders by itself while it starts, and a click in that moment closes one again.
    while (!(await window.file('public').isVisible())) {
      await window.expand(folder);
      await window.page.waitForTimeout(500);
    }
    for (const row of [window.file('public'), window.file('tables')]) await window.expand(row);
    await window.file('actor.sql').dblclick();
    await window.page
      .locator('.monaco-editor .view-line', { hasText: 'CREATE TABLE public.actor' })
      .waitFor();
    await window.screenshot('dump-as-folder');
  });
});
