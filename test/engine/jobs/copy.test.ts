import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { createJob, runJob, type JobEvent } from '../../../src/engine/jobs';
import type { Plan, Step } from '../../../src/engine/plan';
import { startCluster, type Cluster } from '../../support/postgres';
import { eventually, plan, temporaryHome } from '../../unit/jobs/samples';
import { connectionOf, dumpPlan, dumpWaits, holdLock, secretsOf, sessions } from './support';

describe('jobs: rows out and in (PostgreSQL)', function () {
  this.timeout(120_000);
  let cluster: Cluster;
  let home: ReturnType<typeof temporaryHome>;
  before(async () => {
    cluster = await startCluster(15);
    await cluster.sql('create database shop');
    await cluster.sql(
      `create table "odd ""name" as select i as id, repeat('ä', 20) as note from generate_series(1, 100000) i; analyze;
       create table target (id int primary key, note text)`,
      'shop',
    );
  });
  after(() => cluster?.stop());
  beforeEach(async () => {
    home = temporaryHome();
    await mkdir(home.backups);
    await cluster.sql('truncate target', 'shop');
  });
  afterEach(() => home.remove());

  function outPlan(path: string): Plan {
    const steps: Step[] = [
      {
        do: 'copyOut',
        title: 'Copy',
        weight: 100,
        connection: 'source',
        database: 'shop',
        statement: 'COPY "odd ""name" TO STDOUT (FORMAT csv, HEADER)',
        path: `${path}.partial`,
        relations: [{ schema: 'public', name: 'odd "name', bytes: 8_000_000, rows: 100_000 }],
      },
      { do: 'finishArtifact', title: 'Finish', weight: 1, verify: 'checksum' },
    ];
    const p = dumpPlan(cluster, path, { steps });
    return { ...p, kind: 'copyOut', artifact: { ...p.artifact!, method: 'copy', format: 'csv' } };
  }

  function inPlan(path: string): Plan {
    return plan({
      kind: 'copyIn',
      connections: { target: connectionOf(cluster, 'shop') },
      steps: [
        {
          do: 'copyIn',
          title: 'Copy in',
          weight: 1,
          connection: 'target',
          database: 'shop',
          statement: 'COPY target FROM STDIN (FORMAT csv, HEADER)',
          path,
        },
      ],
    });
  }

  async function runPlan(p: Plan, signal?: AbortSignal) {
    const events: JobEvent[] = [];
    const job = await createJob(p, home);
    const outcome = await runJob(job.folder, secretsOf(cluster), { signal, onEvent: (e) => events.push(e) });
    return { outcome, events };
  }

  it('copies rows out, hashed, counted, and in again from a gzipped file', async () => {
    const path = join(home.backups, 'orders.csv');
    const { outcome } = await runPlan(outPlan(path));
    assert.equal(outcome.state, 'succeeded', JSON.stringify(outcome.error));
    assert.deepEqual(outcome.result?.tables, [{ schema: 'public', name: 'odd "name', rows: 100_000 }]);
    const wrapped = join(home.backups, 'orders.csv.gz');
    await writeFile(wrapped, gzipSync(await readFile(path)));
    const back = await runPlan(inPlan(wrapped));
    assert.equal(back.outcome.state, 'succeeded', JSON.stringify(back.outcome.error));
    assert.equal(back.outcome.result?.rows, 100_000);
    assert.equal(
      await cluster.sql('select count(*), min(note) from target', 'shop'),
      `100000|${'ä'.repeat(20)}`,
    );
  });

  it('copies all rows in or none, and names the line', async () => {
    const path = join(home.backups, 'bad.csv');
    await writeFile(path, 'id,note\n1,a\n2,b\nthree,c\n');
    const { outcome } = await runPlan(inPlan(path));
    assert.equal(outcome.error?.sqlState, '22P02');
    assert.match(outcome.error?.why ?? '', /line 4/);
    assert.equal(await cluster.sql('select count(*) from target', 'shop'), '0');
  });

  it('says which file is missing', async () => {
    const { outcome } = await runPlan(inPlan(join(home.backups, 'none.csv')));
    assert.equal(outcome.error?.code, 'file.io');
    assert.match(outcome.error?.why ?? '', /none\.csv/);
  });

  for (const direction of ['out', 'in'] as const)
    it(`is cancelled while copying ${direction}, and leaves nothing`, async () => {
      const path = join(home.backups, 'rows.csv');
      if (direction === 'in') await writeFile(path, 'id,note\n1,a\n');
      const lock = await holdLock(cluster, 'shop', direction === 'out' ? '"odd ""name"' : 'target');
      try {
        const stop = new AbortController();
        const running = runPlan(direction === 'out' ? outPlan(path) : inPlan(path), stop.signal);
        await eventually(() => dumpWaits(cluster), 'COPY waits for the lock');
        stop.abort();
        assert.equal((await running).outcome.state, 'cancelled');
        assert.equal(await sessions(cluster), 0);
        assert.deepEqual(await readdir(home.backups), direction === 'in' ? ['rows.csv'] : []);
      } finally {
        await lock.release();
      }
      assert.equal(await cluster.sql('select count(*) from target', 'shop'), '0');
    });
});
