import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import * as vscode from 'vscode';
import type { BaseBackupHost, BaseBackupView } from '../../src/shared/baseBackupPage';
import type { Handlers } from '../../src/shared/rpc';
import type { TestApi } from '../../src/extension/extension';
import { recordFigure } from '../support/figures';
import { ground, inside, run, until } from './support';
import { watchThread } from './thread';

interface Started {
  job: string;
}

describe('base backups in the editor', function () {
  this.timeout(240_000);
  let api: TestApi;
  let folder: string;
  let full: string;
  const signal = new AbortController().signal;

  const server = ground().servers.at(-1)!;
  const settings = vscode.workspace.getConfiguration('restorePoint');
  const sqlOn = async (text: string): Promise<unknown> =>
    await promisify(execFile)(join(server.bin, 'psql'), ['-XAtqc', text, server.uri]);
  const back = async (level: 'full' | 'incremental'): Promise<Started> =>
    await run<Started>('restorePoint.backUpServer', {
      connection: 'seventeen',
      scope: 'basebackup',
      level,
      folder,
    });

  const ended = async ({ job }: Started) => await api.services.jobs.ended(job, signal);
  const succeeded = async (started: Started) => {
    const job = await ended(started);
    assert.equal(job.state, 'succeeded', JSON.stringify(job.error));
    return job;
  };
  const page = async (artifact: string): Promise<Handlers<BaseBackupHost>> =>
    await run('restorePoint.openContents', { artifact });
  /** What the page shows once it was read. */
  const shown = async (of: Handlers<BaseBackupHost>): Promise<BaseBackupView> =>
    await until('its contents', async () => {
      const { view } = await of.ready(null, signal);
      return view.contents || view.problem ? view : undefined;
    });

  before(async () => {
    api = await inside();
    folder = await mkdtemp(join(tmpdir(), 'rp-host-base-'));
    await settings.update('tools.folders', [server.bin], vscode.ConfigurationTarget.Global);
    // Levels need 17.
    await sqlOn('alter system set summarize_wal = on');
    await sqlOn('select pg_reload_conf()');
    api.ask.answer('connection.keepPassword', true);
    await run('restorePoint.addConnection', { text: server.uri, name: 'seventeen' });
    const made = await succeeded(await back('full'));
    full = made.plan.artifact!.path;
  });
  after(async () => {
    api.ask.forget();
    api.ask.answer('confirm', true);
    await run('restorePoint.removeConnection', { connection: 'seventeen' });
    await settings.update('tools.folders', undefined, vscode.ConfigurationTarget.Global);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    for (const one of [folder, `${folder}-restored`]) await rm(one, { recursive: true, force: true });
  });

  it('are opened as a page: facts, what takes the room, chain, WAL', async () => {
    const { head, contents } = await shown(await page(full));
    const fact = (label: string): string | undefined => head.facts.find((one) => one.label === label)?.value;
    assert.match(fact('Server')!, new RegExp(`^PostgreSQL ${server.major}`));
    assert.deepEqual([fact('Timeline'), fact('Taken from'), fact('Level')], ['1', 'the primary', 'full']);
    assert.match(fact('System identifier')!, /^\d+$/);
    assert.ok(contents);
    assert.ok(contents.databases.some(({ label }) => label === 'postgres'));
    assert.ok(contents.largest.length > 5 && contents.largest[0]!.bytes >= contents.largest[1]!.bytes);
    assert.deepEqual(
      contents.chain.map(({ kind, here }) => [kind, here]),
      [['full', true]],
    );
    assert.equal(contents.wal.state, 'there');
    assert.deepEqual(
      head.actions.slice(0, 4).map(({ id }) => id),
      ['restore', 'verifyChecksum', 'verifyContents', 'rehearse'],
    );
  });

  it('are what a recovery to a moment begins with', async () => {
    await (await page(full)).act('recover', signal);
    await until('the recovery page', () =>
      vscode.window.tabGroups.all
        .flatMap(({ tabs }) => tabs)
        .find(
          ({ input }) =>
            input instanceof vscode.TabInputWebview && /restorePoint\.recover$/.test(input.viewType),
        ),
    );
  });

  it('are opened from the Explorer by their manifest, and one page is enough', async () => {
    const first = await page(full);
    const second = await run('restorePoint.openContents', vscode.Uri.file(join(full, 'backup_manifest')));
    assert.equal(second, first);
  });

  it('are verified by the levels of base backups, in the reader’s thread', async () => {
    const checksum = await run<{ ok: boolean; files: number }>('restorePoint.verifyChecksum', {
      artifact: full,
    });
    assert.ok(checksum.ok && checksum.files > 900);
    const contents = await run<{ ok: boolean; level: string; wal: string[] }>('restorePoint.verifyContents', {
      artifact: full,
    });
    assert.deepEqual([contents.ok, contents.level], [true, 'contents']);
    assert.ok(contents.wal.length >= 1);
  });

  it('are rehearsed; the page shows where the time went', async () => {
    await succeeded(await run<Started>('restorePoint.rehearse', { artifact: full }));
    const of = await page(full);
    const receipt = await until('the receipt', async () => {
      const { view } = await of.ready(null, signal);
      return view.receipt ?? undefined;
    });
    assert.equal(receipt.parts.length, 4);
    assert.ok(receipt.checks.every(({ ok }) => ok));
  });

  it('are restored into a folder that the sheet asks for; one that is not empty is refused with why', async () => {
    // Not among the backups: what was never started is one by its content.
    const directory = `${folder}-restored`;
    api.ask.forget();
    api.ask.answer('restore.base', 'directory');
    api.ask.answer('restore.directory', directory);
    api.ask.answer('restore.base', 'as');
    api.ask.answer('restore.as', 'standby');
    api.ask.answer('restore.base', 'primary-conninfo');
    api.ask.answer('restore.conninfo', 'host=127.0.0.1 port=1 user=replicator');
    api.ask.answer('restore.base', 'run');
    await succeeded(await run<Started>('restorePoint.restoreBaseBackup', { artifact: full }));
    assert.equal((await stat(directory)).mode & 0o777, 0o700);
    assert.ok((await readdir(directory)).includes('standby.signal'));
    assert.match(await readFile(join(directory, 'postgresql.auto.conf'), 'utf8'), /user=replicator/);
    await assert.rejects(
      run('restorePoint.restoreBaseBackup', { artifact: full, into: { directory } }),
      /not empty/,
    );
  });

  it('what others need is not deleted; whole old chains are, after they were named', async () => {
    await sqlOn('create table since as select 1 as id');
    const child = (await succeeded(await back('incremental'))).plan.artifact!.path;
    const of = await page(child);
    const { contents, head } = await shown(of);
    assert.deepEqual(
      contents!.chain.map(({ kind, here }) => [kind, here]),
      [
        ['full', false],
        ['incremental', true],
      ],
    );
    assert.ok(head.actions.some(({ id }) => id === 'combine'));
    api.ask.answer('confirm', true);
    await assert.rejects(run('restorePoint.deleteBackup', { artifact: full }), (error: Error) => {
      assert.match(JSON.stringify(error) + error.message, /other backups need it/);
      return true;
    });
    assert.ok(await stat(full));
    const children = (await shown(await page(full))).contents!.children;
    assert.deepEqual(
      children.map(({ path }) => path),
      [child],
    );
    const combined = await succeeded(
      await run<Started>('restorePoint.combineBaseBackups', { artifact: child }),
    );
    const synthetic = await shown(await page(combined.plan.artifact!.path));
    assert.equal(synthetic.head.facts.find((fact) => fact.label === 'Level')?.value, 'full');
    api.ask.answer('confirm', true);
    await run('restorePoint.deleteBackup', { artifact: child });
    await assert.rejects(stat(child));

    // Two full ones are there by now; of the older one nothing is kept.
    await settings.update('baseBackups.keep', 1, vscode.ConfigurationTarget.Global);
    await settings.update('backups.folder', folder, vscode.ConfigurationTarget.Global);
    try {
      api.ask.answer('confirm', true);
      await succeeded(await run<Started>('restorePoint.expireBaseBackups'));
      await assert.rejects(stat(full));
      assert.ok(await stat(combined.plan.artifact!.path), 'the newest stays');
    } finally {
      await settings.update('backups.folder', undefined, vscode.ConfigurationTarget.Global);
      await settings.update('baseBackups.keep', undefined, vscode.ConfigurationTarget.Global);
    }
  });

  it('with a million files are read without holding the editor’s thread, and the page gets sums only', async () => {
    const large = join(folder, 'large.base');
    await mkdir(large);
    await writeFile(join(large, 'PG_VERSION'), '17\n');
    await writeFile(join(large, 'backup_label'), label);
    await mkdir(join(large, 'global'));
    // What was restored above has one.
    await cp(join(`${folder}-restored`, 'global/pg_control'), join(large, 'global/pg_control'));
    await pipeline(lines(1_000_000), createWriteStream(join(large, 'backup_manifest')));
    const thread = watchThread();
    const of = await page(large);
    const view = await shown(of);
    thread.stop();
    assert.equal(view.problem, null, JSON.stringify(view.problem));
    assert.match(view.contents!.total, /1[,.\s]?000[,.\s]?000/);
    assert.equal(view.contents!.largest.length, 20);
    assert.ok(JSON.stringify(view).length < 100_000, 'sums and the largest only');
    recordFigure(
      'extension host, base backup of 1,000,000 files',
      `longest turn ${thread.longest().toFixed(0)} ms`,
    );
    assert.ok(thread.longest() < 50, `${thread.longest()} ms`);
  });
});

const label = `START WAL LOCATION: 0/2000028 (file 000000010000000000000002)
CHECKPOINT LOCATION: 0/2000060
BACKUP METHOD: streamed
BACKUP FROM: primary
START TIME: 2026-11-30 00:00:00 UTC
LABEL: large
START TIMELINE: 1
`;

/** A manifest of so many files, with its checksum. */
function* lines(count: number): Generator<string> {
  const sum = createHash('sha256');
  const put = (text: string): string => {
    sum.update(text);
    return text;
  };
  yield put('{ "PostgreSQL-Backup-Manifest-Version": 1,\n"Files": [\n');
  for (let at = 0; at < count; at += 1000) {
    let piece = '';
    for (let n = at; n < at + 1000; n++)
      piece += `{ "Path": "base/${n % 7}/${n}", "Size": ${8192 + (n % 100)}, "Last-Modified": "2026-11-30 00:00:00 GMT", "Checksum-Algorithm": "CRC32C", "Checksum": "00000000" }${n === count - 1 ? '' : ','}\n`;
    yield put(piece);
  }
  yield put('],\n"WAL-Ranges": [\n{ "Timeline": 1, "Start-LSN": "0/2000028", "End-LSN": "0/2000100" }\n],\n');
  yield `"Manifest-Checksum": "${sum.digest('hex')}"}\n`;
}
