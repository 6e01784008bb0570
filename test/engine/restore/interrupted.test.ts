import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JobEvent } from '../../../src/engine/jobs';
import type { Answers } from '../../../src/engine/tools';
import { rowsOf, runTool } from '../../support/databases';
import { startCluster, type Cluster } from '../../support/postgres';
import { Restorer } from '../../support/restoring';

/** Restoring it sleeps for a minute in the refresh of a materialized view, after its rows are there. */
const slow = `
  create table rows as select g as a from generate_series(1, 1000) g;
  create table delay (seconds float);
  create materialized view slow as select pg_sleep(seconds)::text from public.delay;
  insert into delay values (60);`;

describe('a restore that is interrupted', function () {
  this.timeout(120_000);
  let cluster: Cluster;
  let restorer: Restorer;
  let folder: string;

  beforeEach(async () => {
    cluster = await startCluster(17);
    restorer = await Restorer.open(cluster);
    folder = await mkdtemp(join(tmpdir(), 'rp-interrupted-'));
    await cluster.sql('create database source');
    await cluster.sql(slow, 'source');
  });
  afterEach(async () => {
    await restorer?.close();
    await cluster?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function dump(format: string): Promise<string> {
    const path = join(folder, `dump-${format}`);
    await runTool(cluster, 17, 'pg_dump', [`--format=${format}`, '-f', path, 'source']);
    return path;
  }

  /** Resolves when the restore sleeps in the server: everything else is there by then. */
  async function sleeping(): Promise<void> {
    for (let i = 0; i < 600; i++) {
      const found = await cluster.sql(`select count(*) from pg_stat_activity where wait_event = 'PgSleep'`);
      if (Number(found) > 0) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error('The restore never came to its slow part.');
  }

  const databases = async (): Promise<string> =>
    await cluster.sql(`select string_agg(datname, ' ' order by datname) from pg_database`);
  const sessions = async (): Promise<string> =>
    await cluster.sql(
      `select count(*) from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()`,
    );

  for (const format of ['custom', 'directory', 'plain'])
    it(`cancel in the middle drops the unfinished database and leaves no session (${format})`, async () => {
      const path = await dump(format);
      const before = await databases();
      const options: Answers = format === 'directory' ? { jobs: 2 } : {};
      const plan = await restorer.plan({ artifact: path, database: 'half', strategy: 'new', options });
      const cancel = new AbortController();
      const running = restorer.run(plan, { signal: cancel.signal });
      await sleeping();
      assert.notEqual(await databases(), before);
      cancel.abort();
      assert.equal((await running).state, 'cancelled');
      assert.equal(await databases(), before);
      assert.equal(await sessions(), '0');
    });

  it('cancel in place leaves what was there', async () => {
    const path = await dump('custom');
    await cluster.sql('create database place template source');
    await cluster.sql('delete from rows where a > 3', 'place');
    const before = await rowsOf(cluster, 'place');
    const plan = await restorer.plan({ artifact: path, database: 'place', strategy: 'in-place' });
    const cancel = new AbortController();
    const running = restorer.run(plan, { signal: cancel.signal });
    await sleeping();
    cancel.abort();
    assert.equal((await running).state, 'cancelled');
    assert.deepEqual(await rowsOf(cluster, 'place'), before);
    assert.equal(await sessions(), '0');
  });

  it('cancel before anything was made', async () => {
    const plan = await restorer.plan({ artifact: await dump('custom'), database: 'half', strategy: 'new' });
    const before = await databases();
    assert.equal((await restorer.run(plan, { signal: AbortSignal.abort() })).state, 'cancelled');
    assert.equal(await databases(), before);
  });

  it('a session ended by an administrator: the failure says so, and the database is dropped', async () => {
    const before = await databases();
    const plan = await restorer.plan({ artifact: await dump('custom'), database: 'half', strategy: 'new' });
    const running = restorer.run(plan);
    await sleeping();
    await cluster.sql(`select pg_terminate_backend(pid) from pg_stat_activity where wait_event = 'PgSleep'`);
    const outcome = await running;
    assert.equal(outcome.state, 'failed');
    assert.equal(outcome.error?.code, 'connection.lost', JSON.stringify(outcome.error));
    assert.equal(await databases(), before);
  });

  it('the server killed in the middle: a failure that says so, no hanging', async () => {
    const plan = await restorer.plan({ artifact: await dump('custom'), database: 'half', strategy: 'new' });
    const events: JobEvent[] = [];
    const running = restorer.run(plan, { onEvent: (event) => events.push(event) });
    await sleeping();
    cluster.process.kill('SIGQUIT');
    const outcome = await running;
    assert.equal(outcome.state, 'failed');
    assert.equal(outcome.error?.code, 'connection.lost', JSON.stringify(outcome.error));
    assert.ok(outcome.error?.next);
  });

  it('two restores into one database wait for each other', async () => {
    const path = await dump('custom');
    const first = await restorer.plan({ artifact: path, database: 'half', strategy: 'new' });
    const second = await restorer.plan({ artifact: path, database: 'half', strategy: 'new' });
    const cancel = new AbortController();
    const one = restorer.run(first, { signal: cancel.signal });
    await sleeping();
    let waits: (() => void) | undefined;
    const waiting = new Promise<void>((resolve) => (waits = resolve));
    const stop = new AbortController();
    const two = restorer.run(second, {
      signal: stop.signal,
      onEvent: (event) => {
        if (event.type === 'state' && event.state === 'queued' && event.reason) waits?.();
      },
    });
    await waiting;
    cancel.abort();
    assert.equal((await one).state, 'cancelled');
    // Now it is the other's turn; it makes the database anew.
    await sleeping();
    stop.abort();
    assert.equal((await two).state, 'cancelled');
    assert.ok(!(await databases()).includes('half'));
  });
});
