import assert from 'node:assert/strict';
import { oneStory, sitDown, type Desk } from './driver';

/** Someone is about to break a database, breaks it, and takes it back. One desk, one story. */
describe('restore points, by mouse and keyboard', () => {
  let desk: Desk;
  before(async () => {
    desk = await sitDown({ postgres: 15, sample: ['shop_dev'] });
    const { window, server } = desk;
    await window.openSideBar();
    await window.widenSideBar(200);
    await window.addServer(server.uri('shop_dev'), { name: 'shop', role: /^local/i });
    await window.expand(window.row('Connections', /^shop\s*127/));
    await database().waitFor();
  });
  after(() => desk?.leave());
  oneStory();

  const database = () => desk.window.row('Connections', /^shop_dev/);
  /** Nothing in the moment in which the name changes hands. */
  const orders = async (): Promise<string> =>
    await desk.server.sql('select count(*) from orders', 'shop_dev').catch(() => '');
  const ended = async (title: string | RegExp): Promise<void> => {
    const row = desk.window.row('Jobs', title);
    await row.locator('.codicon-pass').waitFor({ timeout: 120_000 });
  };

  it('keeps a database before a migration', async () => {
    const { window } = desk;
    await window.contextMenu(database(), 'Create Restore Point…');
    await window.asked(/What comes next/);
    await window.type('before the migration');
    await ended(/Create a restore point of shop_dev/);
    await window.expand(database());
    await window.row('Connections', /^before the migration.*MB/).waitFor();
    // It is a row of its database, not a database of its own.
    assert.equal(await window.row('Connections', /__point_/).count(), 0);
  });

  it('replaces the database by a backup, and keeps the old one', async () => {
    const { window, server } = desk;
    await window.contextMenu(database(), 'Back Up Database');
    await window.row('Backups', /custom/).waitFor();
    await server.sql('truncate orders cascade', 'shop_dev');
    await window.contextMenu(window.row('Backups', /custom/), 'Replace Database…');
    await window.choose(/^\s*shop_dev/);
    await window
      .dialog()
      .getByText(/stays beside it/)
      .waitFor();
    await window.answer('Restore');
    await ended(/Restore into shop_dev/);
    assert.equal(await orders(), '100000');
    await window.row('Connections', /^before a restore, Today/).waitFor();
    await window.screenshot('points', { everyTheme: true });
  });

  it('takes the restore back, and that back again', async () => {
    const { window } = desk;
    await window.press(/What was there before is kept/, 'Undo Restore');
    await window.answer('Go Back');
    await ended(/^Undo/);
    assert.equal(await orders(), '0');
    const point = window.row('Connections', /^before going back, Today/);
    await point.waitFor();
    const size = async (): Promise<string> => /[\d.]+ [kM]B/.exec(await point.innerText())?.[0] ?? '';
    const full = await size();
    await window.contextMenu(point, 'Undo Restore');
    await window.answer('Go Back');
    while ((await orders()) !== '100000') await window.page.waitForTimeout(200);
    // The tree knows it too: the state without orders is what is kept now. A menu over rows that are being read asks which one is meant.
    while ([full, ''].includes(await size())) await window.page.waitForTimeout(200);
  });

  it('goes back to where it was before the migration, as often as one likes', async () => {
    const { window, server } = desk;
    for (let n = 0; n < 2; n++) {
      await server.sql('drop table orders cascade', 'shop_dev');
      await window.contextMenu(window.row('Connections', /^before the migration/), 'Go Back to…');
      await window.answer('Go Back');
      // Rows move while the tree is drawn anew: each way back leaves one more.
      const rows = window.view('Connections').locator('.monaco-list-row');
      await rows
        .filter({ hasText: /^before going back/ })
        .nth(n + 1)
        .waitFor();
      assert.equal(await orders(), '100000');
    }
  });

  it('asks before anybody’s session is ended', async () => {
    const { window, server } = desk;
    const held = server.sql('select pg_sleep(120)', 'shop_dev');
    held.catch(() => undefined);
    const sleeps = `select count(*) from pg_stat_activity where wait_event = 'PgSleep'`;
    while ((await server.sql(sleeps)) !== '1') await window.page.waitForTimeout(100);
    await window.contextMenu(window.row('Connections', /^before the migration/), 'Go Back to…');
    await window
      .dialog()
      .getByText(/A session is connected to shop_dev.*psql \(postgres\)/)
      .waitFor();
    await window.screenshot('sessions', { busy: true });
    assert.equal(await server.sql(sleeps), '1');
    await window.answer('End Sessions');
    await window.answer('Go Back');
    await assert.rejects(held, /terminating connection/);
  });

  it('removes what is not needed any more', async () => {
    const { window, server } = desk;
    await window.contextMenu(window.row('Connections', /^before the migration/), 'Delete Restore Point');
    await window.answer('Remove');
    const kept = `select count(*) from pg_database where datname like '%\\_\\_point%'`;
    while ((await server.sql(kept)) !== '0') await window.page.waitForTimeout(200);
    await window.row('Connections', /^before the migration/).waitFor({ state: 'hidden' });
  });

  it('rehearses the backup in a throwaway cluster, and the tree keeps the receipt', async () => {
    const { window } = desk;
    await window.contextMenu(window.row('Backups', /custom/), 'Verify', 'Rehearse Restore…');
    await window.choose(/throwaway cluster of this machine/);
    await ended(/^Rehearse/);
    await window.row('Backups', /✓ rehearsed in/).waitFor();
    await window.screenshot('rehearsed', { everyTheme: true });
    await window.press(/nothing was found wrong/, 'Replace a Database…');
    const page = await window.webview('.form');
    await page.locator('input[value="replace"]:checked').waitFor();
  });
});
