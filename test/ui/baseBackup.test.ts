import assert from 'node:assert/strict';
import { oneStory, sitDown, type Desk } from './driver';

/** The files of a server are backed up from the tree, looked into, and rehearsed. One desk, one story. */
describe('base backup from the tree, by mouse and keyboard', () => {
  let desk: Desk;
  before(async () => {
    desk = await sitDown({ postgres: 15, sample: ['shop_dev'] });
    const { window, server } = desk;
    await window.openSideBar();
    await window.widenSideBar(120);
    await window.addServer(server.uri('shop_dev'), { name: 'shop', role: /^local/i });
  });
  after(() => desk?.leave());
  oneStory();

  const backup = () => desk.window.row('Backups', /base backup/);
  const ended = async (title: string | RegExp): Promise<void> => {
    const row = desk.window.row('Jobs', title);
    await row.locator('.codicon-pass').waitFor({ timeout: 180_000 });
  };

  it('is made by right click on the server', async () => {
    const { window } = desk;
    await window.contextMenu(window.row('Connections', /^shop\s*127/), 'Back Up Server…');
    await window.choose(/The files of the server/);
    await window.choose(/^All/);
    await ended(/^Base backup of shop/);
    await backup().waitFor();
  });

  it('is rehearsed in a throwaway cluster, and opened: facts, chain, WAL, the measured time, what takes the room', async () => {
    const { window } = desk;
    await window.contextMenu(backup(), 'Verify', 'Rehearse Restore…');
    await ended(/^Rehearse/);
    await window.row('Backups', /✓ rehearsed in/).waitFor();
    await window.row('Backups', /✓ rehearsed in/).click();
    const page = await window.webview('.base-backup .chain');
    await page.getByRole('heading', { name: 'What takes the room' }).waitFor();
    assert.match(await page.locator('.room').first().innerText(), /shop_dev/);
    assert.match(await page.locator('.wal.there').innerText(), /in the backup itself/);
    assert.match(await page.locator('.legend').innerText(), /Recovery/);
    assert.equal(await page.locator('.checks .bad').count(), 0);
    // The page is what is to be seen, not what was told meanwhile.
    await window.command('Notifications: Clear All Notifications');
    await window.screenshot('base-backup', { everyTheme: true });
  });

  it('verifies by its menu, and lists all that a restore can be told', async () => {
    const { window } = desk;
    const page = await window.webview('.base-backup .chain');
    await page.getByRole('button', { name: 'Verify' }).click();
    await page.getByRole('menuitem', { name: 'Verify Chain and WAL' }).click();
    await window.page.getByText(/^Verified: [\d,]+ files are whole \(backups in the chain: 1,/).waitFor();
    await page.getByRole('button', { name: 'Restore…' }).click();
    await window.asked(/Folder/);
    await window.screenshot('base-backup-restore', { busy: true });
  });
});
