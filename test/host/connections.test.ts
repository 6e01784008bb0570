import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { writeFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { Connection } from '../../src/engine/connections/types';
import type { TestApi } from '../../src/extension/extension';
import { description, ground, inside, label, row, run, sql, until } from './support';

describe('connections', () => {
  const { home, servers, workspace } = ground();
  const uri = servers[0]?.uri ?? '';
  const password = decodeURIComponent(new URL(uri).password);
  const withoutPassword = uri.replace(/:[^:@/]+@/, '@');
  const stored = join(home, 'config/connections.json');
  let api: TestApi;
  let connection: Connection;

  const get = (): Promise<Connection | undefined> => api.services.connections.get(connection.id);
  before(async () => void (api = await inside()));
  afterEach(() => api.ask.forget());

  it('is added by pasting a URI; its password goes to the secret storage only', async () => {
    api.ask.answer('connection.text', uri);
    api.ask.answer('connection.name', 'main');
    api.ask.answer('connection.role', 'development');
    api.ask.answer('connection.keepPassword', true);
    connection = await run<Connection>('restorePoint.addConnection');
    assert.equal(connection.name, 'main');
    assert.ok(!readFileSync(stored, 'utf8').includes(password));
    assert.equal(await api.services.secrets.isKept(connection.id), true);
  });

  it('refuses text that is no connection, while it is typed', async () => {
    api.ask.answer('connection.text', 'host=a nonsense=');
    await assert.rejects(run('restorePoint.addConnection'), /connection\.text/);
  });

  it('ends quietly when a question is closed', async () => {
    api.ask.answer('connection.text', null);
    await assert.rejects(run('restorePoint.addConnection'), /Dismissed/);
  });

  it('is tested by logging in', async () => {
    const facts = await run<{ version: { major: number } }>('restorePoint.testConnection', {
      connection: 'main',
    });
    assert.equal(facts.version.major, servers[0]?.major);
  });

  it('shows databases, schemas and tables', async () => {
    const tree = api.services.trees.connections;
    const database = await row(tree, 'main', 'postgres');
    // The row is there at once, its size a little later.
    await until('the size', () => /MB · never backed up/.test(description(database)));
    assert.equal(label(await row(tree, 'main', 'postgres', 'public')), 'public');
  });

  it('pages through thousands of tables', async () => {
    await sql('create database many');
    await sql(
      `do $$ begin for i in 1..620 loop execute format('create table %I ()', 't' || i); end loop; end $$`,
      'many',
    );
    const tree = api.services.trees.connections;
    await run('restorePoint.refreshConnections', await row(tree, 'main'));
    const schema = await row(tree, 'main', 'many', 'public');
    const more = (await tree.getChildren(schema)).at(-1);
    assert.equal((await tree.getChildren(schema)).length, 501);
    await run('restorePoint.loadMore', more);
    assert.equal((await tree.getChildren(schema)).length, 620);
    await run('restorePoint.refreshConnections', schema);
    assert.equal((await tree.getChildren(schema)).length, 501);
  });

  it('is edited step by step', async () => {
    for (const [question, answer] of Object.entries({
      'connection.hosts': `127.0.0.1:${new URL(uri).port}`,
      'connection.user': 'postgres',
      'connection.password': password,
      'connection.database': 'postgres',
      'connection.sslMode': 'prefer',
      'connection.extras': ['more'],
      'connection.connectTimeout': '7',
      'connection.options': '-c statement_timeout=0',
      'connection.name': 'main',
      'connection.role': 'local',
    }))
      api.ask.answer(question, answer);
    await run('restorePoint.editConnection', { connection: 'main' });
    const changed = await get();
    assert.equal(changed?.settings.connectTimeoutSeconds, 7);
    assert.equal(changed?.role, 'local');
    await run('restorePoint.testConnection', { connection: 'main' });
  });

  it('is duplicated without its password, grouped and removed', async () => {
    const copy = await run<Connection>('restorePoint.duplicateConnection', { connection: 'main' });
    assert.equal(copy.name, 'main (2)');
    assert.equal(await api.services.secrets.isKept(copy.id), false);
    api.ask.answer('connection.group', 'New group…');
    api.ask.answer('connection.newGroup', 'spare');
    await run('restorePoint.setConnectionGroup', { connection: copy.id });
    assert.equal(label(await row(api.services.trees.connections, 'spare', 'main (2)')), 'main (2)');
    api.ask.answer('confirm', true);
    await run('restorePoint.removeConnection', { connection: copy.id });
    assert.equal(await api.services.connections.get(copy.id), undefined);
  });

  it('asks for a password that is not known, only when a command needs it', async () => {
    const bare = await run<Connection>('restorePoint.addConnection', { text: withoutPassword, name: 'bare' });
    const server = await row(api.services.trees.connections, 'bare');
    const [problem] = await api.services.trees.connections.getChildren(server);
    assert.equal(problem?.item().command?.command, 'restorePoint.enterPassword');
    assert.deepEqual(api.ask.asked, []);

    api.ask.answer('connection.password', 'wrong');
    api.ask.answer('connection.password', password);
    await run('restorePoint.testConnection', { connection: 'bare' });
    assert.deepEqual(api.ask.asked, ['connection.password', 'connection.password']);

    await run('restorePoint.forgetPassword', { connection: 'bare' });
    api.ask.answer('connection.password', password);
    api.ask.answer('connection.keepPassword', false);
    await run('restorePoint.enterPassword', { connection: 'bare' });
    assert.equal(await api.services.secrets.isKept(bare.id), false);
    await run('restorePoint.testConnection', { connection: 'bare' });
    api.ask.answer('confirm', true);
    await run('restorePoint.removeConnection', { connection: 'bare' });
  });

  it('that cannot be reached is a row with the reason and a remedy, beside working ones', async () => {
    await run('restorePoint.addConnection', { text: 'postgresql://nobody@127.0.0.1:1/x', name: 'down' });
    const tree = api.services.trees.connections;
    const children = await tree.getChildren(await row(tree, 'down'));
    assert.equal(children.length, 1);
    assert.match(String(children[0]?.item().contextValue), /problem/);
    assert.ok(children[0]?.item().command);
    assert.ok((await tree.getChildren(await row(tree, 'main'))).length >= 1);
    await assert.rejects(run('restorePoint.testConnection', { connection: 'down' }), /127\.0\.0\.1/);
    await run('restorePoint.refreshConnections', await row(tree, 'down'));
    api.ask.answer('confirm', true);
    await run('restorePoint.removeConnection', { connection: 'down' });
  });

  it('shows its role in words, and a database its own where it differs', async () => {
    const tree = api.services.trees.connections;
    await run('restorePoint.setConnectionRole', { connection: 'main', role: 'production' });
    assert.match(description(await row(tree, 'main')), /PRODUCTION/);
    await run('restorePoint.setDatabaseRole', { connection: 'main', database: 'postgres', role: 'local' });
    assert.match(description(await row(tree, 'main', 'postgres')), /local/);
    await run('restorePoint.setDatabaseRole', { connection: 'main', database: 'postgres', role: 'server' });
    await run('restorePoint.setConnectionRole', { connection: 'main', role: 'local' });
    assert.deepEqual((await get())?.databaseRoles, {});
  });

  it('found in the workspace is used without storing anything, and kept on request', async () => {
    const file = join(workspace, '.env');
    await writeFile(file, `DATABASE_URL=${uri}\n`);
    try {
      const tree = api.services.trees.connections;
      // One that is kept already is not offered again; this one has another timeout.
      const found = await until('the found connection', async () => {
        const heading = (await tree.getChildren()).find((node) => label(node) === 'Found in Workspace');
        return heading && (await tree.getChildren(heading))[0];
      });
      const before = readFileSync(stored, 'utf8');
      const used = await run<Connection>('restorePoint.useFoundConnection', found);
      assert.equal(readFileSync(stored, 'utf8'), before);
      await run('restorePoint.testConnection', { connection: used.id });

      api.ask.answer('connection.name', 'from env');
      api.ask.answer('connection.role', 'local');
      api.ask.answer('connection.keepPassword', false);
      await run('restorePoint.keepConnection', { connection: used.id });
      assert.ok(readFileSync(stored, 'utf8').includes('from env'));
      assert.ok(!readFileSync(stored, 'utf8').includes(password));
      api.ask.answer('confirm', true);
      await run('restorePoint.removeConnection', { connection: 'from env' });
    } finally {
      await rm(file);
    }
  });

  it('logs no password', async () => {
    const { log } = api.services;
    assert.ok(!log.mask(`x ${password} y ${encodeURIComponent(password)}`).includes(password));
    assert.equal(
      log.mask('postgresql://me:abc@h/db password=abc'),
      'postgresql://me:••••••@h/db password=••••••',
    );
    assert.ok(existsSync(stored));
    assert.ok(vscode.workspace.isTrusted);
  });
});
