import assert from 'node:assert/strict';
import { access, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readManifest } from '../../../src/engine/artifacts';
import { createJob, listJobs, runJob, type JobEvent } from '../../../src/engine/jobs';
import { startCluster, type Cluster } from '../../support/postgres';
import { plan, temporaryHome } from '../../unit/jobs/samples';
import { connectionOf, dumpPlan, secretsOf, sessions, states, textOf, toolStep } from './support';

describe('jobs: backing up (PostgreSQL)', function () {
  this.timeout(120_000);
  let cluster: Cluster;
  let home: ReturnType<typeof temporaryHome>;
  before(async () => {
    cluster = await startCluster(15);
    await cluster.sql('create database shop');
    await cluster.sql(
      `create table orders as select i as id, repeat(md5(i::text), 4) as note from generate_series(1, 50000) i;
       create table empty_one (id int); analyze`,
      'shop',
    );
  });
  after(() => cluster?.stop());
  beforeEach(() => (home = temporaryHome()));
  afterEach(() => home.remove());

  for (const through of ['file', 'stdout'] as const)
    it(`makes a backup and says honestly how far it is (${through})`, async () => {
      const path = join(home.backups, 'test', 'shop.dump');
      const p = dumpPlan(cluster, path, { through });
      const [step] = p.steps;
      if (step?.do === 'tool')
        step.relations = [
          { schema: 'public', name: 'orders', bytes: 9_000_000, rows: 50_000 },
          { schema: 'public', name: 'empty_one', bytes: 0, rows: 0 },
        ];
      const job = await createJob(p, home);
      const events: JobEvent[] = [];
      const outcome = await runJob(job.folder, secretsOf(cluster), { onEvent: (e) => events.push(e) });
      assert.equal(outcome.state, 'succeeded', JSON.stringify(outcome.error));
      assert.deepEqual(states(events), ['queued', 'running', 'succeeded']);
      assert.equal(outcome.result?.artifact, path);
      assert.equal((await stat(path)).mode & 0o777, 0o600);
      const manifest = await readManifest(path);
      assert.deepEqual(
        manifest?.tables.find(({ name }) => name === 'orders'),
        { schema: 'public', name: 'orders', rows: 50_000 },
      );
      assert.match(manifest?.source.lsn ?? '', /^[0-9A-F]+\/[0-9A-F]+$/);
      assert.equal(outcome.result?.bytes, (await stat(path)).size);
      const fractions = events.flatMap((e) =>
        e.type === 'progress' && e.fraction !== null ? [e.fraction] : [],
      );
      assert.deepEqual(
        fractions,
        fractions.toSorted((a, b) => a - b),
      );
      assert.equal(fractions.at(-1), 1);
      assert.equal(await sessions(cluster), 0);
      assert.deepEqual(await readdir(join(home.state, 'locks')), []);
      const [summary] = await listJobs(home);
      assert.equal(summary?.state, 'succeeded');
      assert.equal(summary?.fraction, 1);
      assert.deepEqual(
        events.map((e) => e.seq),
        events.map((_, i) => i),
      );
    });

  it('leaves nothing of a failed one, and says which right is missing', async () => {
    await cluster.sql(`create role reader login password 'readerpw'`);
    const path = join(home.backups, 'shop.dump');
    const p = dumpPlan(cluster, path);
    p.connections.source = { ...connectionOf(cluster, 'shop'), id: 'reader' };
    p.connections.source.settings.user = 'reader';
    const job = await createJob(p, home);
    const outcome = await runJob(job.folder, { reader: 'readerpw' });
    assert.equal(outcome.state, 'failed');
    assert.equal(outcome.error?.code, 'right.missing');
    assert.match(outcome.error?.what ?? '', /permission denied for table (orders|empty_one)/);
    assert.deepEqual(await readdir(home.backups), []);
    assert.equal(outcome.result, null);
  });

  it('explains a wrong password and a missing database before anything is written', async () => {
    for (const [secret, database, code] of [
      ['wrong', 'shop', 'connection.password'],
      [cluster.password, 'nowhere', 'connection.database'],
    ] as const) {
      const job = await createJob(dumpPlan(cluster, join(home.backups, 'x.dump'), { database }), home);
      const outcome = await runJob(job.folder, { test: secret });
      assert.equal(outcome.error?.code, code, JSON.stringify(outcome.error));
      assert.doesNotMatch(await textOf(job.folder), /wrong"/);
    }
    await assert.rejects(access(home.backups));
  });

  it('never replaces a backup that is there', async () => {
    const path = join(home.backups, 'shop.dump');
    const first = await createJob(dumpPlan(cluster, path), home);
    assert.equal((await runJob(first.folder, secretsOf(cluster))).state, 'succeeded');
    const before = await readFile(path);
    const again = await createJob(first.plan, home);
    const outcome = await runJob(again.folder, secretsOf(cluster));
    assert.equal(outcome.error?.code, 'artifact.exists');
    assert.deepEqual(await readFile(path), before);
  });

  it('is run once', async () => {
    const job = await createJob(plan(), home);
    assert.equal((await runJob(job.folder, {})).state, 'succeeded');
    await assert.rejects(runJob(job.folder, {}), { code: 'job.taken' });
  });

  it('keeps the secret out of every file and every event', async () => {
    const job = await createJob(
      dumpPlan(cluster, join(home.backups, 'shop.dump'), {
        steps: [
          {
            do: 'sql',
            title: 'Say it',
            weight: 1,
            connection: 'source',
            database: 'shop',
            // The server says the secret, as it is and as URIs carry it.
            statements: [
              `do $$ begin raise notice '%', convert_from(decode('${Buffer.from(cluster.password).toString('hex')}', 'hex'), 'UTF8'); end $$`,
              `do $$ begin raise notice '%', '${encodeURIComponent(cluster.password)}'; end $$`.replaceAll(
                encodeURIComponent(cluster.password),
                [...encodeURIComponent(cluster.password)].join(`'||'`),
              ),
            ],
          },
          toolStep(cluster, { tool: 'psql', dialect: 'psql', args: ['-X', '-c', 'select pg_nothing()'] }),
        ],
      }),
      home,
    );
    const events: JobEvent[] = [];
    const outcome = await runJob(job.folder, secretsOf(cluster), { onEvent: (e) => events.push(e) });
    assert.equal(outcome.state, 'failed');
    const everything = (await textOf(home.root)) + JSON.stringify(events);
    assert.ok(everything.includes('•••') || everything.includes(Buffer.from('•••').toString('latin1')));
    for (const form of [cluster.password, encodeURIComponent(cluster.password)])
      for (const text of [form, Buffer.from(form).toString('latin1')])
        assert.ok(!everything.includes(text), text);
  });
});
