import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { JobSummary } from '../../src/engine/jobs';
import type { TestApi } from '../../src/extension/extension';
import { ground, inside, mainConnection, run, sql, strangersDump, until } from './support';

describe('restoring on a page and by SQL', () => {
  const database = 'page shop';
  const dump = join(ground().workspace, 'page.dump');
  let api: TestApi;

  before(async () => {
    api = await inside();
    await mainConnection(api);
    await sql(`create database "${database}"`);
    await sql('create table orders as select g as id from generate_series(1, 30) g', database);
    await strangersDump(database, dump, '-Fc');
  });
  after(async () => {
    api.ask.forget();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await rm(dump, { force: true });
    await sql(`drop database "${database}" with (force)`);
  });

  it('opens the page of a backup', async () => {
    await run('restorePoint.restorePage', { artifact: dump, connection: 'main' });
    await until('the page is open', () =>
      vscode.window.tabGroups.all
        .flatMap(({ tabs }) => tabs)
        .some(({ label }) => label.startsWith(`Restore ${database}`)),
    );
  });

  it('runs the SQL of an editor as a job, with a copy before', async () => {
    const document = await vscode.workspace.openTextDocument({
      language: 'sql',
      content: 'insert into orders values (31);\ninsert into orders values (32)',
    });
    await vscode.window.showTextDocument(document);
    const { job } = await run<{ job: string }>('restorePoint.runSql', { connection: 'main', database });
    const ended: JobSummary = await api.services.jobs.ended(job, AbortSignal.timeout(60_000));
    assert.equal(ended.state, 'succeeded', JSON.stringify(ended.error));
    assert.equal(await sql('select count(*) from orders', database), '32');
    const undo = ended.result?.undo;
    assert.equal(typeof undo, 'string');
    await sql(`drop database "${String(undo)}"`);
  });

  it('rehearses in a cluster of this machine', async () => {
    const started = await run<{ job: string }>('restorePoint.rehearse', { artifact: dump, inCluster: true });
    const ended: JobSummary = await api.services.jobs.ended(started.job, AbortSignal.timeout(60_000));
    assert.equal(ended.state, 'succeeded', JSON.stringify(ended.error));
    assert.match(ended.plan.steps[0]?.title ?? '', /throwaway cluster/);
  });

  it('refuses to run nothing', async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await assert.rejects(run('restorePoint.runSql', { connection: 'main', database }), /no SQL/);
  });
});
