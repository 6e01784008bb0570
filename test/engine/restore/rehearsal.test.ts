import assert from 'node:assert/strict';
import { join } from 'node:path';
import { inspectArtifact } from '../../../src/engine/artifacts';
import type { JobOutcome } from '../../../src/engine/jobs';
import type { UserCheck } from '../../../src/engine/plan';
import { planRehearsal } from '../../../src/engine/restore';
import { loadSample, runTool } from '../../support/databases';
import { useTempFolder } from '../../support/fixtures';
import { startCluster, type Cluster } from '../../support/postgres';
import { Restorer } from '../../support/restoring';

describe('rehearsal of a restore', function () {
  this.timeout(120_000);
  const folder = useTempFolder();
  let cluster: Cluster;
  let restorer: Restorer;

  before(async () => {
    cluster = await startCluster(17);
    restorer = await Restorer.open(cluster);
    await loadSample(cluster, 'chinook');
  });
  after(async () => {
    await restorer?.close();
    await cluster?.stop();
  });
  afterEach(async () => {
    const names = await cluster.sql(`select datname from pg_database where not datistemplate order by 1`);
    assert.equal(names, 'chinook\npostgres', 'the throwaway database is gone');
  });

  async function dump(...options: string[]): Promise<string> {
    const path = join(folder(), `dump${options.join('')}`);
    await runTool(cluster, 17, 'pg_dump', ['-f', path, ...options, 'chinook']);
    return path;
  }
  async function rehearse(artifact: string, checks: UserCheck[] = []): Promise<JobOutcome> {
    const plan = await restorer.with((context) => planRehearsal({ artifact, checks }, context));
    return await restorer.run(plan);
  }

  for (const format of ['-Fc', '-Fd', '-Ft', '-Fp'])
    it(`of a good backup (${format}) is evidence of it, with what it took`, async () => {
      const path = await dump(format);
      const outcome = await rehearse(path, [
        { name: 'albums', sql: 'select count(*) = 347 from "Album"' },
        {
          name: 'no orphans',
          sql: 'select * from "Track" t where not exists (select from "Album" a where a."AlbumId" = t."AlbumId")',
        },
      ]);
      assert.equal(outcome.state, 'succeeded', JSON.stringify(outcome.error));
      const { evidence } = await inspectArtifact(path);
      assert.deepEqual([evidence?.level, evidence?.ok, evidence?.rows], ['rehearsal', true, 15_607]);
      assert.ok(evidence!.restoreMs! > 0 && evidence!.restoreMs! <= evidence!.durationMs!);
      assert.ok(evidence!.databaseBytes! > 1_000_000);
      assert.match(evidence!.serverVersion!, /^17/);
      assert.deepEqual(
        evidence!.checks!.map(({ name, ok }) => `${name} ${ok}`),
        ['every index is valid true', 'amcheck true', 'albums true', 'no orphans true'],
      );
      assert.equal(evidence!.messages?.failed, 0);
    });

  it('finds what is wrong: entries, rows, indexes and checks of one’s own, all of them at once', async () => {
    const path = await dump('-Fc');
    const plan = await restorer.with((context) =>
      planRehearsal(
        {
          artifact: path,
          checks: [
            { name: 'says no', sql: 'select false' },
            { name: 'finds rows', sql: 'select "Name" from "Genre" limit 2' },
            { name: 'changes', sql: 'delete from "Genre"' },
            { name: 'broken', sql: 'selec' },
          ],
        },
        context,
      ),
    );
    const database = String(plan.facts.database);
    const count = plan.steps.findIndex((step) => step.do === 'countRestored');
    const sql = (title: string, ...statements: string[]) =>
      ({ do: 'sql', title, weight: 0, connection: 'target', database, statements }) as const;
    plan.steps.splice(
      count,
      0,
      sql('lose rows', 'delete from "PlaylistTrack" where "TrackId" = 1'),
      sql(
        'break an index',
        `update pg_index set indisvalid = false where indexrelid = '"Album_pkey"'::regclass`.replace(
          '"Album_pkey"',
          '"PK_Album"',
        ),
      ),
    );
    const outcome = await restorer.run(plan);
    assert.equal(outcome.error?.code, 'rehearsal.faults', JSON.stringify(outcome.error));
    const { evidence } = await inspectArtifact(path);
    assert.equal(evidence?.ok, false);
    const entries = evidence!.faults!.map(({ entry }) => entry);
    assert.deepEqual(entries, [
      'TABLE public PlaylistTrack',
      'INDEX public."PK_Album"',
      'says no',
      'finds rows',
      'changes',
      'broken',
    ]);
    assert.match(evidence!.faults!.find(({ entry }) => entry === 'changes')!.what, /read-only transaction/);
  });

  it('amcheck finds an index that lost an entry', async () => {
    const path = await dump('-Fc');
    const plan = await restorer.with((context) => planRehearsal({ artifact: path }, context));
    const database = String(plan.facts.database);
    const check = plan.steps.findIndex((step) => step.do === 'checkRestored');
    // An index made for half of the rows, which then claims to be of all.
    plan.steps.splice(check, 0, {
      do: 'sql',
      title: 'corrupt an index',
      weight: 0,
      connection: 'target',
      database,
      statements: [
        'create index half on "Track" ("Milliseconds") where "TrackId" % 2 = 0',
        `update pg_index set indpred = null where indexrelid = 'half'::regclass`,
      ],
    });
    const outcome = await restorer.run(plan);
    assert.equal(outcome.error?.code, 'rehearsal.faults', JSON.stringify(outcome.error));
    assert.match(outcome.error!.why, /INDEX public\.half/);
  });

  it('before a replace: what does not pass takes nobody’s name, what does is evidence', async () => {
    const path = await dump('-Fc');
    await cluster.sql('create database shop template chinook');
    await cluster.sql('delete from "PlaylistTrack"', 'shop');
    const replace = async (sql: string): Promise<JobOutcome> =>
      await restorer.restore({
        ...{ artifact: path, database: 'shop', strategy: 'replace', rehearse: true },
        checks: [{ name: 'mine', sql }],
      });
    const refused = await replace('select false');
    assert.equal(refused.state, 'failed');
    assert.equal(refused.error?.code, 'rehearsal.faults');
    assert.equal((await inspectArtifact(path)).evidence?.ok, false);
    assert.equal(await cluster.sql('select count(*) from "PlaylistTrack"', 'shop'), '0');
    const passed = await replace('select true');
    assert.equal(passed.state, 'succeeded', JSON.stringify(passed.error));
    assert.equal((await inspectArtifact(path)).evidence?.ok, true);
    assert.equal(await cluster.sql('select count(*) from "PlaylistTrack"', 'shop'), '8715');
    await cluster.sql(`drop database "${String(passed.result?.undo)}"`);
    await cluster.sql('drop database shop');
  });

  it('cancelled in the middle it leaves nothing, and no evidence', async () => {
    const path = await dump('-Fc');
    const plan = await restorer.with((context) => planRehearsal({ artifact: path }, context));
    for (let at = 0; at < plan.steps.length - 1; at++) {
      const cancel = new AbortController();
      const outcome = await restorer.run(plan, {
        signal: cancel.signal,
        onEvent: (event) => {
          if (event.type === 'step' && event.index === at) cancel.abort();
        },
      });
      assert.equal(outcome.state, 'cancelled', `at step ${at}`);
    }
    assert.equal((await inspectArtifact(path)).evidence, null);
  });

  it('backups of several databases are refused with what to do', async () => {
    const path = join(folder(), 'all.sql');
    await runTool(cluster, 17, 'pg_dumpall', ['-f', path]);
    await assert.rejects(
      restorer.with((context) => planRehearsal({ artifact: path }, context)),
      { code: 'rehearsal.several' },
    );
  });
});
