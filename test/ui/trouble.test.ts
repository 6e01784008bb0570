import assert from 'node:assert/strict';
import { oneStory, sitDown, type Desk } from './driver';

/** Servers that do not let one in, and one where a slip would be dear. */
describe('difficult servers, by mouse and keyboard', () => {
  let desk: Desk;
  before(async () => {
    desk = await sitDown({ postgres: 15, sample: ['orders'] });
    await desk.window.openSideBar();
    await desk.window.widenSideBar(160);
  });
  after(() => desk?.leave());
  oneStory();

  it('asks again when the password is wrong', async () => {
    const { window, server } = desk;
    const mistyped = server.uri('orders').replace(encodeURIComponent(server.password), 'mistyped');
    await window.addServer(mistyped, { name: 'typo', role: /^development/i });
    await window.expand(window.row('Connections', /^typo/));
    await window.row('Connections', /Enter Password…/).waitFor();
    await window.command('Restore Point: Test Connection');
    await window.asked(/refused the password. Enter it again/);
    await window.screenshot('wrong-password', { everyTheme: true, busy: true });
    await window.type('wrong again');
    await window.askedAnew(/refused the password. Enter it again/);
    await window.type(server.password);
    await window.notification(/Keep the password of typo/).waitFor();
    await window.press(/Keep the password of typo/, 'Keep');
    await window.row('Connections', /^orders/).waitFor();
  });

  it('says why a server cannot be reached, and offers a remedy', async () => {
    const { window } = desk;
    await window.addServer('postgresql://me:secret@127.0.0.1:1/shop', { name: 'away', role: /^staging/i });
    await window.expand(window.row('Connections', /^away/));
    const problem = window.row('Connections', /Edit Connection…/);
    await problem.waitFor();
    await window.screenshot('unreachable', { everyTheme: true });
    await problem.click();
    await window.asked(/Host, host:port/);
    await window.page.keyboard.press('Escape');
  });

  it('marks production by word and colour, and wants its name typed before anything is lost', async () => {
    const { window, server } = desk;
    await window.addServer(server.uri('orders'), { name: 'live', role: /^production/i });
    const live = window.row('Connections', /^live\s*production/i);
    await live.waitFor();
    const colour = async (name: string): Promise<string> =>
      await window
        .row('Connections', new RegExp(`^${name}`))
        .locator('.label-name')
        .evaluate((element) => getComputedStyle(element).color);
    // The colour comes a moment after the row; a row that never gets it ends this by the test's time limit.
    while ((await colour('live')) === (await colour('away'))) await window.page.waitForTimeout(100);

    await window.expand(live);
    await window.contextMenu(window.row('Connections', /^orders/), 'Back Up Database');
    await window.contextMenu(window.row('Backups', /custom/), 'Restore with Options…');
    await window.choose(/^\s*live/);
    await window.asked(/Name of the new database/);
    await window.page.keyboard.press('Enter');
    await window.asked(/pg_restore 1/);
    await window.find('How', /^\s*How/);
    await window.choose(/^\s*In place/);
    await window.choose(/^\s*orders/);
    await window.asked(/In place.*: orders/);
    await window.find('--clean', /^\s*--clean/);
    await window.asked(/--clean\s*on/);
    await window.find('In place', /^\s*Restore.*--clean/);
    await window.asked(/Type the name of the database/);
    await window.screenshot('production', { everyTheme: true, busy: true });
    await window.type('order');
    await window.asked(/This is not the name of the database/);
    await window.type('orders');
    await window
      .row('Jobs', /Restore into orders/)
      .locator('.codicon-pass')
      .waitFor();
    assert.equal(await server.sql('select count(*) from orders', 'orders'), '100000');
  });
});
