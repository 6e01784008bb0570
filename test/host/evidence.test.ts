import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as vscode from 'vscode';
import { call, idOf, openDump, type Page } from './contentsPage';
import { ground, run, sql, strangersDump, until } from './support';

const execute = promisify(execFile);

describe('what is known of a dump', () => {
  const folder = join(ground().workspace, 'evidence');
  const path = (name: string): string => join(folder, name);

  before(async () => {
    await mkdir(folder);
    await sql('create database evidence');
    await sql('create table t as select generate_series(1, 1234) as id', 'evidence');
    for (const name of ['tree.dump', 'cli.dump', 'count.dump'])
      await strangersDump('evidence', path(name), '-Fc');
  });
  afterEach(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));
  after(async () => {
    await rm(folder, { recursive: true, force: true });
    await sql('drop database evidence');
  });

  const rowsOf = async (page: Page): Promise<number | undefined> => {
    const id = await idOf(page, 'TABLE DATA', 't');
    const { ids, rows } = await call(page, 'listing', { from: 0, count: 4_000 });
    return rows[ids.indexOf(id)];
  };
  const verified = async (page: Page): Promise<void> => {
    // The page is told by itself: `ready` would look.
    await until('the evidence', () => page.document.artifact?.evidence);
    await until('its rows', async () => (await rowsOf(page)) === 1234);
    const { head } = await call(page, 'ready', null);
    assert.equal(head.evidence?.text, 'Verified just now: 1,234 rows decoded');
  };

  it('follows a verification in the tree, and is there at once the next time', async () => {
    const page = await openDump(path('tree.dump'));
    assert.equal(await rowsOf(page), -1);
    assert.equal(page.document.artifact?.evidence, null);
    await run('restorePoint.verifyContents', { artifact: path('tree.dump') });
    await verified(page);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    const again = await openDump(path('tree.dump'));
    assert.equal(await rowsOf(again), 1234);
  });

  it('follows a verification by the command line', async () => {
    const page = await openDump(path('cli.dump'));
    const root = vscode.extensions.getExtension('restore-point.restore-point')?.extensionPath ?? '';
    await execute(
      process.execPath,
      [join(root, 'dist/cli.js'), 'verify', path('cli.dump'), '--level', 'contents'],
      {
        env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
      },
    );
    await verified(page);
  });

  it('keeps what was counted', async () => {
    const page = await openDump(path('count.dump'));
    await call(page, 'act', 'countAll');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    assert.equal(await rowsOf(await openDump(path('count.dump'))), 1234);
  });
});
