import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { TestApi } from '../../src/extension/extension';
import type { TreeNode } from '../../src/extension/trees';
import { description, ground, inside, label, row, run, sql, strangersDump, until } from './support';

describe('backups', () => {
  const { workspace } = ground();
  const folder = join(workspace, 'dumps');
  const dump = join(folder, 'stranger.dump');
  let api: TestApi;

  const tree = (): TestApi['services']['trees']['backups'] => api.services.trees.backups;
  const allRows = async (): Promise<TreeNode[]> => {
    const groups = await tree().getChildren();
    return (await Promise.all(groups.map((group) => tree().getChildren(group)))).flat();
  };
  const find = async (path: string): Promise<TreeNode | undefined> =>
    (await allRows()).find(({ target }) => target.artifact === path);

  before(async () => {
    api = await inside();
    await mkdir(folder);
    await sql('create database stranger');
    await sql('create table t as select g id from generate_series(1, 1000) g', 'stranger');
    await strangersDump('stranger', dump, '-Fc');
  });
  after(async () => {
    await run('restorePoint.removeBackupFolder', { folder });
    await rm(folder, { recursive: true, force: true });
  });
  afterEach(() => api.ask.forget());

  it('lists the dumps of a folder, found by their content', async () => {
    await copyFile(dump, join(folder, 'no extension at all'));
    await run('restorePoint.addBackupFolder', { folder });
    const found = await until('the dump', () => find(dump));
    assert.match(description(found), /kB · custom · – not verified/);
    assert.ok(await find(join(folder, 'no extension at all')));
    assert.match(String(await found.tooltip?.()), /stranger\.dump/);
  });

  it('notices new and removed files by itself', async () => {
    const copy = join(folder, 'second.dump');
    await copyFile(dump, copy);
    await until('the new dump', () => find(copy));
    await rm(copy);
    await until('its going', async () => !(await find(copy)));
  });

  it('are grouped by database or by day', async () => {
    await run('restorePoint.groupBackupsByDay');
    await until('days', async () => (await tree().getChildren()).some((group) => label(group) === 'Today'));
    await run('restorePoint.groupBackupsByDatabase');
    await until('databases', async () =>
      (await tree().getChildren()).some((group) => label(group).startsWith('stranger')),
    );
    await run('restorePoint.refreshBackups');
  });

  it('are filtered by words', async () => {
    await run('restorePoint.filterBackups', { filter: 'stranger.dump' });
    assert.equal((await allRows()).length, 1);
    await run('restorePoint.filterBackups', { filter: 'nothing has this' });
    assert.equal((await allRows()).length, 0);
    await run('restorePoint.clearBackupFilter');
    assert.ok((await allRows()).length > 1);
  });

  it('copy their path, and are revealed in the Explorer', async () => {
    await run('restorePoint.copyBackupPath', await find(dump));
    assert.equal(await vscode.env.clipboard.readText(), dump);
    await run('restorePoint.revealBackupInExplorer', await find(dump));
    // A browser has no file manager: the editor shows the file itself, or says so.
    await run('restorePoint.revealBackupInOs', await find(dump)).catch(() => undefined);
  });

  it('are verified to the last byte', async () => {
    const evidence = await run<{ ok: boolean; rows: number }>('restorePoint.verifyContents', {
      artifact: dump,
    });
    assert.equal(evidence.ok, true);
    assert.equal(evidence.rows, 1000);
    await assert.rejects(run('restorePoint.verifyChecksum', { artifact: dump }), /manifest/);
  });

  it('that are cut are found damaged', async () => {
    const cut = join(folder, 'cut.dump');
    await copyFile(dump, cut);
    await truncate(cut, 2000);
    const evidence = await run<{ ok: boolean }>('restorePoint.verifyContents', { artifact: cut });
    assert.equal(evidence.ok, false);
    api.ask.answer('confirm', true);
    await run('restorePoint.deleteBackup', { artifact: cut });
    assert.equal(existsSync(cut), false);
  });

  it('of strangers have no manifest to show or to note in', async () => {
    await assert.rejects(run('restorePoint.showManifest', { artifact: dump }), /no manifest/);
    await assert.rejects(run('restorePoint.editNote', { artifact: dump, note: 'x' }), /no manifest/);
  });

  it('left over by a dead job are no backups, and can be deleted', async () => {
    const leftover = join(folder, 'half.dump.partial');
    await writeFile(leftover, 'PGDMP half');
    const found = await until('the leftover', () => find(leftover));
    assert.match(String(found.item().contextValue), /leftover/);
    api.ask.answer('confirm', null);
    await assert.rejects(run('restorePoint.deleteBackup', found), /Dismissed/);
    assert.ok(existsSync(leftover));
    api.ask.answer('confirm', true);
    await run('restorePoint.deleteBackup', found);
    await until('its going', async () => !(await find(leftover)));
  });

  it('are walked to by rows', async () => {
    const group = (await tree().getChildren()).find((one) => label(one).startsWith('stranger'));
    assert.ok(group);
    assert.equal((await row(tree(), label(group))).id, group.id);
    const child = (await tree().getChildren(group))[0];
    assert.ok(child);
    assert.equal(tree().getParent(child)?.id, group.id);
  });
});
