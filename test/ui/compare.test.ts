import assert from 'node:assert/strict';
import { oneStory, sitDown, type Desk } from './driver';

/** After a bad morning: what changed since yesterday's backup, and back with it. */
describe('the comparison page, by mouse and keyboard', () => {
  let desk: Desk;
  before(async () => {
    desk = await sitDown({ postgres: 15, sample: ['shop_dev'] });
    const { window, server } = desk;
    await server.sql(
      `create table coupons (code text primary key, off int); insert into coupons values ('SPRING', 10), ('FALL', 20)`,
      'shop_dev',
    );
    await window.openSideBar();
    await window.addServer(server.uri('shop_dev'), { name: 'shop', role: /^local/i });
    await window.expand(window.row('Connections', /^shop/));
    await window.contextMenu(window.row('Connections', /^shop_dev/), 'Back Up Database');
    await window
      .row('Jobs', /Back up shop_dev/)
      .locator('.codicon-pass')
      .waitFor({ timeout: 60_000 });
    await server.sql(
      "update orders set note = 'lost' where id % 3 = 0; drop table coupons cascade",
      'shop_dev',
    );
  });
  after(() => desk?.leave());
  oneStory();

  const page = () => desk.window.webview('.compare');

  it('shows what changed since the backup', async () => {
    const { window } = desk;
    // The row is made anew after the backup: a menu opened before that would be about nothing.
    await window.row('Connections', /^shop_dev.*backed up/).waitFor();
    await window.contextMenu(window.row('Connections', /^shop_dev/), 'Compare With…');
    await window.asked('Compare with what?');
    await window.choose('A backup');
    await window.asked('Backup');
    await window.find('shop_dev', /shop_dev/);
    await window.asked('What is compared');
    await window.choose('Objects and rows');
    const frame = await page();
    await frame.getByText(/objects and .* rows in 2 of/).waitFor({ timeout: 60_000 });
    await window.screenshot('compare', { everyTheme: true });
  });

  it('goes from difference to difference', async () => {
    const { window } = desk;
    const frame = await page();
    await frame.getByRole('button', { name: /orders/ }).click();
    const grid = frame.locator('[role=grid]');
    await grid.locator('.difference').first().waitFor();
    await grid.focus();
    await window.page.keyboard.press('F7');
    await frame.getByText(/^2 of /).waitFor();
    await window.screenshot('compare-rows', { everyTheme: true });
    await frame.getByRole('button', { name: 'One Above the Other' }).click();
    await window.screenshot('compare-rows-above');
    await frame.getByRole('button', { name: 'In Line' }).click();
  });

  it('takes rows and a table back, and nothing differs', async () => {
    const { window, server } = desk;
    const run = async (): Promise<void> => {
      const lens = window.page.locator('.codelens-decoration a', { hasText: 'Run on a Database' });
      await lens.waitFor();
      await lens.click();
      await window.choose(/^\s*shop_dev/);
    };
    let frame = await page();
    await frame.getByLabel('Tick all that fit').check();
    await frame.getByRole('button', { name: 'Take Back…' }).click();
    await window.screenshot('compare-take');
    await run();
    const lost = "select count(*) from orders where note = 'lost'";
    while ((await server.sql(lost, 'shop_dev')) !== '0') await window.page.waitForTimeout(200);
    await window.command('View: Revert and Close Editor');

    frame = await page();
    await frame.getByRole('tab', { name: /Objects/ }).click();
    await window.screenshot('compare-objects');
    for (const box of await frame.locator('.objects h2 input').all()) await box.check();
    await frame.getByRole('button', { name: 'Take Back…' }).click();
    await run();
    const there = "select to_regclass('coupons') is not null";
    while ((await server.sql(there, 'shop_dev')) !== 't') await window.page.waitForTimeout(200);
    await window.command('View: Revert and Close Editor');

    frame = await page();
    await frame.getByRole('tab', { name: 'Summary' }).click();
    await frame.getByRole('button', { name: /coupons/ }).click();
    await frame.getByLabel('Tick all that fit').check();
    await frame.getByRole('button', { name: 'Take Back…' }).click();
    await run();
    while ((await server.sql('select count(*) from coupons', 'shop_dev')) === '0')
      await window.page.waitForTimeout(200);
    await window.command('View: Revert and Close Editor');

    frame = await page();
    await frame.getByRole('button', { name: 'Compare Again' }).click();
    await desk.window.webview('.compare:has-text("Nothing differs.")');
    assert.equal(await server.sql(lost, 'shop_dev'), '0');
  });

  it('shows the backups of the database over time', async () => {
    const { window, server } = desk;
    await window.command('View: Close All Editors');
    await server.sql('delete from order_line where "order" % 3 > 0', 'shop_dev');
    await window.contextMenu(window.row('Connections', /^shop_dev/), 'Back Up Database');
    await window.row('Backups', /looks wrong/).waitFor({ timeout: 60_000 });
    await window.contextMenu(window.row('Backups', /looks wrong/), 'Show History');
    const frame = await desk.window.webview('.history');
    await frame.getByText(/order_line has/).waitFor();
    await window.screenshot('history', { everyTheme: true });
    await frame.locator('form select').selectOption('public.customers');
    await frame.getByLabel('column=value, column=value').fill('id=1');
    await frame.getByRole('button', { name: 'Find' }).click();
    await frame.locator('.found li').nth(1).waitFor();
  });
});
