import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { JobSummary } from '../../src/engine/jobs';
import type { TestApi } from '../../src/extension/extension';
import { ground, inside, mainConnection, run, sql, until } from './support';

describe('tasks', () => {
  const { workspace } = ground();
  const database = 'tasks shop';
  const on = { type: 'restore-point', connection: 'main', database };
  const hold = 'select pg_sleep(601)';
  let api: TestApi;

  before(async () => {
    api = await inside();
    await mainConnection(api);
    await sql(`create database "${database}"`);
    await sql('create table orders as select g as id from generate_series(1, 300) g', database);
    await mkdir(join(workspace, '.vscode'), { recursive: true });
    const label = (name: string, more: object): object => ({ ...on, label: name, ...more });
    const marker = (name: string, dependsOn: string): object => ({
      label: name,
      type: 'process',
      command: 'touch',
      args: [`\${workspaceFolder}/${name}`],
      dependsOn,
    });
    const tasks = [
      label('a backup', { format: 'plain', notes: 'before ${workspaceFolderBasename}', folder: 'dumps' }),
      label('a backup of nothing', { database: 'not there' }),
      label('a mistake', { format: 'plain', options: { 'no-such-option': true } }),
      label('the latest', { task: 'restore', artifact: 'latest', source: database, database: 'tasks copy' }),
      label('a restore point', { task: 'createPoint', notes: 'before 0042' }),
      label('back', { task: 'goBack', point: 'before 0042' }),
      label('back to nowhere', { task: 'goBack', point: 'before the flood' }),
      marker('migrated', 'a backup'),
      marker('not-migrated', 'a backup of nothing'),
    ];
    await writeFile(
      join(workspace, '.vscode/tasks.json'),
      JSON.stringify({ version: '2.0.0', tasks }, undefined, 2),
    );
    await until('the tasks of tasks.json', async () =>
      (await vscode.tasks.fetchTasks()).some(({ name }) => name === 'not-migrated'),
    );
  });

  async function taskNamed(name: string): Promise<vscode.Task> {
    const all = await vscode.tasks.fetchTasks();
    const found = all.find((task) => task.name === name);
    assert.ok(found, `no task ${name}: ${all.map((task) => task.name).join(', ')}`);
    return found;
  }

  /** Runs a task to its end; the exit code of its process. */
  async function execute(task: vscode.Task): Promise<number | undefined> {
    let execution: vscode.TaskExecution | undefined;
    const codes = new Map<vscode.TaskExecution, number | undefined>();
    const listener = vscode.tasks.onDidEndTaskProcess((event) => codes.set(event.execution, event.exitCode));
    try {
      execution = await vscode.tasks.executeTask(task);
      const started = execution;
      await until(`the end of ${task.name}`, () => codes.has(started));
      return codes.get(started);
    } finally {
      listener.dispose();
    }
  }

  async function newestJob(): Promise<JobSummary> {
    const [job] = await api.services.jobs.list();
    assert.ok(job);
    return job;
  }

  /** Holds the table, so that a dump of it waits until `letGo`. */
  async function lockTable(): Promise<{ letGo(): Promise<void> }> {
    const session = sql(`begin; lock table orders; ${hold}`, database).catch(() => undefined);
    await until(
      'the lock',
      async () =>
        (await sql(
          `select count(*) from pg_locks l join pg_database d on d.oid = l.database
           where mode = 'AccessExclusiveLock' and relation is not null and datname = '${database}'`,
        )) !== '0',
    );
    return {
      async letGo() {
        await sql(
          `select pg_terminate_backend(pid) from pg_stat_activity
           where query like '%${hold}%' and pid <> pg_backend_pid()`,
        );
        await session;
      },
    };
  }

  const runningAfter = async (before: Set<string>): Promise<JobSummary> =>
    await until('the job to run', async () =>
      (await api.services.jobs.list()).find(({ id, state }) => !before.has(id) && state === 'running'),
    );
  const jobIds = async (): Promise<Set<string>> =>
    new Set((await api.services.jobs.list()).map(({ id }) => id));

  it('are offered for databases that are known, without asking a server', async () => {
    await run('restorePoint.setDatabaseRole', { connection: 'main', database, role: 'development' });
    const offered = await vscode.tasks.fetchTasks({ type: 'restore-point' });
    const found = offered.find(({ name }) => name === `back up ${database} of main`);
    assert.ok(found, offered.map(({ name }) => name).join(', '));
    assert.deepEqual({ ...found.definition }, { ...on, task: 'backup', preset: 'last' });
    assert.equal(await execute(found), 0);
    const job = await newestJob();
    assert.deepEqual([job.state, job.plan.artifact?.database], ['succeeded', database]);
  });

  it('of tasks.json back up as they say, and end with 0', async () => {
    assert.equal(await execute(await taskNamed('a backup')), 0);
    const { plan, state } = await newestJob();
    assert.equal(state, 'succeeded');
    assert.equal(plan.artifact?.format, 'plain');
    assert.equal(plan.artifact?.notes, 'before workspace');
    assert.ok(plan.artifact?.path.startsWith(join(workspace, 'dumps')), plan.artifact?.path);
    assert.ok(existsSync(plan.artifact?.path ?? ''));
  });

  it('restore the latest whole backup into a new database', async () => {
    // The last answers of other tests may leave something out, and "dumps" is no folder that is listed.
    const { job } = await run<{ job: string }>('restorePoint.backUpDatabase', {
      connection: 'main',
      database,
    });
    assert.equal((await api.services.jobs.ended(job, AbortSignal.timeout(50_000))).state, 'succeeded');
    assert.equal(await execute(await taskNamed('the latest')), 0);
    assert.equal(await sql('select count(*) from orders', 'tasks copy'), '300');
    assert.equal(await execute(await taskNamed('the latest')), 1, 'the database is there by now');
  });

  it('keep a database and take it back, after a question', async () => {
    assert.equal(await execute(await taskNamed('a restore point')), 0);
    await sql('drop table orders', database);
    api.ask.answer('confirm', true);
    assert.equal(await execute(await taskNamed('back')), 0);
    assert.equal(await sql('select count(*) from orders', database), '300');
    assert.equal(await execute(await taskNamed('back to nowhere')), 1);
    for (const name of (
      await sql(`select datname from pg_database where datname like 'tasks shop\\_\\_%'`)
    ).split('\n'))
      await sql(`drop database "${name}"`);
  });

  it('that fail end with 1', async () => {
    assert.equal(await execute(await taskNamed('a backup of nothing')), 1);
    assert.equal(await execute(await taskNamed('a mistake')), 1);
  });

  it('run before others, which run only when they succeeded', async () => {
    assert.equal(await execute(await taskNamed('migrated')), 0);
    assert.ok(existsSync(join(workspace, 'migrated')));
    const failed = new Promise<void>((done) => {
      const listener = vscode.tasks.onDidEndTaskProcess(({ execution, exitCode }) => {
        if (execution.task.name !== 'a backup of nothing') return;
        assert.equal(exitCode, 1);
        listener.dispose();
        done();
      });
    });
    const task = await taskNamed('not-migrated');
    void Promise.resolve(vscode.tasks.executeTask(task)).catch(() => undefined);
    await failed;
    // As long as it takes for another one to come to its end.
    assert.equal(await execute(await taskNamed('migrated')), 0);
    assert.ok(!existsSync(join(workspace, 'not-migrated')));
  });

  it('that are terminated cancel their job, which leaves nothing', async () => {
    const lock = await lockTable();
    try {
      const before = await jobIds();
      const execution = await vscode.tasks.executeTask(await taskNamed('a backup'));
      const { id, plan } = await runningAfter(before);
      await until('the status bar', () => api.jobsStatus.look?.text.startsWith('$(loading~spin) Backup'));
      execution.terminate();
      const job = await api.services.jobs.ended(id, AbortSignal.timeout(50_000));
      assert.equal(job.state, 'cancelled');
      assert.equal(existsSync(plan.artifact?.path ?? ''), false);
      await until('an empty status bar', () => api.jobsStatus.look === undefined);
    } finally {
      await lock.letGo();
    }
  });

  it('are cancelled by Ctrl+C, which is told', async () => {
    const lock = await lockTable();
    try {
      const before = await jobIds();
      const end = execute(await taskNamed('a backup'));
      const { id } = await runningAfter(before);
      const terminal = vscode.window.terminals.find(({ name }) => name.includes('a backup'));
      terminal?.sendText('\u0003', false);
      assert.equal(await end, 130);
      assert.equal((await api.services.jobs.get(id))?.state, 'cancelled');
    } finally {
      await lock.letGo();
    }
  });

  it('a failure of the task stays in the status bar until it is looked at', async () => {
    await vscode.commands.executeCommand('workbench.view.explorer');
    await until('no Jobs view', () => !api.services.trees.jobs.view.visible);
    const lock = await lockTable();
    try {
      const before = await jobIds();
      const end = execute(await taskNamed('a backup'));
      const { id } = await runningAfter(before);
      const waiting = `datname = '${database}' and application_name like 'restore-point%' and wait_event_type = 'Lock'`;
      await until(
        'the dump to be ended',
        async () =>
          (await sql(`select count(pg_terminate_backend(pid)) from pg_stat_activity where ${waiting}`)) !==
          '0',
      );
      assert.equal(await end, 1);
      const look = await until('the failure', () => api.jobsStatus.look?.failed && api.jobsStatus.look);
      assert.deepEqual([look.text, look.job], ['$(error) Backup failed', id]);
      await run('restorePoint.showJobs', { job: id });
      assert.match(vscode.window.activeTextEditor?.document.uri.query ?? '', new RegExp(id));
      await until('an empty status bar', () => api.jobsStatus.look === undefined);
    } finally {
      await lock.letGo();
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    }
  });
});
