import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { holdTable } from '../support/hold';
import { oneStory, sitDown, type Desk } from './driver';

/** Back up and restore as someone does who has just installed the extension. One desk, one story. */
describe('the main job, by mouse and keyboard', () => {
  let desk: Desk;
  before(async () => {
    desk = await sitDown({ postgres: 15, sample: ['shop_dev'] });
    await desk.window.openSideBar();
    await desk.window.widenSideBar(200);
  });
  after(() => desk?.leave());
  oneStory();

  const ended = async (title: string | RegExp): Promise<void> => {
    const row = desk.window.row('Jobs', title);
    await row.locator('.codicon-pass').waitFor({ timeout: 120_000 });
  };

  it('adds a server by pasting a URI', async () => {
    const { window, server } = desk;
    await window.view('Connections').getByRole('button', { name: 'Add Connection', exact: true }).click();
    await window.asked(/Paste a URI/);
    await window.type(server.uri('shop_dev'));
    await window.asked(/Name/);
    await window.type('shop');
    await window.asked(/Role/);
    await window.choose(/^local/i);
    await window.asked(/never written to settings/);
    await window.choose('Keep it');
    await window.row('Connections', /shop/).waitFor();
  });

  it('shows databases, schemas and tables with their sizes', async () => {
    const { window } = desk;
    await window.expand(window.row('Connections', /^shop\s*127/));
    const database = window.row('Connections', /^shop_dev.*never backed up/);
    await window.expand(database);
    await window.expand(window.row('Connections', /^public/));
    await window.row('Connections', /^orders/).waitFor();
    await window.screenshot('tree', { everyTheme: true });
  });

  it('backs up a database by its context menu', async () => {
    const { window, home } = desk;
    await window.contextMenu(window.row('Connections', /^shop_dev/), 'Back Up Database');
    await ended(/shop_dev/);
    await window.row('Backups', /custom/).waitFor();
    await window.row('Connections', /^shop_dev.*backed up/).waitFor();
    const files = await readdir(join(home, 'backups'), { recursive: true });
    assert.equal(files.filter((name) => name.endsWith('.partial')).length, 0);
    assert.equal(files.filter((name) => name.endsWith('.manifest.json')).length, 1);
    await window.screenshot('backed-up', { everyTheme: true });
  });

  it('looks into it from the tree of backups', async () => {
    const { window } = desk;
    await window.contextMenu(window.row('Backups', /custom/), 'Open Contents');
    const page = await window.webview('[role=treeitem]');
    await page.locator('table.room').getByText('orders').waitFor();
    await window.command('View: Close All Editors');
  });

  it('restores it into a new database from the command palette', async () => {
    const { window, server } = desk;
    await window.command('Restore Point: Restore…');
    await window.choose(/shop_dev @ shop/);
    await window.asked(/Name of the new database/);
    await window.type('shop_copy');
    await ended(/shop_copy/);
    const count = 'select count(*), sum(total) from orders';
    assert.equal(await server.sql(count, 'shop_copy'), await server.sql(count, 'shop_dev'));
    await window.screenshot('restored', { everyTheme: true });
  });

  it('goes on with a job whose window is reloaded', async () => {
    const { window, server } = desk;
    const held = await holdTable(server, 'shop_dev', 'customers');
    try {
      await window.contextMenu(window.row('Connections', /^shop_dev/), 'Back Up Database');
      await held.waitedFor();
      await window.reload();
      await window.openSideBar();
      await window
        .row('Jobs', /shop_dev/)
        .locator('.codicon-loading')
        .waitFor();
    } finally {
      await held.release();
    }
    await ended(/shop_dev/);
    await window
      .row('Backups', /custom/)
      .nth(0)
      .waitFor();
  });
});

describe('a folder that is not trusted', () => {
  let desk: Desk;
  before(async () => {
    desk = await sitDown({
      postgres: 15,
      settings: {
        'security.workspace.trust.enabled': true,
        'security.workspace.trust.startupPrompt': 'never',
      },
      files: { '.env': 'DATABASE_URL=postgresql://postgres@127.0.0.1:1/trap\n' },
    });
  });
  after(() => desk?.leave());

  it('gets an explanation and runs nothing', async () => {
    const { window } = desk;
    await window.openSideBar();
    await window
      .view('Connections')
      .getByText(/does nothing in a folder you have not trusted/)
      .waitFor();
    await window.view('Connections').getByRole('button', { name: 'Manage Workspace Trust' }).waitFor();
    await window.settled();
    assert.equal(await window.view('Connections').locator('.monaco-list-row').count(), 0);
    await window.screenshot('untrusted');
  });

  it('works as soon as it is trusted', async () => {
    const { window } = desk;
    await window.command('Workspaces: Manage Workspace Trust');
    await window.page.getByRole('button', { name: 'Trust', exact: true }).first().click();
    await window.row('Connections', 'Found in Workspace').waitFor();
  });
});
