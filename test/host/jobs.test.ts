import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { JobSummary } from '../../src/engine/jobs';
import type { Plan } from '../../src/engine/plan';
import type { TestApi } from '../../src/extension/extension';
import { description, ground, inside, mainConnection, row, run, sql, strangersDump, until } from './support';

interface Started {
  job: string;
}

describe('backing up and restoring', () => {
  const { home, servers, workspace } = ground();
  const password = decodeURIComponent(new URL(servers[0]?.uri ?? '').password);
  let api: TestApi;
  let backup: string;

  const ended = async ({ job }: Started): Promise<JobSummary> =>
    await api.services.jobs.ended(job, AbortSignal.timeout(50_000));
  const succeeded = async (started: Started): Promise<JobSummary> => {
    const job = await ended(started);
    assert.equal(job.state, 'succeeded', JSON.stringify(job.error ?? job.reason));
    return job;
  };
  const artifactOf = ({ plan }: JobSummary): string => plan.artifact?.path ?? '';
  const on = { connection: 'main', database: 'shop "1"' };

  before(async () => {
    api = await inside();
    await mainConnection(api);
    api.ask.forget();
    await sql(`create database "shop ""1"""`);
    await sql(
      `create schema audit; create table audit.log as select 1 as id;
       create table orders (id int primary key, note text);
       insert into orders select g, 'note ' || g from generate_series(1, 5000) g;
       create view big as select * from orders where id > 10`,
      on.database,
    );
  });
  afterEach(() => api.ask.forget());

  it('one click backs up a database, and the trees show it', async () => {
    const finished = new Promise<JobSummary>((done) => {
      const listener = api.services.jobs.onDidFinish((job) => {
        listener.dispose();
        done(job);
      });
    });
    const job = await succeeded(await run<Started>('restorePoint.backUpDatabase', on));
    backup = artifactOf(job);
    assert.ok(existsSync(backup));
    assert.deepEqual(api.ask.asked, []);
    assert.equal((await finished).id, job.id);
    const { trees } = api.services;
    const listed = await until('the backup in the tree', async () => {
      const groups = await trees.backups.getChildren();
      const rows = (await Promise.all(groups.map((group) => trees.backups.getChildren(group)))).flat();
      return rows.find(({ target }) => target.artifact === backup);
    });
    assert.match(description(listed), /custom · ✓/);
    const database = await row(trees.connections, 'main', on.database);
    assert.match(description(database), /backed up just now/);
    assert.match(description(await row(trees.jobs, job.plan.title)), /just now/);
  });

  it('a plan is shown without running', async () => {
    const before = (await api.services.jobs.list()).length;
    const plan = await run<Plan>('restorePoint.showBackupPlan', on);
    assert.ok(plan.steps.length);
    assert.ok(!JSON.stringify(plan).includes(password));
    assert.equal((await api.services.jobs.list()).length, before);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('with options', async () => {
    api.ask.answer('backup.options', 'format');
    api.ask.answer('backup.format', 'plain');
    api.ask.answer('backup.options', 'schema-only');
    api.ask.answer('backup.options', 'exclude-schema');
    api.ask.answer('option.exclude-schema', 'audit');
    api.ask.answer('option.exclude-schema.list', 'done');
    api.ask.answer('backup.options', 'notes');
    api.ask.answer('backup.note', 'before the migration');
    api.ask.answer('backup.options', 'preset.save');
    api.ask.answer('preset.name', 'definitions');
    api.ask.answer('backup.options', 'run');
    const job = await succeeded(await run<Started>('restorePoint.backUpDatabaseWithOptions', on));
    const text = readFileSync(artifactOf(job), 'utf8');
    assert.match(text, /CREATE TABLE public\.orders/);
    assert.doesNotMatch(text, /COPY public\.orders|CREATE TABLE audit/);
    await run('restorePoint.editNote', { artifact: artifactOf(job), note: 'after all' });
    await run('restorePoint.showManifest', { artifact: artifactOf(job) });
    assert.match(vscode.window.activeTextEditor?.document.getText() ?? '', /after all/);
  });

  it('with the last answers, or with those of a preset', async () => {
    api.ask.answer('backup.options', 'run');
    const again = await succeeded(await run<Started>('restorePoint.backUpDatabaseWithOptions', on));
    assert.match(readFileSync(artifactOf(again), 'utf8'), /CREATE TABLE public\.orders/);
    assert.equal(again.plan.artifact?.notes, '', 'a note is about one backup');

    api.ask.answer('backup.options', 'defaults');
    api.ask.answer('backup.options', 'run');
    const plain = await succeeded(await run<Started>('restorePoint.backUpDatabaseWithOptions', on));
    assert.equal(plain.plan.artifact?.format, 'custom');

    api.ask.answer('backup.options', 'preset.use');
    api.ask.answer('preset', 'definitions');
    api.ask.answer('backup.options', 'run');
    const preset = await succeeded(await run<Started>('restorePoint.backUpDatabaseWithOptions', on));
    assert.equal(preset.plan.artifact?.format, 'plain');
    assert.deepEqual(preset.plan.artifact?.options['exclude-schema'], ['audit']);
  });

  it('schemas and tables, as they are selected', async () => {
    const { connections } = api.services.trees;
    const schema = await row(connections, 'main', on.database, 'audit');
    await succeeded(await run<Started>('restorePoint.backUpSchemas', schema, [schema]));
    const table = await row(connections, 'main', on.database, 'public', 'orders');
    assert.match(description(table), /kB/);
    const view = await row(connections, 'main', on.database, 'public', 'big');
    const job = await succeeded(await run<Started>('restorePoint.backUpTables', table, [table, view]));
    assert.equal(job.plan.facts.database, on.database);
  });

  it('the whole server: as a set, and its roles', async () => {
    await succeeded(
      await run<Started>('restorePoint.backUpServer', { connection: 'main', scope: 'globals' }),
    );
    api.ask.answer('backup.scope', 'set');
    api.ask.answer('backup.server.options', 'databases.exclude');
    api.ask.answer('databases.exclude', 'post*');
    api.ask.answer('databases.exclude.list', 'done');
    api.ask.answer('backup.server.options', 'run');
    const set = await succeeded(await run<Started>('restorePoint.backUpServer', { connection: 'main' }));
    const held = set.plan.artifact?.members.map(({ holds }) => holds) ?? [];
    assert.ok(held.includes(on.database) && held.includes('globals'), held.join(', '));
    assert.ok(!held.includes('postgres'));
  });

  it('the files of the server, and a moment with a name', async () => {
    api.ask.answer('backup.scope', 'basebackup');
    api.ask.answer('backup.level', 'full');
    const base = await succeeded(await run<Started>('restorePoint.backUpServer', { connection: 'main' }));
    api.services.backups.refresh();
    const found = await until('the base backup in the tree', async () =>
      (await api.services.backups.list()).find(({ path }) => path === base.plan.artifact!.path),
    );
    assert.equal(found.recognised.kind, 'basebackup');
    api.ask.answer('moment.name', 'before_release');
    const moment = await run<{ name: string; lsn: string }>('restorePoint.nameMoment', {
      connection: 'main',
    });
    assert.match(moment.lsn, /^[0-9A-F]+\/[0-9A-F]+$/);
  });

  it('is verified by its checksum', async () => {
    const evidence = await run<{ ok: boolean; level: string }>('restorePoint.verifyChecksum', {
      artifact: backup,
    });
    assert.deepEqual([evidence.ok, evidence.level], [true, 'checksum']);
  });

  it('restores into a new database whose name is asked for', async () => {
    api.ask.answer('backup', backup);
    api.ask.answer('restore.database', 'copy of shop');
    const job = await succeeded(await run<Started>('restorePoint.restore', { connection: 'main' }));
    assert.deepEqual(api.ask.asked, ['backup', 'restore.database']);
    assert.equal(await sql('select count(*) from orders', 'copy of shop'), '5000');
    assert.ok(job.result);
    await row(api.services.trees.connections, 'main', 'copy of shop');
  });

  it('restores a file of the Explorer, whatever its name', async () => {
    const path = join(workspace, 'dump.txt');
    await strangersDump(on.database, path, '-Fc');
    await succeeded(
      await run<Started>('restorePoint.restore', {
        artifact: path,
        connection: 'main',
        into: 'from explorer',
      }),
    );
    assert.equal(await sql('select count(*) from orders', 'from explorer'), '5000');
    const plan = await run<Plan>('restorePoint.showRestorePlan', {
      artifact: path,
      connection: 'main',
      into: 'never made',
    });
    assert.ok(plan.steps.length);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await rm(path);
  });

  it('restores with options: definitions only, and in place over what is there', async () => {
    const target = { artifact: backup, connection: 'main', into: 'options' };
    api.ask.answer('restore.options', 'schema-only');
    api.ask.answer('restore.options', 'run');
    await succeeded(await run<Started>('restorePoint.restoreWithOptions', target));
    assert.equal(await sql('select count(*) from orders', 'options'), '0');

    api.ask.answer('restore.options', 'strategy');
    api.ask.answer('restore.strategy', 'in-place');
    api.ask.answer('database', 'options');
    api.ask.answer('restore.options', 'run');
    api.ask.answer('confirm', true);
    const into = { ...target, into: 'options 2' };
    await succeeded(await run<Started>('restorePoint.restoreWithOptions', into));
    assert.equal(await sql('select count(*) from orders', 'options'), '5000');
    assert.equal(await sql(`select count(*) from pg_database where datname = 'options 2'`), '0');
  });

  it('holds back a script with psql commands of its own', async () => {
    const path = join(workspace, 'evil.sql');
    await writeFile(path, '\\! touch /tmp/restore-point-was-here\ncreate table t();\n');
    await assert.rejects(
      run('restorePoint.restore', { artifact: path, connection: 'main', into: 'evil' }),
      /psql/,
    );
    await rm(path);
  });

  it('rows go out to a file and come in again', async () => {
    const path = join(workspace, 'orders.csv');
    const table = await row(api.services.trees.connections, 'main', on.database, 'public', 'orders');
    api.ask.answer('rows.shape', 'delimiter');
    api.ask.answer('rows.delimiter', ';');
    api.ask.answer('rows.shape', 'preview');
    api.ask.answer('rows.shape', 'run');
    api.ask.answer('rows.path', path);
    await succeeded(await run<Started>('restorePoint.exportRows', table));
    assert.match(readFileSync(path, 'utf8'), /^id;note\n1;note 1\n/);
    const seen = vscode.window.activeTextEditor?.document.getText() ?? '';
    assert.match(seen, /^id │ note$/m);
    assert.match(seen, /^1 {2}│ note 1$/m);
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');

    await sql('truncate orders', on.database);
    api.ask.answer('confirm', true);
    const shape = { format: 'csv', header: true, delimiter: ';' };
    await succeeded(await run<Started>('restorePoint.importRows', { ...table.target, path, shape }));
    assert.equal(await sql('select count(*) from orders', on.database), '5000');

    await run('restorePoint.setConnectionRole', { connection: 'main', role: 'production' });
    try {
      api.ask.answer('confirm.production', 'shop');
      await assert.rejects(run('restorePoint.importRows', { ...table.target, path, shape }), /not the name/);
    } finally {
      await run('restorePoint.setConnectionRole', { connection: 'main', role: 'local' });
    }
  });

  it('a job is cancelled, leaves nothing, and can be run again', async () => {
    const plan = 'select pg_sleep(600)';
    const hold = sql(`begin; lock table orders; ${plan}`, on.database).catch(() => undefined);
    await until(
      'the lock',
      async () =>
        (await sql(
          `select count(*) from pg_locks where mode = 'AccessExclusiveLock' and relation is not null`,
          on.database,
        )) !== '0',
    );
    const started = await run<Started>('restorePoint.backUpDatabase', on);
    const running = await until('the job to run', async () => {
      const job = await api.services.jobs.get(started.job);
      return job?.state === 'running' && job;
    });
    const node = await row(api.services.trees.jobs, running.plan.title);
    assert.match(String(node.item().contextValue), /cancelable/);
    await api.services.backups.list();
    const writing = await api.services.jobs.writing();
    assert.ok(writing.size > 0);
    assert.ok(
      !api.services.backups.known.some(({ path }) => writing.has(path)),
      'no leftover while it is written',
    );
    const uri = await run<string>('restorePoint.showJobLog', node);
    await run('restorePoint.cancelJob', node);
    assert.equal((await ended(started)).state, 'cancelled');
    assert.equal(existsSync(artifactOf(running)), false);
    await until('the log to tell it', () =>
      vscode.workspace.textDocuments
        .find((document) => document.uri.toString() === uri)
        ?.getText()
        .includes('cancelled'),
    );
    await sql(
      `select pg_terminate_backend(pid) from pg_stat_activity where query like '%${plan}%' and pid <> pg_backend_pid()`,
    );
    await hold;
    const again = await run<Started>('restorePoint.retryJob', { job: started.job });
    await succeeded(again);
    await run('restorePoint.copyJobCommand', { job: again.job });
    assert.match(await vscode.env.clipboard.readText(), /pg_dump/);
    await run('restorePoint.removeJob', { job: again.job });
    assert.equal(await api.services.jobs.get(again.job), undefined);
  });

  it('a failed job says why', async () => {
    await sql("create role poor login password 'poor'");
    await sql('create database closed');
    await sql('revoke connect on database closed from public');
    const uri = new URL(servers[0]?.uri ?? '');
    uri.username = 'poor';
    uri.password = 'poor';
    api.ask.answer('connection.keepPassword', false);
    await run('restorePoint.addConnection', { text: uri.href, name: 'poor' });
    await assert.rejects(
      run('restorePoint.backUpDatabase', { connection: 'poor', database: 'closed' }),
      /closed/,
    );
    api.ask.answer('confirm', true);
    await run('restorePoint.removeConnection', { connection: 'poor' });
  });

  it('no secret is in any file of ours', () => {
    const walk = (folder: string): string[] =>
      readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name));
    const files = walk(join(home, 'state')).concat(walk(join(home, 'config')));
    assert.ok(files.length > 0);
    for (const file of files) assert.ok(!readFileSync(file, 'utf8').includes(password), file);
  });

  it('the history is cleared', async () => {
    await run('restorePoint.clearFinishedJobs');
    assert.deepEqual(await api.services.jobs.list(), []);
  });
});
