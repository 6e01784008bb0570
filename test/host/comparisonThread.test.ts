import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { ComparisonWriter, type Comparison } from '../../src/engine/compare';
import type { TestApi } from '../../src/extension/extension';
import { recordFigure } from '../support/figures';
import { ground, inside, run, until } from './support';
import { watchThread } from './thread';

/** The aim: the extension host is never busy for longer at a stretch. */
const longestTurnMs = 50;
/** What reading the whole summary in one turn would take, and more. */
const blockedMs = 150;
const rows = 1_000_000;
const objects = 20_000;

describe('a large comparison', function () {
  this.timeout(240_000);
  const path = join(ground().workspace, 'large.rpcompare');
  let api: TestApi;

  before(async () => {
    api = await inside();
    // Loading the engine is a figure of its own.
    await api.services.jobs.list();
    const writer = await ComparisonWriter.create(path);
    for (let id = 0; id < rows; id++)
      await writer.add(0, {
        change: 'changed',
        left: [String(id), 'as it was', null],
        right: [String(id), `as it is ${id}`, null],
        columns: [1],
      });
    const key = (n: number): string => JSON.stringify([null, 'FUNCTION', 'app', `f${n}`]);
    const side = { kind: 'artifact', title: 'shop.dump', path: '/shop.dump', bytes: 1, at: null };
    const column = { left: true, right: true, changed: 0, type: 'text' };
    const statements = Array.from({ length: objects }, (_, n) => ({
      sql: `CREATE FUNCTION app.f${n}() RETURNS int LANGUAGE sql AS 'select ${n}';`,
      objects: [key(n)],
    }));
    await writer.finish({
      ...{ equal: false, left: side, right: side, options: { rows: true }, sequences: [], faults: [] },
      objects: {
        differences: Array.from({ length: objects }, (_, n) => ({
          ...{ key: key(n), kind: 'FUNCTION', schema: 'app', name: `f${n}`, table: null, aspects: [] },
          ...{ change: 'added', left: null, right: statements[n]!.sql.repeat(10) },
        })),
        ...{ same: [], normalised: [] },
      },
      scripts: { toLeft: { statements: [], leftOut: [] }, toRight: { statements, leftOut: [] } },
      tables: [
        {
          ...{ schema: 'app', name: 'orders', state: 'different', key: ['id'], keyFrom: 'primaryKey' },
          columns: ['id', 'note', 'more'].map((name) => ({ ...column, name, key: name === 'id' })),
          ...{ added: 0, removed: 0, changed: rows, same: 0, leftRows: rows, rightRows: rows, kept: rows },
          ...{ refersTo: [], notes: [] },
        },
      ],
      largeObjects: null,
      made: { at: new Date().toISOString(), durationMs: 1, by: 'test', command: null },
    } as unknown as Comparison);
  });
  after(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await rm(path, { force: true });
  });

  it('of a million rows and 20,000 objects is opened, paged, filtered and taken in short turns', async () => {
    const thread = watchThread();
    const never = new AbortController().signal;
    await run('restorePoint.openComparison', { comparison: path });
    const page = await until('the page', () => api.comparisonEditor.handlers.get(path));
    const { view } = await page.ready(null, never);
    let shown = 0;
    while (shown < view!.counts.objects) shown += (await page.objects(shown, never)).length;
    assert.equal(shown, objects);
    for (const from of [0, 500_000, rows - 100])
      assert.equal((await page.rows({ table: 0, query: {}, from, count: 100 }, never)).rows.length, 100);
    const query = { text: 'as it is 99999' };
    assert.equal((await page.rows({ table: 0, query, from: 0, count: 100 }, never)).total, 11);
    await page.take({ rows: [{ table: 0, rows: query }], objects: [], direction: 'toLeft' }, never);
    thread.stop();
    recordFigure(
      'extension host, a million differences',
      `longest turn ${thread.longest().toFixed(0)} ms (aim: under ${longestTurnMs} ms)`,
    );
    assert.ok(thread.longest() < blockedMs, `${thread.longest()} ms`);
  });
});
