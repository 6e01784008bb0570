import assert from 'node:assert/strict';
import { copyFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { holdTable } from '../support/hold';
import { oneStory, sitDown, type Desk } from './driver';

/** What someone does who has used it for a week: plans, options, files of others, jobs that go wrong. */
describe('every day, by mouse and keyboard', () => {
  let desk: Desk;
  before(async () => {
    desk = await sitDown({ postgres: 15, sample: ['shop_dev'] });
    const { window, server } = desk;
    await window.openSideBar();
    await window.widenSideBar(160);
    await window.addServer(server.uri('shop_dev'), { name: 'shop', role: /^local/i });
    await window.expand(window.row('Connections', /^shop\s*127/));
    await window.row('Connections', /^shop_dev/).waitFor();
  });
  after(() => desk?.leave());
  oneStory();

  const ended = async (title: string | RegExp): Promise<void> => {
    const row = desk.window.row('Jobs', title);
    await row.locator('.codicon-pass').waitFor({ timeout: 120_000 });
  };
  const database = () => desk.window.row('Connections', /^shop_dev/);

  it('reads the plan of a backup, and runs it from there', async () => {
    const { window, server } = desk;
    await window.contextMenu(database(), 'Show Backup Plan…');
    const page = await window.webview('h1');
    assert.equal(await page.locator('h1').textContent(), 'Back up shop_dev');
    assert.match((await page.locator('ol pre').first().textContent()) ?? '', /pg_dump.*--format=custom/);
    const text = (await page.locator('main').textContent()) ?? '';
    assert.match(text, /Nothing\./);
    assert.ok(!text.includes(server.password));
    await window.screenshot('plan', { everyTheme: true });
    await page.getByRole('button', { name: 'Run' }).click();
    await ended(/Back up shop_dev/);
    await window.row('Backups', /custom · ✓ decoded, [\d,]+ rows/).waitFor();
  });

  it('sets options of a backup in one list', async () => {
    const { window, home } = desk;
    await window.contextMenu(database(), 'Back Up Database with Options…');
    await window.asked(/type to find an option/);
    await window.find('no-owner', /--no-owner/);
    await window.asked(/--no-owner\s*on/);
    await window.screenshot('options', { everyTheme: true });
    await window.find('Format', /^\s*Format/);
    await window.choose(/directory/);
    await window.asked(/directory · --no-owner/);
    await window.find('', /Back Up.*directory · --no-owner/);
    await window.row('Backups', /directory/).waitFor();
    const files = await readdir(join(home, 'backups'), { recursive: true });
    assert.ok(files.some((name) => name.endsWith('/toc.dat')));
  });

  it('restores a file by right-click in the Explorer', async () => {
    const { window, home, workspace, server } = desk;
    const backups = join(home, 'backups');
    const dump = (await readdir(backups, { recursive: true })).find((name) => name.endsWith('.dump'));
    await copyFile(join(backups, dump ?? ''), join(workspace, 'from a colleague.dump'));
    await window.command('View: Show Explorer');
    const row = window.page
      .locator('.explorer-folders-view .monaco-list-row')
      .filter({ hasText: 'from a colleague.dump' });
    await window.contextMenu(row, 'Restore Point', 'Restore…');
    await window.asked(/Name of the new database/);
    await window.type('from_file');
    await window.openSideBar();
    await ended(/from_file/);
    const count = 'select count(*) from orders';
    assert.equal(await server.sql(count, 'from_file'), await server.sql(count, 'shop_dev'));
  });

  it('sees how far a job is, and cancels it', async () => {
    const { window, server } = desk;
    // A check that sleeps when it comes to one row: the restore stands still half way.
    await server.sql(
      `create function public.gate() returns boolean language sql as 'select true';
       alter table orders add constraint gate check (id <> 50000 or public.gate());
       create or replace function public.gate() returns boolean language plpgsql as
         'begin perform pg_catalog.pg_sleep(600); return true; end'`,
      'shop_dev',
    );
    const before = await window.row('Jobs', /Back up shop_dev/).count();
    assert.equal(before, 1);
    await window.contextMenu(database(), 'Back Up Database');
    await window.row('Backups', /^shop_dev @ shop\s*3/).waitFor();
    await window.contextMenu(window.row('Backups', /custom/), 'Restore…');
    await window.asked(/Name of the new database/);
    await window.type('slow_copy');
    const job = window.row('Jobs', /slow_copy\s*[1-9]\d? %/);
    await job.waitFor({ timeout: 120_000 });
    await window.screenshot('running', { everyTheme: true });
    await job.hover();
    await job.getByRole('button', { name: 'Cancel Job' }).click();
    await window.row('Jobs', /slow_copy\s*cancelled/).waitFor();
    assert.equal(await server.sql(`select count(*) from pg_database where datname = 'slow_copy'`), '0');
  });

  it('learns why a job failed, reads its log and tries again', async () => {
    const { window, server } = desk;
    const held = await holdTable(server, 'shop_dev', 'customers');
    try {
      await window.contextMenu(database(), 'Back Up Database');
      await held.waitedFor();
      await server.sql(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where wait_event_type = 'Lock' and query ~* '^lock table'`,
      );
      await window.notification(/Back up shop_dev/).waitFor();
      await window
        .row('Jobs', /Back up shop_dev/)
        .locator('.codicon-error')
        .waitFor();
      await window.screenshot('failed', { everyTheme: true });
      await window.press(/Back up shop_dev/, 'Show Log');
      await window.tab(/Back up shop_dev/).waitFor();
      await window.page.locator('.view-lines').getByText('terminating connection').first().waitFor();
      await window.screenshot('log', { everyTheme: true });
    } finally {
      await held.release();
    }
    await window.contextMenu(window.row('Jobs', /Back up shop_dev/), 'Retry Job');
    await ended(/Back up shop_dev/);
  });
});
