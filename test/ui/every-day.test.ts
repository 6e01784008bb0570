import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
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
});
