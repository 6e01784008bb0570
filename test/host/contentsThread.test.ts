import assert from 'node:assert/strict';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { insideUri } from '../../src/extension/documents/dumpUris';
import type { TestApi } from '../../src/extension/extension';
import { recordFigure } from '../support/figures';
import { call, idOf, listAll, openDump, pageOf } from './contentsPage';
import { ground, inside, run, sql, strangersDump, until } from './support';
import { watchThread } from './thread';

/** The aim: the extension host is never busy for longer at a stretch. */
const longestTurnMs = 50;

describe('a large dump', function () {
  this.timeout(240_000);
  const folder = join(ground().workspace, 'large');
  const many = join(folder, 'many.dump');
  const long = join(folder, 'long.dump');
  let api: TestApi;

  before(async () => {
    api = await inside();
    await mkdir(folder);
    await sql('create database large_many');
    // In pieces: every commented object holds a lock until the end of its transaction.
    await sql(
      `do $do$ begin
         for i in 1..25000 loop
           execute format('create function f%s(int) returns int language sql as $$ select $1 + %s %s $$',
             i, i, repeat('/* why it does this */ ', 100));
           execute format('comment on function f%s(int) is %L', i, 'what it does');
           if i % 500 = 0 then commit; end if;
         end loop;
       end $do$`,
      'large_many',
    );
    await strangersDump('large_many', many, '-Fc');
    await sql('create database large_long');
    await sql(
      `create table events as select g as id, now() as at, repeat(md5(g::text), 4) as payload
       from generate_series(1, 400000) g`,
      'large_long',
    );
    await strangersDump('large_long', long, '-Fc', '-Z', '1');
  });
  afterEach(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));
  after(async () => {
    await rm(folder, { recursive: true, force: true });
    await sql('drop database if exists large_many');
    await sql('drop database if exists large_long');
  });

  it('of 50,000 entries is opened, listed and searched in short turns', async () => {
    const thread = watchThread();
    const page = await openDump(many);
    const pieces = await listAll(page);
    const found = await call(page, 'findInDefinitions', { text: 'select $1 + 24999' });
    const ids = pieces.flatMap((piece) => piece.ids);
    const { needs } = await call(page, 'closure', ids.slice(0, 10_000));
    await call(page, 'tick', ids.slice(0, 5_000));
    const files = await vscode.workspace.fs.readDirectory(insideUri(many, 'public/functions'));
    await call(page, 'tick', []);
    thread.stop();
    assert.ok(ids.length >= 50_000, String(ids.length));
    assert.equal(found.length, 1);
    assert.ok(needs.length <= 2);
    assert.equal(files.length, 25_000);
    recordFigure('extension host, 50,000 entries', `longest turn ${thread.longest().toFixed(0)} ms`);
    assert.ok(thread.longest() < longestTurnMs, `${thread.longest()} ms`);
  });

  it('of many rows is paged, counted and searched in short turns', async () => {
    const thread = watchThread();
    const page = await openDump(long);
    const id = await idOf(page, 'TABLE DATA', 'events');
    for (const from of [0, 200, 200_000, 399_900])
      assert.ok((await call(page, 'rows', { id, from, count: 200 })).rows.length >= 100);
    assert.equal(await call(page, 'count', id), 400_000);
    const { found } = await call(page, 'search', { id, query: { text: '399999' }, from: 0, limit: 100 });
    assert.ok(found.length >= 1);
    await call(page, 'openRows', id);
    thread.stop();
    recordFigure('extension host, 400,000 rows', `longest turn ${thread.longest().toFixed(0)} ms`);
    assert.ok(thread.longest() < longestTurnMs, `${thread.longest()} ms`);
  });

  it('that takes more memory than it may is an error on its page, which can be tried again', async () => {
    const configuration = vscode.workspace.getConfiguration('restorePoint.contents');
    await configuration.update('memory', 8, vscode.ConfigurationTarget.Global);
    try {
      await run('restorePoint.openContents', { artifact: many });
      const page = await pageOf(many);
      // The reader of the test before may linger: it has the memory it was started with.
      page.document.dump.restart();
      const problem = await until(
        'its end',
        async () => (await call(page, 'ready', null)).problem ?? undefined,
      );
      // Refused by the reader's own count, or by the limit of its thread, whichever comes first.
      assert.match(problem.code, /^(?:reader\.memory|archive\.tooMuch)$/);
      assert.deepEqual(
        problem.actions.map(({ id }) => id),
        ['refresh', 'openSetting'],
      );
      await configuration.update('memory', undefined, vscode.ConfigurationTarget.Global);
      await call(page, 'act', 'refresh');
      assert.equal((await call(page, 'ready', null)).problem, null);
      await until('its contents', () => page.document.opened?.complete);
      assert.equal(api.services.dumps.paths.filter((path) => path === many).length, 1);
    } finally {
      await configuration.update('memory', undefined, vscode.ConfigurationTarget.Global);
    }
  });
});
