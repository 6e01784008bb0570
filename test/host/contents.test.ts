import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { TestApi } from '../../src/extension/extension';
import { insideUri } from '../../src/extension/documents/dumpUris';
import { editorTypes } from '../../src/extension/ids';
import { call, idOf, openDump, pageOf } from './contentsPage';
import { ground, inside, run, sql, strangersDump, until } from './support';

describe('contents of a dump', () => {
  const { workspace } = ground();
  const folder = join(workspace, 'contents');
  const path = (name: string): string => join(folder, name);
  let api: TestApi;

  before(async () => {
    api = await inside();
    await mkdir(folder);
    await sql('create database contents');
    await sql(
      `create schema audit;
       create table audit.log (id int, note text);
       create table orders (id int primary key, note text not null, data jsonb, picture bytea);
       insert into orders select g, 'note ' || g, '{"a": [1, 2]}', '\\x89504e470d0a1a0a' from generate_series(1, 2000) g;
       select lo_from_bytea(0, '\\x89504e470d0a1a0a00000000');
       create view big as select * from orders where id > 10`,
      'contents',
    );
    await strangersDump('contents', path('shop.dump'), '-Fc');
    await strangersDump('contents', path('folder'), '-Fd');
    await strangersDump('contents', path('shop.tar'), '-Ft');
    await strangersDump('contents', path('shop.sql'), '-Fp');
    await strangersDump('contents', path('shop.sql.gz'), '-Fp', '-Z', '6');
    await writeFile(path('no.dump'), 'To do: nothing of this is a dump.\n');
  });
  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    api.ask.forget();
  });
  after(async () => {
    await rm(folder, { recursive: true, force: true });
    await sql('drop database contents');
  });

  it('is what a press on the file shows, read by a thread of its own', async () => {
    await vscode.commands.executeCommand('vscode.open', vscode.Uri.file(path('shop.dump')));
    const page = await pageOf(path('shop.dump'));
    const { head, problem } = await call(page, 'ready', null);
    assert.equal(problem, null);
    assert.equal(head.title, 'contents');
    assert.ok(head.facts.some(({ value }) => /^custom/.test(value)));
    const listing = await call(page, 'listing', { from: 0, count: 4000 });
    assert.ok(listing.names.includes('orders'));
    assert.equal(listing.ids.length, head.entries);
    const { kinds, schemas } = listing.words;
    const at = listing.names.findIndex(
      (name, i) => name === 'log' && kinds[listing.kinds[i] ?? -1] === 'TABLE',
    );
    assert.equal(schemas[listing.schemas[at] ?? -1], 'audit');
    assert.deepEqual(api.services.dumps.paths, [path('shop.dump')]);
  });

  for (const [name, format] of [
    ['folder', 'directory'],
    ['shop.tar', 'tar'],
    ['shop.sql', 'plain'],
    ['shop.sql.gz', 'plain, in gzip'],
  ] as const)
    it(`opens ${name} by the command`, async () => {
      await run('restorePoint.openContents', vscode.Uri.file(path(name)));
      const page = await pageOf(path(name));
      const { head, problem } = await call(page, 'ready', null);
      assert.equal(problem, null);
      assert.ok(
        head.facts.some(({ value }) => value.startsWith(format)),
        JSON.stringify(head.facts),
      );
      assert.ok((await call(page, 'listing', { from: 0, count: 4000 })).names.includes('orders'));
    });

  it('ends its thread with the last editor of the dump', async () => {
    const uri = vscode.Uri.file(path('shop.dump'));
    await vscode.commands.executeCommand('vscode.openWith', uri, editorTypes.contents);
    await pageOf(path('shop.dump'));
    await vscode.commands.executeCommand('workbench.action.splitEditor');
    await until('a second page', () => api.contentsEditor.pagesOf(path('shop.dump')).length === 2);
    assert.equal(api.services.dumps.paths.length, 1);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await until('no thread', () => api.services.dumps.paths.length === 0);
  });

  it('says what a file is that is no dump', async () => {
    await vscode.commands.executeCommand('vscode.open', vscode.Uri.file(path('no.dump')));
    const page = await pageOf(path('no.dump'));
    const { problem } = await call(page, 'ready', null);
    assert.match(problem?.why ?? '', /neither a dump nor a script/);
    assert.equal(problem?.actions[0]?.id, 'openAsText');
    await call(page, 'act', 'openAsText');
    await until(
      'a text editor',
      () => vscode.window.activeTextEditor?.document.uri.fsPath === path('no.dump'),
    );
  });

  it('pages rows, counts and opens values', async () => {
    const page = await openDump(path('shop.dump'));
    const id = await idOf(page, 'TABLE DATA', 'orders');
    const columns = await call(page, 'columns', id);
    assert.deepEqual(
      columns.map(({ name }) => name),
      ['id', 'note', 'data', 'picture'],
    );
    const { rows } = await call(page, 'rows', { id, from: 1990, count: 20 });
    assert.deepEqual(rows.at(-1)?.values.slice(0, 2), ['2000', 'note 2000']);
    assert.equal(await call(page, 'count', id), 2000);
    await call(page, 'openValue', { id, row: 7, column: 2 });
    await until('the value', () => vscode.window.activeTextEditor?.document.uri.path.endsWith('data.json'));
    assert.equal(vscode.window.activeTextEditor?.document.getText(), '{\n  "a": [\n    1,\n    2\n  ]\n}\n');
    const of = { id, headers: true };
    const copied = await call(page, 'copyRows', {
      ...of,
      rows: [0, 1, 1999],
      columns: [1, 0],
      format: 'csv',
    });
    assert.deepEqual(copied, { rows: 3, complete: true });
    assert.equal(await vscode.env.clipboard.readText(), 'note,id\nnote 1,1\nnote 2,2\nnote 2000,2000');
    await call(page, 'copyRows', { ...of, rows: { from: 5, count: 2 }, columns: [0, 2], format: 'json' });
    assert.deepEqual(JSON.parse(await vscode.env.clipboard.readText()), [
      { id: 6, data: { a: [1, 2] } },
      { id: 7, data: { a: [1, 2] } },
    ]);
    await call(page, 'openDefinition', await idOf(page, 'TABLE', 'orders'));
    await until('the definition', () =>
      vscode.window.activeTextEditor?.document.uri.path.endsWith('orders.sql'),
    );
    const { document } = vscode.window.activeTextEditor ?? assert.fail();
    assert.equal(document.languageId, 'sql');
    assert.match(document.getText(), /CREATE TABLE public\.orders/);
  });

  it('writes rows and large objects to files that appear when they are whole', async () => {
    const page = await openDump(path('shop.dump'));
    const file = path('orders.csv');
    api.ask.answer('contents.export', file);
    const id = await idOf(page, 'TABLE DATA', 'orders');
    assert.equal(await call(page, 'exportRows', { id, format: 'csv' }), true);
    const lines = (await readFile(file, 'utf8')).split('\n');
    assert.equal(lines[0], 'id,note,data,picture');
    assert.equal(lines.length, 2002);
    api.ask.answer('contents.export', null);
    assert.equal(await call(page, 'exportRows', { id, format: 'csv' }), false);
    const { objects, total } = await call(page, 'largeObjects', { from: 0, count: 10 });
    assert.equal(total, 1);
    const [{ oid } = assert.fail()] = objects;
    const preview = await call(page, 'previewLargeObject', oid);
    assert.deepEqual([preview.kind, preview.mime], ['image', 'image/png']);
    api.ask.answer('contents.largeObject', path('picture.png'));
    assert.equal(await call(page, 'saveLargeObject', oid), true);
    assert.deepEqual(await readFile(path('picture.png')), Buffer.from(preview.bytes));
    assert.deepEqual(
      (await readdir(folder)).filter((name) => name.endsWith('.partial')),
      [],
    );
  });

  it('ends a search that is cancelled', async () => {
    const page = await openDump(path('shop.dump'));
    const id = await idOf(page, 'TABLE DATA', 'orders');
    const controller = new AbortController();
    const query = { text: 'nowhere' };
    const search = call(page, 'search', { id, query, from: 0, limit: 10 }, controller.signal);
    controller.abort();
    await assert.rejects(search, { name: 'AbortError' });
    const found = await call(page, 'search', { id, query: { text: 'note 1999' }, from: 0, limit: 10 });
    assert.equal(found.found[0]?.row.at, 1998);
    assert.equal(found.next, null);
  });

  it('is searched by its definitions, and opened where a line was found', async () => {
    await openDump(path('shop.dump'));
    api.ask.answer('contents.search', 'where (orders.id');
    api.ask.answer('contents.match', 'WHERE (orders.id > 10);');
    await run('restorePoint.searchDump');
    const { document, selection } = vscode.window.activeTextEditor ?? assert.fail();
    assert.match(document.uri.path, /\/public\/views\/big\.sql$/);
    assert.equal(document.getText(selection), 'WHERE (orders.id');
    api.ask.answer('contents.folder', null);
    await assert.rejects(run('restorePoint.openAsFolder'), { name: 'Dismissed' });
  });

  it('is a folder of files to the editor', async () => {
    const root = insideUri(path('shop.dump'));
    assert.deepEqual((await vscode.workspace.fs.readDirectory(root)).map(([name]) => name).sort(), [
      '(large objects)',
      '(no schema)',
      'audit',
      'public',
    ]);
    const tables = vscode.Uri.joinPath(root, 'public', 'tables');
    assert.deepEqual(await vscode.workspace.fs.readDirectory(tables), [
      ['orders.sql', vscode.FileType.File],
      ['orders.csv', vscode.FileType.File],
    ]);
    const sqlFile = vscode.Uri.joinPath(tables, 'orders.sql');
    const bytes = await vscode.workspace.fs.readFile(sqlFile);
    assert.equal((await vscode.workspace.fs.stat(sqlFile)).size, bytes.length);
    assert.match(Buffer.from(bytes).toString(), /CREATE TABLE public\.orders/);
    await assert.rejects(async () => vscode.workspace.fs.stat(vscode.Uri.joinPath(tables, 'nothing.sql')), {
      code: 'FileNotFound',
    });
    await assert.rejects(async () => vscode.workspace.fs.writeFile(sqlFile, new Uint8Array()));
    await assert.rejects(async () => vscode.workspace.fs.delete(sqlFile));
  });

  it('keeps what is ticked, and gives it to others', async () => {
    const page = await openDump(path('shop.dump'));
    const { ids } = await call(page, 'listing', { from: 0, count: 10 });
    await call(page, 'tick', ids.slice(0, 3));
    assert.equal(api.services.ticks.of(path('shop.dump')).length, 3);
    const again = await call(page, 'ready', null);
    assert.deepEqual(again.ticked, ids.slice(0, 3));
    await call(page, 'tick', []);
    assert.deepEqual(api.services.ticks.of(path('shop.dump')), []);
  });

  it('notices that the file was replaced, and reads it anew when it is told to', async () => {
    const copy = path('copy.dump');
    await strangersDump('contents', copy, '-Fc', '--schema-only');
    await run('restorePoint.openContents', { artifact: copy });
    const page = await pageOf(copy);
    const { head } = await call(page, 'ready', null);
    await strangersDump('contents', copy, '-Fc', '-n', 'audit');
    await until('the notice', () => page.document.outdated);
    await call(page, 'act', 'refresh');
    const after = await call(page, 'ready', null);
    assert.notEqual(after.head.entries, head.entries);
    assert.equal(page.document.outdated, false);
  });
});
