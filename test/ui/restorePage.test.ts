import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { Frame } from 'playwright-core';
import { dump } from '../support/dumps';
import { oneStory, sitDown, type Desk } from './driver';

/** Someone lost two tables, and gets only these back; then wants to know everything before a whole restore. */
describe('the restore page, by mouse and keyboard', () => {
  let desk: Desk;
  before(async () => {
    desk = await sitDown({ postgres: 15, sample: ['shop_dev'] });
    const { window, server, workspace } = desk;
    await dump(server, 'shop_dev', join(workspace, 'shop.dump'), ['--format=custom']);
    // The same, but of a server with a role that this one lacks.
    await server.sql('create role keeper; alter table products owner to keeper', 'shop_dev');
    await dump(server, 'shop_dev', join(workspace, 'elsewhere.dump'), ['--format=custom']);
    await server.sql('alter table products owner to current_user; drop role keeper', 'shop_dev');
    await window.openSideBar();
    await window.addServer(server.uri('shop_dev'), { name: 'shop', role: /^local/i });
    await window.command('View: Show Explorer');
    await window.file('shop.dump').dblclick();
  });
  after(() => desk?.leave());
  oneStory();

  const contents = async (): Promise<Frame> => {
    const page = await desk.window.webview('[role=treeitem]');
    await page.locator('[role=tree][aria-busy=false]').waitFor();
    return page;
  };
  const restorePage = (): Promise<Frame> => desk.window.webview('.form');
  const planned = async (page: Frame): Promise<void> =>
    await page.locator('.plan[aria-busy=false] .step').first().waitFor();

  it('restores two ticked tables, and leaves the rest of the database alone', async () => {
    const { window, server } = desk;
    const page = await contents();
    for (const name of ['customers', 'orders'])
      await page
        .locator('[role=treeitem]')
        .filter({ has: page.locator(`.label:text-is("${name}")`) })
        .first()
        .locator('.tick')
        .click();
    await page
      .locator('.tick-bar')
      .getByText(/2 ticked/)
      .waitFor();
    await server.sql("update orders set note = 'lost'; update products set title = 'mine'", 'shop_dev');
    await page.getByRole('button', { name: 'Restore Ticked…' }).click();
    const restore = await restorePage();
    await restore.getByLabel('In place, into a database that is there').check();
    await restore.getByLabel('Replace them; what depends on them stays').check();
    await planned(restore);
    await restore.getByText(/are dropped with all their rows and made again/).waitFor();
    await window.screenshot('restore-page', { everyTheme: true });
    await restore.getByRole('button', { name: 'Restore', exact: true }).click();
    await window.answer('Restore');
    await window.command('View: Show Restore Point');
    await window
      .row('Jobs', /Restore into shop_dev/)
      .locator('.codicon-pass')
      .waitFor({ timeout: 60_000 });
    assert.equal(await server.sql("select count(*) from orders where note = 'lost'", 'shop_dev'), '0');
    assert.notEqual(await server.sql("select count(*) from products where title = 'mine'", 'shop_dev'), '0');
  });

  it('makes a role that is missing before it restores', async () => {
    const { window, server } = desk;
    await window.command('View: Close All Editors');
    await window.command('View: Show Explorer');
    await window.contextMenu(window.file('elsewhere.dump'), 'Restore Point', 'Restore on a Page…');
    const restore = await restorePage();
    await planned(restore);
    await restore.getByText(/Roles are missing on the target: keeper/).waitFor();
    await window.screenshot('restore-page-fixes');
    await restore.getByRole('button', { name: 'Create the Roles' }).click();
    await restore.getByText('Roles are created: keeper').waitFor();
    await planned(restore);
    await restore.getByText(/Roles are missing/).waitFor({ state: 'detached' });
    await restore.getByLabel('Database', { exact: true }).fill('copy');
    await planned(restore);
    await restore.getByRole('button', { name: 'Restore', exact: true }).click();
    await window.command('View: Show Restore Point');
    await window
      .row('Jobs', /Restore into copy/)
      .locator('.codicon-pass')
      .waitFor({ timeout: 60_000 });
    const owner = "select tableowner from pg_tables where tablename = 'products'";
    assert.equal(await server.sql(owner, 'copy'), 'keeper');
  });

  it('brings back only some rows, by SQL that is read first', async () => {
    const { window, server } = desk;
    const { keyboard } = window.page;
    await window.command('View: Close All Editors');
    await window.command('View: Show Explorer');
    await window.file('shop.dump').dblclick();
    const page = await contents();
    await page.locator('[role=tree]').focus();
    await keyboard.type('customers');
    await keyboard.press('Enter');
    const grid = page.locator('[role=grid]');
    await grid.locator('[role=gridcell]').first().click();
    await keyboard.press('Shift+ArrowDown');
    await server.sql("update customers set city = 'nowhere'", 'shop_dev');
    await grid.locator('[role=gridcell]').first().click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Restore These Rows…' }).click();
    await window.choose(/write over the others/);
    const lens = window.page.locator('.codelens-decoration a', { hasText: 'Run on a Database' });
    await lens.waitFor();
    await window.screenshot('restore-rows');
    await lens.click();
    await window.choose(/^\s*shop_dev/);
    const changed = "select count(*) from customers where city is distinct from 'nowhere'";
    while ((await server.sql(changed, 'shop_dev')) === '0') await window.page.waitForTimeout(200);
    assert.match(await server.sql(changed, 'shop_dev'), /^[12]$/);
  });
});
