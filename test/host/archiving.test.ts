import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { TestApi } from '../../src/extension/extension';
import type { ArchivingHost } from '../../src/shared/archivingPage';
import type { Handlers } from '../../src/shared/rpc';
import { ground, inside, mainConnection, row, run, sql, until } from './support';

describe('WAL archiving', () => {
  let api: TestApi;
  let page: Handlers<ArchivingHost>;
  const { signal } = new AbortController();
  before(async () => {
    api = await inside();
    await mainConnection(api);
  });
  after(async () => {
    api.ask.forget();
    // The tests of connections make it themselves.
    api.ask.answer('confirm', true);
    await run('restorePoint.removeConnection', { connection: 'main' });
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('opens one page for a server', async () => {
    page = await run<Handlers<ArchivingHost>>('restorePoint.walArchiving', { connection: 'main' });
    assert.equal(await run('restorePoint.walArchiving', { connection: 'main' }), page);
    const { shown, texts } = await page.ready(null, signal);
    assert.match(shown.title, /main/);
    assert.equal(shown.view.setup, null);
    assert.equal(shown.view.canTest, false);
    assert.ok(texts.setUp);
  });

  it('remembers the folder of the archive, and says what has to change for it', async () => {
    await assert.rejects(async () => page.useFolder('wal', signal), /no whole path/);
    const folder = join(ground().home, 'wal');
    await mkdir(folder, { recursive: true });
    api.ask.answer('archiving.folder', folder);
    const shown = await page.browse(null, signal);
    assert.equal(shown.folder, folder);
    assert.match(shown.view.setup?.statements ?? '', /ALTER SYSTEM SET archive_mode = 'on';/);
    assert.ok(shown.commandNote);
    // Recovery pages look there, too: they know the cluster, and not the connection.
    assert.ok(Object.values(api.services.walFolders.all()).includes(folder));
    const other = await page.useCommand('cp %p /x/%f', signal);
    assert.match(other.view.setup?.statements ?? '', /archive_command = 'cp %p \/x\/%f'/);
    assert.equal(other.commandNote, null);
  });

  it('asks before it changes the server', async () => {
    api.ask.answer('confirm', null);
    await page.setUp(null, signal);
    assert.equal(await sql('show archive_timeout'), '0');
    api.ask.answer('confirm', true);
    try {
      const shown = await page.setUp(null, signal);
      assert.match(shown.view.text, /restarted/);
      assert.equal(await sql('show archive_timeout'), '1min');
      await assert.rejects(async () => page.test(null, signal), /restarted/);
    } finally {
      for (const name of ['archive_mode', 'archive_command', 'archive_timeout'])
        await sql(`alter system reset ${name}`);
      await sql('select pg_reload_conf()');
    }
  });

  it('receives WAL as a job, which is seen on the page and in the tree', async () => {
    api.ask.answer('receive.folder', join(ground().home, 'wal'));
    api.ask.answer('receive.slot', 'host_test');
    await page.receive(null, signal);
    const job = await until('the job runs', async () =>
      (await api.services.jobs.list()).find(
        ({ plan, state }) => plan.kind === 'receiveWal' && state === 'running',
      ),
    );
    const active = `select active from pg_replication_slots where slot_name = 'host_test'`;
    await until('the slot is used', async () => (await sql(active)) === 't');
    const { receiving, view } = await page.refresh(null, signal);
    assert.deepEqual(
      receiving.map(({ job: id }) => id),
      [job.id],
    );
    assert.ok(view.slots.some(({ name }) => name === 'host_test'));
    const { connections } = api.services.trees;
    connections.reload();
    const node = await until('the row of the archive', async () =>
      row(connections, 'main', 'WAL archive').catch(() => undefined),
    );
    assert.equal(node.item().command?.command, 'restorePoint.walArchiving');
    await page.stopJob(job.id, signal);
    const ended = await api.services.jobs.ended(job.id, signal);
    assert.equal(ended.state, 'cancelled');
    await sql(`select pg_drop_replication_slot('host_test')`);
  });
});
