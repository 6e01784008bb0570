import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as vscode from 'vscode';
import type { Connection } from '../../src/engine/connections/types';
import type { JobSummary } from '../../src/engine/jobs';
import type { TestApi } from '../../src/extension/extension';
import type { TreeNode } from '../../src/extension/trees';
import type { RecoverDraft, RecoverHost } from '../../src/shared/recoverPage';
import type { Handlers } from '../../src/shared/rpc';
import { description, ground, inside, label, run, sqlOn, until } from './support';

const execute = promisify(execFile);
const never = (): AbortSignal => AbortSignal.timeout(120_000);

/** A table is dropped; its server is brought back beside itself to just before that, looked at, opened and taken away. */
describe('recovering to a moment', () => {
  const server = ground().servers.at(-1)!;
  const folder = join(ground().workspace, 'base');
  const backup = join(folder, 'full');
  const database = 'recovered shop';
  let api: TestApi;
  let sides: string;
  let systemIdentifier: string;
  let page: Handlers<RecoverHost>;
  let draft: RecoverDraft;

  const sql = async (text: string, on = database): Promise<string> => await sqlOn(server, text, on);

  before(async () => {
    api = await inside();
    // The server's user comes through to here.
    sides = await mkdtemp(join(tmpdir(), 'rp-sides-'));
    await chmod(sides, 0o755);
    await sql(`create database "${database}"`, 'postgres');
    await sql('create table orders as select g as id from generate_series(1, 500) g');
    systemIdentifier = await sql('select system_identifier from pg_control_system()');
    await mkdir(folder);
    const basebackup = join(server.bin, 'pg_basebackup');
    await execute(basebackup, ['-d', server.uri, '-D', backup, '-X', 'stream', '-c', 'fast', '--no-sync']);
    await sql('delete from orders where id <= 100');
    await sql('drop table orders');
    await sql('create table later (id int)');
    const last = await sql('select pg_walfile_name(pg_switch_wal())');
    await until(
      'the WAL in the archive',
      // Not by what was archived last: the history of the backup has the name of an older segment.
      async () =>
        (await sql(
          `select exists (select from pg_ls_archive_statusdir() where name = '${last}.done')
               or not exists (select from pg_ls_waldir() where name = '${last}')`,
        )) === 't',
    );
    await run('restorePoint.addBackupFolder', { folder });
    await run('restorePoint.addToolFolder', { folder: server.bin });
    api.ask.answer('connection.keepPassword', true);
    await run('restorePoint.addConnection', { text: server.uri, name: 'archiving' });
  });
  afterEach(() => api.ask.forget());
  after(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await run('restorePoint.removeBackupFolder', { folder });
    api.ask.answer('confirm', true);
    await run('restorePoint.removeConnection', { connection: 'archiving' });
    await sql(`drop database "${database}" with (force)`, 'postgres');
    for (const path of [folder, sides]) await rm(path, { recursive: true, force: true });
  });

  const sideRow = async (): Promise<TreeNode | undefined> => {
    const rows = await api.services.trees.connections.getChildren();
    return rows.find((node) => node.item().contextValue?.includes('recovered'));
  };
  const side = async (): Promise<Connection | undefined> =>
    (await api.services.connections.list()).find(({ recovered }) => recovered);
  const ended = async (title: RegExp): Promise<JobSummary> => {
    const job = await until('the job', async () =>
      (await api.services.jobs.list()).find(({ plan }) => title.test(plan.title)),
    );
    const end = await api.services.jobs.ended(job.id, never());
    assert.equal(end.state, 'succeeded', JSON.stringify(end.error));
    return end;
  };

  const ask = async (text: string): Promise<string> => {
    const [at] = (await side())!.settings.hosts ?? [];
    const name = encodeURIComponent(database);
    const uri = `postgresql://postgres@/${name}?host=${encodeURIComponent(at!.host)}&port=${at!.port}`;
    return (await execute(join(server.bin, 'psql'), ['-XAtqc', text, uri])).stdout.trim();
  };

  it('opens a page that has the backup, and no WAL until its folder was chosen', async () => {
    page = await run<Handlers<RecoverHost>>('restorePoint.recover', { artifact: backup });
    await until('the page is open', () =>
      vscode.window.tabGroups.all.some(({ tabs }) =>
        tabs.some(({ label }) => label === 'Recover to a Moment'),
      ),
    );
    const first = await page.ready(null, never());
    ({ draft } = first);
    const line = first.clusters.find(({ key }) => key === systemIdentifier);
    assert.equal(draft.cluster, systemIdentifier);
    assert.deepEqual([line?.wal, line?.marks.length, line?.marks[0]?.whole], [null, 1, true]);
    // Given up: nothing changes.
    api.ask.answer('recover.wal', null);
    assert.equal(await page.chooseWal(systemIdentifier, never()), null);
    api.ask.answer('recover.wal', folder);
    await assert.rejects(async () => await page.chooseWal(systemIdentifier, never()), /no WAL archive/);
    api.ask.answer('recover.wal', ground().archive);
    const read = await page.chooseWal(systemIdentifier, never());
    const known = read?.find(({ key }) => key === systemIdentifier);
    assert.equal(known?.wal, ground().archive);
    assert.ok(known.timelines[0]?.bands.length);
    assert.equal(api.services.walFolders.of(systemIdentifier), ground().archive);
  });

  it('opens from a server, too, by its system identifier', async () => {
    const other = await run<Handlers<RecoverHost>>('restorePoint.recover', { connection: 'archiving' });
    const { clusters, draft: own } = await other.ready(null, never());
    assert.equal(own.cluster, systemIdentifier);
    assert.match(clusters.find(({ key }) => key === systemIdentifier)?.title ?? '', /archiving/);
  });

  it('refuses what cannot be reached, with what can be taken instead', async () => {
    const target: RecoverDraft['target'] = { kind: 'time', time: '2001-01-01T00:00:00Z' };
    const reached = await page.reach({ ...draft, target }, never());
    assert.equal(reached.text, null);
    assert.equal(reached.error?.code, 'recovery.unreachable');
    const [nearest] = reached.nearest;
    assert.deepEqual([nearest?.set.target, nearest?.set.from], [{ kind: 'immediate' }, backup]);
    const taken = await page.reach({ ...draft, ...nearest?.set }, never());
    assert.match(taken.text ?? '', /from the full backup of/);
    await assert.rejects(async () => await page.plan({ ...draft, target }, never()), /cannot be reached/);
  });

  it('lists what was lost, and recovers to just before it', async () => {
    const around = (ms: number): string => new Date(Date.now() + ms).toISOString();
    const { events } = await page.events(
      {
        ...{ cluster: systemIdentifier, timeline: null, onlyLosses: true },
        ...{ from: around(-3_600_000), to: around(3_600_000) },
      },
      never(),
    );
    const drop = events.find((event) => event.label.includes('DROP orders'));
    assert.ok(drop, JSON.stringify(events));
    assert.match(drop.detail, /recovered shop · transaction \d+/);
    assert.ok(events.some((event) => /DELETE FROM orders: 100 rows/.test(event.label)));
    draft = {
      ...{ ...draft, target: { kind: 'lsn', lsn: drop.lsn }, exclusive: true },
      directory: join(sides, 'side'),
    };
    const view = await page.plan(draft, never());
    assert.deepEqual(
      view.warnings.filter(({ blocks }) => blocks),
      [],
    );
    assert.match(view.commandLine ?? '', /restore-point recover --target [0-9A-F]+\/[0-9A-F]+ --exclusive/);
    assert.equal(await page.run(draft, never()), true);
    const end = await ended(/^Recover .* into/);
    assert.equal(end.result?.recovering, true);
  });

  it('stands among the connections, read-only, with the table in it', async () => {
    const row = await until('the row', async () => {
      const found = await sideRow();
      return found && description(found).includes('read-only') ? found : undefined;
    });
    assert.match(label(row), /^archiving just before|^cluster just before/);
    assert.match(row.item().contextValue ?? '', /\brecovered waits\b/);
    const databases = await api.services.trees.connections.getChildren(row);
    assert.ok(databases.some((node) => label(node) === database));
    assert.equal(await ask('select count(*) from orders'), '400');
    await assert.rejects(ask('insert into orders values (1)'), /read-only/);
  });

  it('is moved on to a later moment, and not to an earlier one', async () => {
    const present = (await side())!;
    const forward = await run<Handlers<RecoverHost>>('restorePoint.moveTargetForward', {
      connection: present.id,
    });
    const first = await forward.ready(null, never());
    assert.deepEqual([first.forward, first.draft.cluster], [true, systemIdentifier]);
    const behind = await forward.reach(
      { ...first.draft, target: { kind: 'lsn', lsn: '0/1000000' } },
      never(),
    );
    assert.equal(behind.error?.code, 'recovery.behind');
    assert.deepEqual(behind.nearest[0]?.set.target, { kind: 'latest' });
    const hour = 3_600_000;
    const { events } = await forward.events(
      {
        ...{ cluster: systemIdentifier, timeline: null, onlyLosses: false },
        from: new Date(Date.now() - hour).toISOString(),
        to: new Date(Date.now() + hour).toISOString(),
      },
      never(),
    );
    const target: RecoverDraft['target'] = { kind: 'lsn', lsn: events.at(-1)!.lsn };
    const later = { ...first.draft, target, exclusive: false };
    assert.match((await forward.reach(later, never())).text ?? '', /where it stands/);
    assert.ok((await forward.plan(later, never())).steps.length >= 3);
    assert.equal(await forward.run(later, never()), true);
    await ended(/^Move .* on to/);
    assert.equal(await ask("select to_regclass('orders') is null"), 't', 'the DROP was replayed');
    const moved = (await side())!;
    assert.equal(moved.id, present.id);
    assert.notEqual(moved.name, present.name);
  });

  it('is opened for writing, is started again, and is taken away with its connection', async () => {
    const present = (await side())!;
    const directory = present.recovered!.directory;
    const toItsEnd = async (started: { job: string }): Promise<void> => {
      const end = await api.services.jobs.ended(started.job, never());
      assert.equal(end.state, 'succeeded', JSON.stringify(end.error));
    };
    await toItsEnd(await run('restorePoint.openForWriting', { connection: present.id }));
    await until('its row says so', async () => description((await sideRow())!).includes('open for writing'));
    // Somebody stops it.
    const user = (await stat(directory)).uid;
    await execute(join(server.bin, 'pg_ctl'), ['stop', '-D', directory, '-m', 'fast'], {
      ...(process.getuid?.() === 0 ? { uid: user } : {}),
      cwd: directory,
    });
    api.services.trees.connections.reloadSides();
    await until('its row says so', async () => description((await sideRow())!).includes('does not run'));
    await toItsEnd(await run('restorePoint.startSideCluster', { connection: present.id }));
    await assert.rejects(
      run('restorePoint.removeSideCluster', { connection: 'archiving' }),
      /no side cluster/,
    );
    await assert.rejects(run('restorePoint.removeSideCluster', { connection: present.id }), /no answer/);
    assert.ok(await stat(directory));
    api.ask.answer('confirm', true);
    await toItsEnd(await run('restorePoint.removeSideCluster', { connection: present.id }));
    assert.equal(await stat(directory).catch(() => null), null);
    await until('its connection is gone', async () => (await side()) === undefined);
    await assert.rejects(run('restorePoint.openForWriting'), /no side cluster/);
  });
});
