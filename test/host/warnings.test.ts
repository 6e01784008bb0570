import assert from 'node:assert/strict';
import { copyFile, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { TestApi } from '../../src/extension/extension';
import { call, openDump } from './contentsPage';
import { ground, inside, mainConnection, run } from './support';

describe('the head of a dump warns', () => {
  const folder = join(ground().workspace, 'warnings');
  let api: TestApi;

  before(async () => {
    api = await inside();
    await mkdir(folder);
  });
  afterEach(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));
  after(() => rm(folder, { recursive: true, force: true }));

  const warningsOf = async (name: string): Promise<string[]> => {
    const root = vscode.extensions.getExtension('restore-point.restore-point')?.extensionPath ?? '';
    const file = join(folder, name);
    await copyFile(join(root, 'test/fixtures/dumps', name), file);
    const { head } = await call(await openDump(file), 'ready', null);
    return head.warnings.map(({ text }) => text);
  };

  it('of a server newer than all that are known, once one is known', async () => {
    const connection = await mainConnection(api);
    for (const { id, name } of await api.services.connections.list())
      if (id !== connection.id) await run('restorePoint.removeConnection', { connection: name });
    await run('restorePoint.testConnection', { connection: 'main' });
    const texts = await warningsOf('pg19-gzip.dump');
    assert.ok(
      texts.some((text) => text.includes('made from PostgreSQL 19') && text.includes('"main"')),
      texts.join('\n'),
    );
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    assert.deepEqual(
      (await warningsOf('pg15-schema.dump')).filter((text) => text.includes('made from')),
      [],
    );
  });

  it('of the passwords of roles, with their number', async () => {
    const texts = await warningsOf('pg19-globals.sql');
    assert.deepEqual(
      texts.filter((text) => text.includes('password')),
      ['The script holds password hashes of roles: 1. They are not shown here.'],
    );
  });

  it('that the data has to be looked for', async () => {
    assert.ok((await warningsOf('pg19-redir.dump')).some((text) => text.includes('does not say where')));
  });
});
