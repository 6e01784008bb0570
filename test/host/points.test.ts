import assert from 'node:assert/strict';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { JobSummary } from '../../src/engine/jobs';
import type { TestApi } from '../../src/extension/extension';
import type { CommandId } from '../../src/extension/ids';
import type { TreeNode } from '../../src/extension/trees';
import {
  description,
  ground,
  inside,
  label,
  mainConnection,
  run,
  sql,
  strangersDump,
  until,
} from './support';

describe('restore points', () => {
  const database = 'points shop';
  const folder = join(ground().workspace, 'points');
  const dump = join(folder, 'shop.dump');
  const on = { connection: 'main', database };
  let api: TestApi;

  before(async () => {
    api = await inside();
    await mainConnection(api);
    await mkdir(folder);
    await sql(`create database "${database}"`);
    await sql('create table orders as select g as id from generate_series(1, 300) g', database);
    await strangersDump(database, dump, '-Fc');
  });
  afterEach(() => api.ask.forget());
  after(async () => {
    await rm(folder, { recursive: true, force: true });
    const names = await sql(`select datname from pg_database where datname like 'points shop%'`);
    for (const name of names.split('\n')) await sql(`drop database "${name}" with (force)`);
  });

  const tree = (): TestApi['services']['trees']['connections'] => api.services.trees.connections;
  const orders = async (): Promise<string> => await sql('select count(*) from orders', database);

  /** Runs a command that starts a job, to the job's end. */
  async function toItsEnd(id: CommandId, ...args: unknown[]): Promise<JobSummary> {
    const { job } = await run<{ job: string }>(id, ...args);
    const ended = await api.services.jobs.ended(job, AbortSignal.timeout(60_000));
    assert.equal(ended.state, 'succeeded', JSON.stringify(ended.error));
    return ended;
  }

  async function pointRows(): Promise<TreeNode[]> {
    const servers = await tree().getChildren();
    const server = servers.find((node) => label(node) === 'main');
    const rows = await tree().getChildren(server);
    const names = rows.map(label);
    assert.ok(!names.some((name) => name.includes('__')), names.join(', '));
    const row = rows.find((node) => label(node) === database);
    return (await tree().getChildren(row)).filter(({ target }) => target.point !== undefined);
  }

  it('are made with a note, stand under their database, and are gone back to', async () => {
    api.ask.answer('point.note', 'before 0042');
    await toItsEnd('restorePoint.createPoint', on);
    const [point] = await until('the row', async () => {
      const rows = await pointRows();
      return rows.length ? rows : undefined;
    });
    assert.equal(label(point!), 'before 0042');
    assert.match(description(point!), /just now · [\d.]+ MB/);
    assert.match(String(await point!.tooltip?.()), /points shop__point_/);
    await sql('truncate orders', database);
    api.ask.answer('confirm', true);
    await toItsEnd('restorePoint.goBack', point);
    assert.equal(await orders(), '300');
    // It is there still.
    assert.ok((await pointRows()).some((node) => label(node) === 'before 0042'));
  });

  it('are what a replaced database becomes, and undo takes it back', async () => {
    await sql('delete from orders where id > 7', database);
    api.ask.answer('confirm', true);
    await toItsEnd('restorePoint.replaceDatabase', { artifact: dump, ...on, into: database });
    assert.equal(await orders(), '300');
    assert.ok((await pointRows()).some((node) => label(node).startsWith('before a restore')));
    api.ask.answer('confirm', true);
    await toItsEnd('restorePoint.undoRestore', on);
    assert.equal(await orders(), '7');
  });

  it('are not gone back to while others are connected, but with a yes', async () => {
    const held = sql('select pg_sleep(600)', database);
    held.catch(() => undefined);
    await until('the session', async () => (await sleepers()) === '1');
    await assert.rejects(run('restorePoint.undoRestore', on), /no answer to fix\.endSessions/);
    assert.equal(await sleepers(), '1');
    api.ask.answer('fix.endSessions', true);
    api.ask.answer('confirm', true);
    await toItsEnd('restorePoint.undoRestore', on);
    await assert.rejects(held, /terminating connection/);
  });

  it('are removed one by one, or what is old', async () => {
    const rows = await pointRows();
    api.ask.answer('confirm', true);
    await toItsEnd('restorePoint.deletePoint', rows[0]);
    assert.equal((await pointRows()).length, rows.length - 1);
    assert.equal(await run('restorePoint.expirePoints', on), undefined, 'none is old enough');
  });

  it('a backup is rehearsed, and its row says so', async () => {
    const ended = await toItsEnd('restorePoint.rehearse', {
      artifact: dump,
      connection: 'main',
      checks: [{ name: 'all orders', sql: 'select count(*) = 300 from orders' }],
    });
    const { evidence } = ended.result as {
      evidence: { ok: boolean; level: string; checks: { name: string }[] };
    };
    assert.deepEqual([evidence.ok, evidence.level], [true, 'rehearsal']);
    assert.ok(evidence.checks.some(({ name }) => name === 'all orders'));
  });

  const sleepers = async (): Promise<string> =>
    await sql(
      `select count(*) from pg_stat_activity where query = 'select pg_sleep(600)' and state = 'active'`,
    );
});
