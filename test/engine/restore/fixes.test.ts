import assert from 'node:assert/strict';
import { mkdir, stat, chown } from 'node:fs/promises';
import { join } from 'node:path';
import { planBackup } from '../../../src/engine/backup';
import type { JobEvent } from '../../../src/engine/jobs';
import { recordEvidence, type Evidence } from '../../../src/engine/artifacts';
import { applyFix, type RestoreRequest } from '../../../src/engine/restore';
import { loadSample, runTool } from '../../support/databases';
import { useTempFolder } from '../../support/fixtures';
import { startCluster, type Cluster } from '../../support/postgres';
import { Restorer } from '../../support/restoring';

describe('what is missing on the target', function () {
  this.timeout(120_000);
  const folder = useTempFolder();
  let source: Cluster;
  let target: Cluster;
  let restorer: Restorer;

  before(async () => {
    source = await startCluster(15);
    target = await startCluster(15);
    restorer = await Restorer.open(target);
    await loadSample(source, 'chinook');
    await source.sql('create role "The Owner"');
    await source.sql(
      'alter table "Album" owner to "The Owner"; grant select on "Artist" to reader',
      'chinook',
    );
    const place = join(source.socketDir, 'space');
    await mkdir(place);
    await chown(place, (await stat(source.dataDir)).uid, -1);
    await source.sql(`create tablespace fast location '${place}'`);
    await source.sql('alter table "Genre" set tablespace fast', 'chinook');
  });
  after(async () => {
    await restorer?.close();
    await source?.stop();
    await target?.stop();
  });
  afterEach(async () => {
    await target.sql('drop database if exists copy');
    await target.sql('drop role if exists "The Owner"; drop role if exists reader');
  });

  async function dump(...options: string[]): Promise<string> {
    const path = join(folder(), 'dump');
    await runTool(source, 15, 'pg_dump', ['-f', path, ...options, 'chinook']);
    return path;
  }
  const owner = async (): Promise<string> =>
    await target.sql(`select tableowner from pg_tables where tablename = 'Album'`, 'copy');

  it('is told with what can be done, and each of it makes the restore run through', async () => {
    const request: RestoreRequest = { artifact: await dump('-Fc'), database: 'copy', strategy: 'new' };
    const plan = await restorer.plan(request);
    const fixes = plan.warnings.flatMap((warning) => warning.fixes ?? []);
    assert.deepEqual(
      fixes.map(({ id }) => id),
      ['createRoles', 'noOwner', 'mapOwners', 'noTablespaces'],
    );
    for (const [roles, expected] of [
      ['createRoles', 'The Owner'],
      ['noOwner', 'postgres'],
      ['mapOwners', 'postgres'],
    ]) {
      const chosen = fixes.filter(({ id }) => id === roles || id === 'noTablespaces');
      const better = await restorer.plan(chosen.reduce((all, { set }) => applyFix(all, set), request));
      assert.deepEqual(
        better.warnings.filter(({ fixes: left }) => left?.length),
        [],
      );
      const outcome = await restorer.run(better);
      assert.equal(outcome.state, 'succeeded', JSON.stringify(outcome.error));
      assert.deepEqual(outcome.messages, { harmless: 0, degraded: 0, failed: 0 });
      assert.equal(await owner(), expected);
      await target.sql('drop database copy');
      await target.sql('drop role if exists "The Owner"; drop role if exists reader');
    }
  });

  it('of a script, too: roles that are made cannot log in', async () => {
    const request: RestoreRequest = { artifact: await dump('-Fp'), database: 'copy', strategy: 'new' };
    const [warning] = (await restorer.plan(request)).warnings.filter(({ code }) => code === 'target.role');
    assert.deepEqual(
      warning?.fixes?.map(({ id }) => id),
      ['createRoles', 'noOwner', 'mapOwners'],
    );
    const better = await restorer.plan(applyFix({ ...request, tolerant: true }, warning!.fixes![0]!.set));
    assert.match(better.steps[0]!.title, /Create the roles/);
    await restorer.run(better);
    assert.equal(await owner(), 'The Owner');
    assert.equal(await target.sql(`select rolcanlogin from pg_roles where rolname = 'The Owner'`), 'f');
  });

  it('with roles made first, a cancel still takes away only what was made', async () => {
    const request = {
      artifact: await dump('-Fc'),
      database: 'copy',
      strategy: 'new',
      createRoles: ['reader'],
    } as const;
    const steps = (await restorer.plan({ ...request, createRoles: ['reader'] })).steps.length;
    for (let at = 0; at < steps; at++) {
      const plan = await restorer.plan({ ...request, createRoles: ['reader'] });
      const cancel = new AbortController();
      const outcome = await restorer.run(plan, {
        signal: cancel.signal,
        onEvent: (event) => {
          if (event.type === 'step' && event.index === at) cancel.abort();
        },
      });
      assert.equal(outcome.state, 'cancelled', `at step ${at}`);
      assert.equal(
        await target.sql(`select count(*) from pg_database where datname = 'copy'`),
        '0',
        `at step ${at}`,
      );
      await target.sql('drop role if exists reader');
    }
  });

  it('too little room on the disk is told before, as the estimate it is', async () => {
    const request: RestoreRequest = { artifact: await dump('-Fc'), database: 'copy', strategy: 'new' };
    const first = await restorer.plan(request);
    assert.ok(first.estimate.bytes! > 100_000 && first.estimate.freeBytes! > first.estimate.bytes!);
    assert.match(first.checked!.find(({ code }) => code === 'target.disk')!.text, /an estimate/);
    // A rehearsal measured what the database takes: more than any disk has.
    const evidence = {
      level: 'rehearsal',
      ok: true,
      at: new Date().toISOString(),
      databaseBytes: 1e18,
      restoreMs: 42_000,
    };
    await recordEvidence(request.artifact, evidence as Evidence, []);
    const plan = await restorer.plan(request);
    const blocking = plan.warnings.find(({ code }) => code === 'target.disk');
    assert.equal(blocking?.blocks, true);
    assert.equal(plan.estimate.durationMs, 42_000);
    const again = await restorer.plan(applyFix(request, blocking.fixes![0]!.set));
    assert.equal(again.warnings.find(({ code }) => code === 'target.disk')?.blocks, undefined);
  });

  it('roles come back as they were, from the globals kept with the backup', async () => {
    await source.sql(`create role "The Group"; grant "The Group" to "The Owner"`);
    await source.sql(`alter role "The Owner" login password 'secret' connection limit 7`);
    const maker = await Restorer.open(source, restorer.builds);
    const backup = await maker.with((context) =>
      planBackup(
        { method: 'dump', database: 'chinook', format: 'custom', withGlobals: true },
        { ...context, folder: folder() },
      ),
    );
    assert.equal((await maker.run(backup)).state, 'succeeded');
    await maker.close();
    const request: RestoreRequest = { artifact: backup.artifact!.path, database: 'copy', strategy: 'new' };
    const [warning] = (await restorer.plan(request)).warnings.filter(({ code }) => code === 'target.role');
    const fix = warning!.fixes!.find(({ id }) => id === 'rolesFromGlobals')!;
    const better = await restorer.plan(
      applyFix(request, { ...fix.set, options: { 'no-tablespaces': true } }),
    );
    const events: JobEvent[] = [];
    const outcome = await restorer.run(better, { onEvent: (event) => events.push(event) });
    assert.equal(outcome.state, 'succeeded', JSON.stringify(outcome.error));
    assert.ok(!JSON.stringify([better, events]).includes('SCRAM'), 'no password is kept');
    const facts = `select rolcanlogin, rolconnlimit, (select rolpassword like 'SCRAM%' from pg_authid a where a.oid = r.oid)
      from pg_roles r where rolname = 'The Owner'`;
    assert.equal(await target.sql(facts), 't|7|t');
    assert.equal(await owner(), 'The Owner');
    await source.sql('drop role "The Group"');
  });
});
