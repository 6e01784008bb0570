import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeManifest } from '../../../src/engine/artifacts';
import { planBackup } from '../../../src/engine/backup';
import { loadSample, rowsOf, runTool, schemaOf } from '../../support/databases';
import { startCluster, type Cluster } from '../../support/postgres';
import { accessTo, Restorer } from '../../support/restoring';

describe('restore a whole server', function () {
  this.timeout(240_000);
  let source: Cluster;
  let folder: string;
  let target: Cluster;
  let restorer: Restorer;

  before(async () => {
    source = await startCluster(17);
    folder = await mkdtemp(join(tmpdir(), 'rp-cluster-'));
    await loadSample(source, 'chinook', 'Shop "é" 1');
    await loadSample(source, 'nasty');
    await source.sql(`create role app login password 'hunter2-secret'; grant reader to app`);
    await source.sql(`alter database nasty set work_mem = '9MB'`);
    await source.sql(`grant create on database nasty to reader; alter database nasty owner to app`);
  });
  after(async () => {
    await source?.stop();
    await rm(folder, { recursive: true, force: true });
  });
  beforeEach(async () => {
    target = await startCluster(17);
    restorer = await Restorer.open(target);
  });
  afterEach(async () => {
    await restorer?.close();
    await target?.stop();
  });

  const state = `select string_agg(format('%s %s %s', datname, pg_get_userbyid(datdba), datacl), ',' order by datname) from pg_database where datname !~ '__point_'`;
  const settings = `select string_agg(format('%s %s', datname, setconfig), ',') from pg_db_role_setting join pg_database d on d.oid = setdatabase`;
  const roles = `select string_agg(format('%s %s %s', rolname, rolcanlogin, rolpassword), ',' order by rolname) from pg_authid where rolname !~ '^pg_' and rolname <> 'postgres'`;

  async function same(): Promise<void> {
    for (const database of ['Shop "é" 1', 'nasty']) {
      assert.deepEqual(await rowsOf(target, database), await rowsOf(source, database));
      assert.equal(await schemaOf(target, database, 17), await schemaOf(source, database, 17));
    }
    for (const query of [state, settings, roles])
      assert.equal(await target.sql(query), await source.sql(query));
  }

  it('a cluster script: the role that is there already is harmless, no password shows up anywhere', async () => {
    const path = join(folder, 'all.sql');
    await runTool(source, 17, 'pg_dumpall', ['-f', path]);
    const plan = await restorer.plan({ artifact: path, strategy: 'new' });
    assert.ok(plan.warnings.some((w) => w.code === 'cluster.where' && w.text.includes('Shop "é" 1')));
    assert.deepEqual(
      plan.locks.map((lock) => lock.database),
      ['*'],
    );
    const events: unknown[] = [];
    const outcome = await restorer.run(plan, { onEvent: (event) => events.push(event) });
    assert.equal(outcome.state, 'succeeded', JSON.stringify(outcome.error));
    assert.equal(outcome.messages.failed, 0);
    assert.ok(outcome.messages.harmless >= 1);
    await same();
    assert.ok(!JSON.stringify([plan, events, outcome]).includes('SCRAM'));
    // Once more: the databases are there.
    await assert.rejects(restorer.plan({ artifact: path, strategy: 'new' }), {
      code: 'restore.databaseExists',
    });
    const over = await restorer.plan({ artifact: path, strategy: 'in-place' });
    assert.equal(over.destroys.length, 2);
  });

  it('globals only', async () => {
    const path = join(folder, 'globals.sql');
    await runTool(source, 17, 'pg_dumpall', ['--globals-only', '-f', path]);
    const outcome = await restorer.restore({ artifact: path, strategy: 'new' });
    assert.equal(outcome.state, 'succeeded', JSON.stringify(outcome.error));
    assert.equal(await target.sql(roles), await source.sql(roles));
  });

  for (const format of ['custom', 'directory'] as const)
    it(`a set (${format}): globals, then every database with what belongs to it`, async () => {
      const access = await accessTo(source);
      const maker = await Restorer.open(source, restorer.builds);
      const backup = await planBackup(
        { method: 'set', format },
        { access, builds: restorer.builds, folder, now: new Date(`2026-01-${9 + format.length}T00:00:00Z`) },
      );
      await access.close();
      const made = await maker.run(backup);
      await maker.close();
      assert.equal(made.state, 'succeeded', JSON.stringify(made.error));
      const path = backup.artifact!.path;
      const outcome = await restorer.restore({ artifact: path, strategy: 'new' });
      assert.equal(outcome.state, 'succeeded', JSON.stringify(outcome.error));
      assert.equal(outcome.messages.failed, 0);
      await same();
      // One of them, in place.
      await target.sql('delete from "PlaylistTrack"', 'Shop "é" 1');
      const one = { artifact: path, database: 'Shop "é" 1', strategy: 'in-place' as const };
      assert.equal((await restorer.restore(one)).state, 'succeeded');
      await same();
      await assert.rejects(restorer.plan({ ...one, database: 'nonesuch' }), { code: 'restore.notInSet' });
      // A failure in one database takes away what the restore made, and nothing else.
      for (const database of ['nasty', 'Shop "é" 1'])
        await target.sql(`drop database "${database.replaceAll('"', '""')}"`);
      await target.sql('create database untouched');
      const plan = await restorer.plan({ artifact: path, strategy: 'new' });
      await target.sql('create database nasty');
      assert.equal((await restorer.run(plan)).state, 'failed');
      assert.deepEqual(
        (
          await target.sql(
            'select datname from pg_database where not datistemplate and datname !~ $$__point_$$ order by 1',
          )
        ).split('\n'),
        ['nasty', 'postgres', 'untouched'],
      );
    });

  it('a set whose manifest leads out of it is refused', async () => {
    const path = join(folder, 'evil');

    await mkdir(path);
    await writeFile(join(path, 'a.dump'), 'x');
    await writeManifest(path, {
      manifestVersion: 1,
      method: 'set',
      format: 'set',
      compression: 'none',
      artifact: 'evil',
      source: {
        connection: 'x',
        server: 'x:1',
        database: '*',
        serverVersion: '17',
        systemIdentifier: null,
        lsn: null,
      },
      tool: { name: 'pg_dump', version: '17' },
      options: {},
      files: [{ path: '../../etc/passwd', bytes: 1, sha256: '0'.repeat(64), holds: 'a' }],
      bytes: 1,
      tables: [],
      startedAt: '2026-01-01T00:00:00Z',
      durationMs: 1,
      evidence: [],
      notes: '',
      madeBy: 'test',
    });
    await assert.rejects(restorer.plan({ artifact: path, strategy: 'new' }), (error: { code: string }) =>
      error.code.startsWith('artifact.'),
    );
  });
});
