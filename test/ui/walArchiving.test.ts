import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { Frame } from 'playwright-core';
import { oneStory, sitDown, type Desk } from './driver';

/** Someone sets up the archive of a server, sees that it works, and is told when it does not. */
describe('WAL archiving, by mouse and keyboard', () => {
  let desk: Desk;
  let archive: string;
  before(async () => {
    desk = await sitDown({ postgres: 17, sample: ['shop_dev'] });
    const { window, server } = desk;
    archive = join(server.socketDir, 'archive');
    execFileSync('install', ['-d', '-m', '755', `--owner=${owner(server.dataDir)}`, archive]);
    await window.openSideBar();
    await window.widenSideBar(120);
    await window.addServer(server.uri('shop_dev'), { name: 'shop', role: /^local/i });
  });
  after(() => desk?.leave());
  oneStory();

  const owner = (path: string): string =>
    execFileSync('stat', ['-c', '%u', path], { encoding: 'utf8' }).trim();
  const page = (): Promise<Frame> => desk.window.webview('.archiving');
  const serverRow = () => desk.window.row('Connections', /^shop\s*127/);
  const walRow = () => desk.window.row('Connections', /^WAL archive/);

  it('shows what has to change, and changes it when it is told to', async () => {
    const { window, server } = desk;
    await window.contextMenu(serverRow(), 'WAL Archiving…');
    const shown = await page();
    await shown.getByText('Nothing is archived: archive_mode is off.').waitFor();
    await shown.getByLabel('Archive folder', { exact: true }).last().fill(archive);
    await window.page.keyboard.press('Enter');
    const command = shown.getByLabel('archive_command');
    await command.waitFor();
    assert.match(await command.inputValue(), /wal push %p --to .*archive/);
    // The extension of this desk lies where the server's user may not look.
    await command.fill(`test ! -f ${archive}/%f && cp %p ${archive}/%f`);
    await shown.getByRole('button', { name: 'Use This Command' }).click();
    await shown.getByText(/ALTER SYSTEM SET archive_command = 'test ! -f/).waitFor();
    await window.screenshot('wal-archiving-setup');
    await shown.getByRole('button', { name: 'Set Up…' }).click();
    await window.answer('Set Up');
    await shown.getByText('Archiving is set up, and begins when the server is restarted.').waitFor();
    assert.equal(await server.sql('show archive_timeout'), '1min');
    await server.restart();
    await shown.getByRole('button', { name: 'Refresh' }).click();
    await shown.getByText(/^(?:Archiving is on; nothing was archived yet|WAL is archived)/).waitFor();
  });

  it('tests the archive, and shows what it holds', async () => {
    const { window, server } = desk;
    const shown = await page();
    await shown.getByRole('button', { name: 'Test the Archive' }).click();
    await shown.getByText(/was archived in .*, and is in the folder, whole/).waitFor();
    await server.sql(`select pg_create_physical_replication_slot('standby_1', true)`);
    await server.sql('update orders set note = note', 'shop_dev');
    await server.sql('select pg_switch_wal()');
    await shown.getByRole('button', { name: 'Refresh' }).click();
    await shown.getByText('standby_1').waitFor();
    await shown.getByText(/^WAL is archived: last/).waitFor();
    await window.command('Restore Point: Refresh Connections');
    await window.expand(serverRow());
    await walRow().waitFor();
    assert.match((await walRow().textContent()) ?? '', /window .* last .* ago/);
    await shown.evaluate(() => scrollTo(0, 0));
    await window.screenshot('wal-archiving', { everyTheme: true });
  });

  it('says on the server’s row and on the page that the archiver fails', async () => {
    const { window, server } = desk;
    await server.sql(`alter system set archive_command = 'false'`);
    await server.sql('select pg_reload_conf()');
    await window.command('View: Close All Editors');
    await window.command('Restore Point: Refresh Connections');
    await walRow().click();
    const shown = await page();
    await shown.getByRole('button', { name: 'Test the Archive' }).click();
    await shown.getByText(/could not archive .*the archive does not work/).waitFor({ timeout: 60_000 });
    await shown.getByRole('button', { name: 'Refresh' }).click();
    await shown.getByText('The archiver fails.').waitFor();
    await window.command('Restore Point: Refresh Connections');
    await window.row('Connections', /^WAL archive.*archiver fails/).waitFor();
    await window.screenshot('wal-archiving-fails');
  });
});
