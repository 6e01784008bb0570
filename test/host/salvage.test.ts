import assert from 'node:assert/strict';
import { copyFile, mkdir, readdir, readFile, rm, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { TestApi } from '../../src/extension/extension';
import type { Salvaged } from '../../src/extension/reader/contract';
import { call, openDump } from './contentsPage';
import { ground, inside, run, sql, strangersDump, until } from './support';

describe('a dump that was cut', () => {
  const folder = join(ground().workspace, 'cut');
  const cut = join(folder, 'cut.dump');
  let api: TestApi;

  before(async () => {
    api = await inside();
    await mkdir(folder);
    await sql('create database cut');
    await sql(
      `create table a as select g as id from generate_series(1, 100) g;
       create table b as select g as id, repeat(md5(g::text), 8) as payload from generate_series(1, 20000) g;
       create table c as select g as id from generate_series(1, 100) g`,
      'cut',
    );
    const whole = join(folder, 'whole.dump');
    await strangersDump('cut', whole, '-Fc', '-Z', '0');
    await copyFile(whole, cut);
    await truncate(cut, Math.floor((await stat(whole)).size / 2));
  });
  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    api.ask.forget();
  });
  after(async () => {
    await rm(folder, { recursive: true, force: true });
    await sql('drop database cut');
  });

  it('names the lost tables once it is verified, and offers to salvage the rest', async () => {
    const page = await openDump(cut);
    await call(page, 'act', 'verifyContents');
    const { head } = await call(page, 'ready', null);
    assert.equal(head.evidence?.kind, 'bad');
    const warning = head.warnings.find(({ kind }) => kind === 'error');
    assert.match(warning?.text ?? '', /Rows are lost of .*public\.b.*public\.c/);
    assert.doesNotMatch(warning?.text ?? '', /public\.a\b/);
    assert.equal(warning?.action?.id, 'salvage');
    assert.ok(head.actions.some(({ id }) => id === 'salvage'));
  });

  it('is salvaged as a script by its page, which opens', async () => {
    const page = await openDump(cut);
    const to = join(folder, 'cut.salvaged.sql');
    api.ask.answer('salvage.as', 'script');
    api.ask.answer('salvage.file', to);
    await call(page, 'act', 'salvage');
    await until(
      'the script',
      () => vscode.window.tabGroups.activeTabGroup.activeTab?.label === 'cut.salvaged.sql',
    );
    const script = await readFile(to, 'utf8');
    assert.match(script, /^CREATE TABLE public\.b /m);
    assert.match(script, /^100$/m);
    const said = await run<Salvaged>('restorePoint.salvage', {
      artifact: cut,
      as: 'script',
      to: join(folder, 'again.sql'),
    });
    assert.deepEqual(said.tables, { whole: 1, partial: 1, lost: 1 });
  });

  it('is salvaged as a folder of a new name', async () => {
    await mkdir(join(folder, 'cut.salvaged'));
    api.ask.answer('salvage.folder', folder);
    const said = await run<Salvaged>('restorePoint.salvage', { artifact: cut, as: 'files' });
    assert.deepEqual(said.files, [join(folder, 'cut.salvaged 2')]);
    assert.ok((await readdir(said.files[0]!)).includes('definitions.sql'));
    assert.deepEqual(await readdir(join(folder, 'cut.salvaged')), []);
  });

  it('is never salvaged over something that is there', async () => {
    const to = join(folder, 'whole.dump');
    const { size } = await stat(to);
    await assert.rejects(run('restorePoint.salvage', { artifact: cut, as: 'script', to }), /exists/);
    assert.equal((await stat(to)).size, size);
  });
});
