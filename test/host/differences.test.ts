import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import * as vscode from 'vscode';
import type { JobSummary } from '../../src/engine/jobs';
import type { CompareHost } from '../../src/shared/comparePage';
import type { HistoryHost, HistoryRow } from '../../src/shared/historyPage';
import type { Handlers } from '../../src/shared/rpc';
import type { TestApi } from '../../src/extension/extension';
import { inside, mainConnection, run, sql, until } from './support';

interface Started {
  job: string;
}

describe('comparing', () => {
  let api: TestApi;
  let backup: string;
  const database = 'compared';
  const ended = async ({ job }: Started): Promise<JobSummary> => {
    const summary = await api.services.jobs.ended(job, AbortSignal.timeout(50_000));
    assert.equal(summary.state, 'succeeded', JSON.stringify(summary.error));
    return summary;
  };

  before(async () => {
    api = await inside();
    await mainConnection(api);
    api.ask.forget();
    await sql(`create database ${database}`);
    await sql(
      `create table people (id int primary key, name text, about json); create table gone (id int primary key);
       insert into people select g, 'p' || g, '{"a": 1}' from generate_series(1, 300) g; insert into gone values (1), (2);
       create view seen as select name from people`,
      database,
    );
    const made = await ended(
      await run<Started>('restorePoint.backUpDatabase', { connection: 'main', database }),
    );
    backup = made.plan.artifact!.path;
    await sql(
      `update people set name = 'changed' where id <= 250; delete from people where id = 300;
       drop table gone; create or replace view seen as select name from people where id > 1`,
      database,
    );
  });
  after(async () => {
    api.ask.forget();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await sql(`drop database if exists ${database} with (force)`);
  });

  it('shows what a backup and a database do not share, and takes it back', async () => {
    api.ask.answer('compare.rows', 'Objects and rows, with options…');
    api.ask.answer('compare.only', ' ');
    api.ask.answer('compare.ignore', ['Statistics objects', 'How JSON is written']);
    const job = await ended(
      await run<Started>('restorePoint.compareWith', {
        artifact: backup,
        right: { connection: 'main', database },
      }),
    );
    const path = String(job.result?.comparison);
    assert.deepEqual(job.result?.rows, { added: 0, removed: 3, changed: 250 });
    // It is open since it was begun.
    const page = await until('the page', () => api.comparisonEditor.handlers.get(path));
    const never = new AbortController().signal;
    const { view: head, running } = await page.ready(null, never);
    assert.ok(head && !running);
    const view = { objects: await page.objects(0, never), tables: await page.tables(0, never) };
    assert.deepEqual(head.counts, { objects: view.objects.length, tables: view.tables.length });
    assert.deepEqual(
      view.tables.map(({ name, state }) => [name, state]),
      [
        ['gone', 'leftOnly'],
        ['people', 'different'],
      ],
    );
    assert.deepEqual(view.objects.map(({ change, kind, name }) => `${change} ${kind} ${name}`).sort(), [
      'changed VIEW seen',
      'removed CONSTRAINT gone gone_pkey',
      'removed TABLE gone',
    ]);
    const table = 1;
    const first = await page.rows({ table, query: {}, from: 200, count: 5 }, never);
    assert.equal(first.total, 251);
    assert.deepEqual(
      first.rows.map(({ row }) => row.left?.[0]),
      ['201', '202', '203', '204', '205'],
    );
    const removed = await page.rows({ table, query: { changes: ['removed'] }, from: 0, count: 5 }, never);
    assert.deepEqual([removed.total, removed.rows[0]?.at], [1, 250]);

    await page.openObject(view.objects.find(({ kind }) => kind === 'VIEW')!.key, never);
    const diff = await until('the diff editor', () => {
      const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
      return input instanceof vscode.TabInputTextDiff && input;
    });
    const text = async (uri: vscode.Uri): Promise<string> =>
      (await vscode.workspace.openTextDocument(uri)).getText();
    assert.doesNotMatch(await text(diff.original), /id > 1/);
    assert.match(await text(diff.modified), /id > 1/);
    await page.openValue({ table, at: 0, column: 2 }, never);
    await page.openAllObjects(null, never);

    const rows = view.tables.map((_, index) => ({ table: index, rows: {} }));
    await page.take({ rows, objects: view.objects.map(({ key }) => key), direction: 'toLeft' }, never);
    const reviewed = await until('the SQL', () => {
      const document = vscode.window.activeTextEditor?.document;
      return document?.languageId === 'sql' && document.getText().includes('Rows that come') && document;
    });
    assert.match(
      reviewed.getText(),
      /CREATE TABLE public\.gone[^]*UPDATE "public"\."people" SET "name" = 'p1'/,
    );
    const applied = await ended(await run<Started>('restorePoint.runSql', { connection: 'main', database }));
    await sql(`drop database "${String(applied.result?.undo)}"`);
    const again = await ended(
      await run<Started>('restorePoint.compare', {
        left: { artifact: backup },
        right: { connection: 'main', database },
        options: { rows: true },
      }),
    );
    assert.equal(again.result?.equal, true, JSON.stringify(again.result));
  });

  it('compares a restore point with its database', async () => {
    const point = await ended(
      await run<Started>('restorePoint.createPoint', {
        ...{ connection: 'main', database, note: 'kept', how: 'clone' },
      }),
    );
    const id = String(point.result?.undo);
    await sql('delete from people where id = 1', database);
    const job = await ended(
      await run<Started>('restorePoint.compareWith', {
        ...{ connection: 'main', database, point: id, options: { rows: true } },
      }),
    );
    assert.deepEqual(job.result?.rows, { added: 0, removed: 1, changed: 0 });
    assert.equal(await sql(`select datallowconn from pg_database where datname = '${id}'`), 'f');
    await sql(`drop database "${id}"`);
    await sql(`insert into people values (1, 'p1', '{"a": 1}')`, database);
  });

  it('shows how far a comparison is, also after its page was closed, and cancels it', async () => {
    const sleep = 'select pg_sleep(602)';
    const hold = sql(`begin; lock table people; ${sleep}`, database).catch(() => undefined);
    await until(
      'the lock',
      async () => (await sql(`select count(*) from pg_locks where mode = 'AccessExclusiveLock'`)) !== '0',
    );
    const { job } = await run<Started>('restorePoint.compareWith', {
      ...{ artifact: backup, right: { connection: 'main', database }, options: { rows: true } },
    });
    const { plan } = (await api.services.jobs.get(job))!;
    const path = String(plan.facts.comparison);
    const never = new AbortController().signal;
    const shown = async (): Promise<Handlers<CompareHost>> =>
      await until('the page', () => api.comparisonEditor.handlers.get(path));
    assert.equal((await (await shown()).ready(null, never)).running?.title, plan.title);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await until('the page to close', () => !api.comparisonEditor.handlers.has(path));
    await run('restorePoint.openComparison', { job });
    const page = await shown();
    await until('what it does', async () => (await page.ready(null, never)).running?.what);
    await page.cancel(null, never);
    const summary = await api.services.jobs.ended(job, AbortSignal.timeout(50_000));
    assert.equal(summary.state, 'cancelled');
    await assert.rejects(async () => page.ready(null, never), /did not come to its end/);
    await sql(
      `select pg_terminate_backend(pid) from pg_stat_activity where query like '%${sleep}%' and pid <> pg_backend_pid()`,
    );
    await hold;
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('shows the history of a database, and finds a row in it', async () => {
    await ended(await run<Started>('restorePoint.backUpDatabase', { connection: 'main', database }));
    api.services.backups.refresh();
    const never = new AbortController().signal;
    const page = await run<Handlers<HistoryHost>>('restorePoint.showHistory', { artifact: backup });
    const { view } = await page.ready(null, never);
    assert.equal(view.points.length, 2);
    assert.deepEqual(view.tables, ['public.gone', 'public.people']);
    assert.deepEqual(await page.table('public.people', never), [300, 300]);
    const found = await page.find({ table: 'public.people', condition: 'id=7' }, never);
    assert.deepEqual(
      found.backups.map(({ state, changed }) => [state, changed]),
      [
        ['found', false],
        ['found', false],
      ],
    );
    assert.match(found.span, /^First in .*; never changed\.$/);
    await page.open(backup, never);
  });

  it('shows the history of an object, and what changed as a diff', async () => {
    await sql('create or replace view seen as select name from people where id > 2', database);
    await ended(await run<Started>('restorePoint.backUpDatabase', { connection: 'main', database }));
    const never = new AbortController().signal;
    const page = await run<Handlers<HistoryHost>>('restorePoint.showHistory', { artifact: backup });
    const { objects, total, unread } = await page.objects('view public.seen', never);
    assert.deepEqual(
      [total, objects.map(({ kind, name }) => `${kind} ${name}`), unread],
      [1, ['VIEW public.seen'], []],
    );
    const { key } = objects[0]!;
    const { span, backups } = await page.object(key, never);
    assert.match(span, /^First in .*; changed (?:once|2 times)\.$/);
    const changed = backups.findLastIndex((one) => one.changed);
    assert.equal(backups[changed]!.text, 'definition');
    await page.diff({ key, left: backups[changed - 1]!.path, right: backups[changed]!.path }, never);
    const diff = await until('the diff editor', () => {
      const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
      return input instanceof vscode.TabInputTextDiff && input;
    });
    const text = async (uri: vscode.Uri): Promise<string> =>
      (await vscode.workspace.openTextDocument(uri)).getText();
    assert.doesNotMatch(await text(diff.original), /id > 2/);
    assert.match(await text(diff.modified), /id > 2/);
    await assert.rejects(async () => page.diff({ key, left: '/nowhere', right: backup }, never), /not there/);
  });

  it('shows the history of what nobody counted, counts it, and judges by the share that is set', async () => {
    const settings = vscode.workspace.getConfiguration('restorePoint');
    await settings.update('backups.rowsMayFall', 40, vscode.ConfigurationTarget.Global);
    try {
      await sql('insert into people select g from generate_series(1001, 1300) g', database);
      await ended(
        await run<Started>('restorePoint.backUpDatabase', {
          ...{ connection: 'main', database, request: { verify: 'contents' } },
        }),
      );
      await sql('delete from people where id > 1020', database);
      const fallen = await ended(
        await run<Started>('restorePoint.backUpDatabase', {
          ...{ connection: 'main', database, request: { verify: 'contents' } },
        }),
      );
      const { suspicions } = fallen.result as { suspicions?: { rule: string }[] };
      assert.deepEqual(
        suspicions?.map(({ rule }) => rule),
        ['rowsFell'],
      );
      const made = await ended(
        await run<Started>('restorePoint.backUpDatabase', {
          ...{ connection: 'main', database, request: { verify: 'checksum' } },
        }),
      );
      const { path } = made.plan.artifact!;
      const never = new AbortController().signal;
      const page = await run<Handlers<HistoryHost>>('restorePoint.showHistory', { artifact: backup });
      const shown = async (): Promise<HistoryRow> =>
        (await page.ready(null, never)).view.points.find((one) => one.path === path)!;
      assert.equal((await shown()).rows, null);
      await page.count([path], never);
      assert.ok((await shown()).rows);
      const people = (await page.table('public.people', never)).at(-1);
      assert.equal(people, Number(await sql('select count(*) from people', database)));
      const before = (await page.ready(null, never)).view.points.at(-2)!;
      assert.equal(before.suspicions.length, 1);
      await settings.update('backups.rowsMayFall', 60, vscode.ConfigurationTarget.Global);
      await until(
        'the other judgement',
        async () => (await page.ready(null, never)).view.points.at(-2)!.suspicions.length === 0,
      );
    } finally {
      await settings.update('backups.rowsMayFall', undefined, vscode.ConfigurationTarget.Global);
    }
  });

  it('opens the page of an earlier comparison, and says of a broken file that it is none', async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    const job = (await api.services.jobs.list()).find(
      ({ plan, state }) => plan.kind === 'compare' && state === 'succeeded',
    )!;
    await run('restorePoint.openComparison', { job: job.id });
    await until('the page', () => api.comparisonEditor.handlers.get(String(job.plan.facts.comparison)));
    const path = `${backup}.broken.rpcompare`;
    await vscode.workspace.fs.writeFile(vscode.Uri.file(path), Buffer.from('{"restorePointComparison":1}\n'));
    await run('restorePoint.openComparison', { comparison: path });
    const page = await until('the page', () => api.comparisonEditor.handlers.get(path));
    await assert.rejects(async () => page.ready(null, new AbortController().signal), /not a comparison/);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await rm(path);
  });

  it('compares by a key that is chosen on the page', async () => {
    await sql(`create table loose (a int, b text); insert into loose values (1, 'x'), (2, 'y')`, database);
    const made = await ended(
      await run<Started>('restorePoint.backUpDatabase', { connection: 'main', database }),
    );
    await sql(`update loose set b = 'z' where a = 1`, database);
    const options = { rows: true, tables: ['public.loose'] };
    const first = await ended(
      await run<Started>('restorePoint.compareWith', {
        ...{ artifact: made.plan.artifact!.path, right: { connection: 'main', database }, options },
      }),
    );
    assert.deepEqual(first.result?.rows, { added: 1, removed: 1, changed: 0 });
    const page = api.comparisonEditor.handlers.get(String(first.result?.comparison))!;
    api.ask.answer('compare.key', ['a']);
    await page.chooseKey(0, new AbortController().signal);
    const second = await until('the second comparison', async () =>
      (await api.services.jobs.list()).find(
        ({ plan, id, state }) =>
          plan.kind === 'compare' &&
          id !== first.id &&
          state === 'succeeded' &&
          JSON.stringify(plan.steps).includes('"public.loose":["a"]'),
      ),
    );
    assert.deepEqual(second.result?.rows, { added: 0, removed: 0, changed: 1 });
    await sql('drop table loose', database);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });
});
