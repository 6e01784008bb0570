import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Frame } from 'playwright-core';
import { Archiving } from '../support/archiving';
import { asServer } from '../support/recovery';
import { oneStory, sitDown, type Desk } from './driver';

/** Someone dropped a table in production. Nobody took a dump, but there are base backups, and WAL. */
describe('recovery to just before a DROP', () => {
  let desk: Desk;
  let server: Archiving;
  let backups: string;
  let side: string;

  before(async () => {
    server = await Archiving.start(17, [], { summarize_wal: 'on' });
    const { cluster } = server;
    await cluster.sql('create database shop_dev');
    await cluster.load(resolve('scripts/sample/shop.sql'), 'shop_dev');
    await cluster.sql(
      `create table coupons (code text primary key, percent int not null);
       insert into coupons select 'SAVE' || g, g % 40 from generate_series(1, 400) g`,
      'shop_dev',
    );
    backups = join(cluster.socketDir, 'backups');
    await asServer(cluster, '/bin/mkdir', [backups]);
    await backUp('monday');
    await work();
    await backUp('monday-2', 'monday');
    await work();
    const lost = await cluster.sql('select pg_walfile_name(pg_current_wal_lsn())');
    await work();
    await work();
    await backUp('tuesday');
    await work();
    await backUp('tuesday-2', 'tuesday');
    await work();
    await cluster.sql('drop table coupons cascade', 'shop_dev');
    await work();
    await work();
    for (const name of await readdir(server.archive))
      if (name.startsWith(lost) && !name.includes('backup')) await rm(join(server.archive, name));
    desk = await sitDown();
    await cp(backups, join(desk.home, 'backups'), { recursive: true, preserveTimestamps: true });
    // What recovers runs as the server's user, and reads our command line.
    await promisify(execFile)('chmod', ['-R', 'a+rX', dirname(desk.workspace)]);
    side = join(cluster.socketDir, 'sides', 'shop');
    await mkdir(dirname(side), { mode: 0o755 });
    const { window } = desk;
    await window.openSideBar();
    await window.addServer(cluster.uri('shop_dev'), { name: 'shop', role: /^local/i });
    await window.command('Restore Point: Add Folder of PostgreSQL Clients…');
    await window.saveAs(cluster.bin);
  });
  after(async () => {
    await desk?.leave();
    await server?.cluster.stop();
  });
  oneStory();

  /** Something is committed, and its WAL archived. */
  async function work(): Promise<void> {
    await server.cluster.sql("update orders set note = coalesce(note, '') || '.'", 'shop_dev');
    await server.switch();
  }

  async function backUp(name: string, against?: string): Promise<void> {
    const { cluster } = server;
    const at = ['-h', cluster.socketDir, '-p', String(cluster.port), '-U', 'postgres'];
    await asServer(cluster, 'pg_basebackup', [
      ...[...at, '-D', join(backups, name), '-c', 'fast', '-X', 'none', '--no-sync'],
      ...(against === undefined ? [] : ['-i', join(backups, against, 'backup_manifest')]),
    ]);
  }

  const page = (): Promise<Frame> => desk.window.webview('.time-line');
  const planned = async (frame: Frame): Promise<void> =>
    await frame.locator('.plan[aria-busy=false] .step').first().waitFor();

  it('shows what can be reached, and refuses what lies in a gap with what can be taken instead', async () => {
    const { window } = desk;
    await window.row('Backups', /tuesday-2/).waitFor();
    await window.contextMenu(window.row('Connections', /^shop/), 'Recover to a Moment…');
    let frame = await page();
    await frame.getByText('none is known').waitFor();
    await frame.getByRole('button', { name: 'Choose…' }).click();
    await window.saveAs(server.archive);
    await frame.getByText('one gap').waitFor();
    frame = await page();
    const gap = await frame.locator('.gap').boundingBox();
    const track = await frame.locator('.track').boundingBox();
    assert.ok(gap && track);
    await frame.locator('.track').click({ position: { x: gap.x - track.x + gap.width / 2, y: 45 } });
    await frame.getByText(/cannot be reached/).waitFor();
    await window.screenshot('recover-gap', { everyTheme: true });
    await frame.getByRole('button', { name: /^Take the End of the Backup/ }).click();
    await frame.getByText(/^Reachable from the full backup/).waitFor();
    // By the keyboard, too.
    await frame.getByRole('slider').focus();
    await window.page.keyboard.press('Home');
    await frame.getByText(/^Reachable from/).waitFor();
  });

  it('finds the DROP in the WAL, and recovers to just before it', async () => {
    const { window } = desk;
    const frame = await page();
    await frame.getByRole('button', { name: 'Look into the WAL' }).click();
    await frame.getByRole('button', { name: /just before: DROP .*coupons/ }).click();
    await frame.getByText(/^Reachable from the full backup.* \+ 1/).waitFor();
    await frame.getByLabel('Data directory of the side cluster').fill(side);
    await planned(frame);
    await window.screenshot('recover-before-drop', { everyTheme: true });
    await frame.getByRole('button', { name: 'Recover', exact: true }).click();
    await window.notification(/it stands there, read-only/).waitFor({ timeout: 120_000 });
    await window.command('View: Show Restore Point');
    const row = window.row('Connections', /shop just before.*read-only/);
    await window.expand(row);
    await window.expand(window.row('Connections', /^shop_dev/));
    await window.expand(window.row('Connections', /^public/));
    await window.row('Connections', /^coupons/).waitFor();
    await window.screenshot('recover-side');
  });

  it('takes the table back into the live database, and the side cluster away', async () => {
    const { window } = desk;
    const { cluster } = server;
    const run = async (): Promise<void> => {
      const lens = window.page.locator('.codelens-decoration a', { hasText: 'Run on a Database' });
      await lens.waitFor();
      await lens.click();
      await window.asked('Connection');
      await window.choose(/^\s*shop(?! just)/);
      await window.asked(/Database of/);
      await window.choose(/^\s*shop_dev/);
    };
    await window.command('View: Close All Editors');
    await window.contextMenu(window.row('Connections', /^shop_dev/), 'Compare With…');
    await window.asked('Compare with what?');
    await window.choose('A database');
    await window.choose(/^\s*shop(?! just)/);
    await window.choose(/^\s*shop_dev/);
    await window.asked('What is compared');
    await window.choose('Objects and rows');
    const compare = () => window.webview('.compare');
    let frame = await compare();
    await frame.getByRole('tab', { name: /Objects/ }).click();
    for (const box of await frame.locator('.objects h2 input').all()) await box.check();
    await window.screenshot('recover-take', { everyTheme: true });
    await frame.getByRole('button', { name: 'Take Back…' }).click();
    await run();
    const there = "select to_regclass('coupons') is not null";
    while ((await cluster.sql(there, 'shop_dev')) !== 't') await window.page.waitForTimeout(200);
    await window.command('View: Revert and Close Editor');
    frame = await compare();
    await frame.getByRole('tab', { name: 'Summary' }).click();
    await frame.getByRole('button', { name: /coupons/ }).click();
    await frame.getByLabel('Tick all that fit').check();
    await frame.getByRole('button', { name: 'Take Back…' }).click();
    await run();
    while ((await cluster.sql('select count(*) from coupons', 'shop_dev')) === '0')
      await window.page.waitForTimeout(200);
    await window.command('View: Revert and Close Editor');
    await window.command('View: Close All Editors');
    await window.contextMenu(window.row('Connections', /shop just before/), 'Remove Side Cluster…');
    await window.answer('Remove');
    await window.row('Connections', /shop just before/).waitFor({ state: 'detached', timeout: 60_000 });
  });
});
