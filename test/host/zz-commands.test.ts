import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { commandIds } from '../../src/extension/ids';
import { executed, ground, inside, run } from './support';

/** Sorts last: by then the other files have run nearly every command. */
describe('commands', () => {
  it('find the PostgreSQL clients, and take another folder of them', async () => {
    const { ask } = await inside();
    ask.answer('tools', 'How to install');
    ask.answer('tools.install', 'Copy Command');
    const builds = await run<{ version: { major: number } }[]>('restorePoint.showTools');
    assert.ok(builds.length > 0);
    const { bin, major } = ground().servers.at(-1) ?? { bin: '', major: 0 };
    const found = await run<{ folder: string; version: { major: number } }[]>('restorePoint.addToolFolder', {
      folder: bin,
    });
    assert.ok(found.some(({ version }) => version.major === major));
    ask.forget();
  });

  it('open settings, help and log', async () => {
    await run('restorePoint.openSettings', 'backups.folder');
    (await inside()).ask.answer('tools.install', 'Copy Command');
    await run('restorePoint.installTools');
    assert.match(await vscode.env.clipboard.readText(), /./);
    await run('restorePoint.showLog');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('were all executed by these tests', () => {
    assert.deepEqual(
      commandIds.filter((id) => !executed().has(id)),
      [],
    );
  });
});
