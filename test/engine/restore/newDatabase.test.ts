import assert from 'node:assert/strict';
import { readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { loadSample, rowsOf, runTool, schemaOf } from '../../support/databases';
import { useTempFolder } from '../../support/fixtures';
import { startCluster, type Cluster } from '../../support/postgres';
import { Restorer } from '../../support/restoring';
import { findBuilds } from '../../../src/engine/tools';
import { planCreatePoint, planRehearsal, type RestoreRequest } from '../../../src/engine/restore';

describe('restore into a new database', function () {
  this.timeout(120_000);
  const folder = useTempFolder();
  let cluster: Cluster;
  let restorer: Restorer;
  let count = 0;

  before(async () => {
    cluster = await startCluster(17);
    restorer = await Restorer.open(cluster);
    await loadSample(cluster, 'chinook');
    await cluster.sql(`create role plain login password 'p'; create role maker login createdb password 'p'`);
  });
  after(async () => {
    await restorer?.close();
    await cluster?.stop();
  });

  async function dump(database: string, ...args: string[]): Promise<string> {
    const path = join(folder(), `dump${++count}`);
    await runTool(cluster, 17, 'pg_dump', ['-f', path, ...args, database]);
    return path;
  }

  async function databases(): Promise<string[]> {
    return (await cluster.sql('select datname from pg_database order by 1')).split('\n');
  }

  const request = (artifact: string, more: Partial<RestoreRequest> = {}): RestoreRequest => ({
    artifact,
    database: `copy${++count}`,
    strategy: 'new',
    ...more,
  });

  it('refuses a name that is taken, and touches nothing', async () => {
    const path = await dump('chinook', '-Fc');
    const before = await databases();
    await assert.rejects(restorer.plan(request(path, { database: 'chinook' })), {
      code: 'restore.databaseExists',
    });
    assert.deepEqual(await databases(), before);
  });

  it('does not drop a database that somebody else made after the plan', async () => {
    const plan = await restorer.plan(request(await dump('chinook', '-Fc'), { database: 'theirs' }));
    await cluster.sql('create database theirs');
    assert.equal((await restorer.run(plan)).state, 'failed');
    assert.ok((await databases()).includes('theirs'));
    await cluster.sql('drop database theirs');
  });

  it('names the missing right to create databases', async () => {
    const path = await dump('chinook', '-Fc');
    await assert.rejects(restorer.plan(request(path), { user: 'plain', password: 'p' }), {
      code: 'restore.createDb',
      sqlState: '42501',
    });
  });

  it('as a role that only may create databases: owners are degraded, the rows are there', async () => {
    const path = await dump('chinook', '-Fc');
    const who = { user: 'maker', password: 'p' };
    const asked = request(path);
    const outcome = await restorer.restore(asked, who);
    assert.equal(outcome.state, 'succeeded', JSON.stringify(outcome.error));
    assert.ok(outcome.messages.degraded > 0);
    assert.deepEqual(await rowsOf(cluster, asked.database!), await rowsOf(cluster, 'chinook'));
    const without = await restorer.restore(request(path, { options: { 'no-owner': true } }), who);
    assert.equal(without.state, 'succeeded', JSON.stringify(without.error));
    assert.equal(without.messages.degraded, 0);
  });

  it('warns of missing roles before it starts', async () => {
    await cluster.sql('create role gone');
    await cluster.sql('create database needy');
    await cluster.sql(`create table t (); alter table t owner to gone`, 'needy');
    const path = await dump('needy', '-Fc');
    await cluster.sql('drop owned by gone', 'needy');
    await cluster.sql('drop role gone');
    const plan = await restorer.plan(request(path));
    assert.deepEqual(
      plan.warnings.map((w) => w.code),
      ['target.role'],
    );
    assert.match(plan.warnings[0]!.text, /gone/);
    const outcome = await restorer.run(plan);
    assert.equal(outcome.state, 'succeeded');
    assert.equal(outcome.messages.degraded, 1);
    assert.deepEqual((await restorer.plan(request(path, { options: { 'no-owner': true } }))).warnings, []);
    // A script ends there, says so beforehand, and leaves nothing.
    const script = join(folder(), 'needy.sql');
    await writeFile(
      script,
      (await readFile(await dump('chinook'), 'utf8')).replaceAll(/(OWNER TO|Owner:) postgres/g, '$1 gone'),
    );
    const asked = request(script);
    const scripted = await restorer.plan(asked);
    assert.deepEqual(
      scripted.warnings.map((w) => w.code),
      ['target.role', 'restore.willStop'],
    );
    const failed = await restorer.run(scripted);
    assert.equal(failed.state, 'failed');
    assert.equal(failed.error?.code, 'restore.ownerMissing');
    assert.ok(!(await databases()).includes(asked.database!));
    const tolerant = await restorer.restore({ ...asked, tolerant: true });
    assert.equal(tolerant.state, 'succeeded', JSON.stringify(tolerant.error));
    assert.ok(tolerant.messages.degraded > 10);
    assert.deepEqual(await rowsOf(cluster, asked.database!), await rowsOf(cluster, 'chinook'));
  });

  it('warns of missing extensions, and fails for them without leaving a database', async () => {
    await cluster.sql('create database extended');
    await cluster.sql(
      'create extension pgcrypto; create table t as select gen_random_bytes(3) as b',
      'extended',
    );
    const path = await dump('extended', '-Fc');
    const bytes = await readFile(path);
    for (let at = bytes.indexOf('pgcrypto'); at !== -1; at = bytes.indexOf('pgcrypto'))
      bytes.write('pgnosuch', at);
    await writeFile(path, bytes);
    const asked = request(path);
    const plan = await restorer.plan(asked);
    assert.deepEqual(
      plan.warnings.map((w) => w.code),
      ['target.extension'],
    );
    const outcome = await restorer.run(plan);
    assert.equal(outcome.error?.code, 'restore.extensionMissing', JSON.stringify(outcome.error));
    assert.match(outcome.error?.next ?? '', /package/);
    assert.ok(!(await databases()).includes(asked.database!));
  });

  it('warns of missing tablespaces; what was kept there goes to the default place', async () => {
    await cluster.sql('create database spaced');
    await cluster.sql('alter system set allow_in_place_tablespaces = on');
    await cluster.sql('select pg_reload_conf()');
    const space = '"far ""away"" place"';
    await cluster.sql(`create tablespace ${space} location ''`);
    await cluster.sql(`create table t tablespace ${space} as select 1 as a`, 'spaced');
    const path = await dump('spaced', '-Fc');
    await cluster.sql('alter table t set tablespace pg_default', 'spaced');
    await cluster.sql(`drop tablespace ${space}`);
    const asked = request(path);
    const plan = await restorer.plan(asked);
    assert.deepEqual(
      plan.warnings.map((w) => w.code),
      ['target.tablespace'],
    );
    const outcome = await restorer.run(plan);
    assert.equal(outcome.state, 'succeeded', JSON.stringify(outcome.error));
    assert.equal(outcome.messages.degraded, 1);
    assert.equal(await cluster.sql('select a from t', asked.database), '1');
    const without = await restorer.restore(request(path, { options: { 'no-tablespaces': true } }));
    assert.equal(without.messages.degraded, 0);
  });

  it('a standby is refused, whatever is to be done there', async () => {
    const standby = await startCluster(17, { standby: true });
    const other = await Restorer.open(standby, restorer.builds);
    try {
      const path = await dump('chinook', '-Fc');
      const refused = { code: 'restore.standby' };
      for (const strategy of ['new', 'replace', 'in-place'] as const)
        await assert.rejects(other.plan(request(path, { strategy, database: 'postgres' })), refused);
      await assert.rejects(
        other.with((context) => planRehearsal({ artifact: path }, context)),
        refused,
      );
      // What it has can be kept all the same, as a dump.
      const point = await other.with((context) => planCreatePoint({ database: 'postgres' }, context));
      assert.ok(point.artifact);
    } finally {
      await other.close();
      await standby.stop();
    }
  });

  it('through a prefix: the file is streamed from here, directories are refused', async () => {
    const prefix = ['env', `PATH=${cluster.bin}:${process.env.PATH}`];
    const elsewhere = await Restorer.open(cluster, await findBuilds({ prefix }));
    try {
      for (const format of ['-Fc', '-Ft', '-Fp']) {
        const asked = request(await dump('chinook', format));
        const plan = await elsewhere.plan(asked);
        const step = plan.steps.find((one) => one.do === 'tool');
        assert.equal(step?.stdin, asked.artifact);
        assert.ok(!step?.args.includes(asked.artifact));
        const outcome = await elsewhere.run(plan);
        assert.equal(outcome.state, 'succeeded', JSON.stringify(outcome.error));
        assert.deepEqual(await rowsOf(cluster, asked.database!), await rowsOf(cluster, 'chinook'));
      }
      await assert.rejects(elsewhere.plan(request(await dump('chinook', '-Fd'))), {
        code: 'restore.options',
      });
    } finally {
      await elsewhere.close();
    }
  });

  it('takes encoding and locale from the archive', async () => {
    await cluster.sql(`create database latin template template0 encoding 'LATIN1' locale 'C'`);
    await cluster.sql(`create table t as select 'Straße'::text as a`, 'latin');
    for (const format of ['-Fc', '-Fp']) {
      const asked = request(await dump('latin', format));
      assert.equal((await restorer.restore(asked)).state, 'succeeded');
      assert.equal(await cluster.sql('select a from t', asked.database), 'Straße');
      const encoding = await cluster.sql(
        `select pg_encoding_to_char(encoding) from pg_database where datname = '${asked.database}'`,
      );
      // A script does not say what its database was like; UTF8 takes everything.
      assert.equal(encoding, format === '-Fc' ? 'LATIN1' : 'UTF8');
    }
  });

  it('falls back with a warning when the target lacks the locale', async () => {
    const path = await dump('chinook', '-Fc');
    const bytes = await readFile(path);
    for (let at = bytes.indexOf(`'C.UTF-8'`); at !== -1; at = bytes.indexOf(`'C.UTF-8'`))
      bytes.write(`'xx_YY.8'`, at);
    await writeFile(path, bytes);
    const asked = request(path);
    const plan = await restorer.plan(asked);
    assert.deepEqual(
      plan.warnings.map((w) => w.code),
      ['target.locale'],
    );
    assert.match(plan.warnings[0]!.text, /xx_YY\.8/);
    assert.equal((await restorer.run(plan)).state, 'succeeded');
    assert.deepEqual(await rowsOf(cluster, asked.database!), await rowsOf(cluster, 'chinook'));
  });

  it('restores wrapped archives and scripts, and a script that went through PowerShell', async () => {
    const archive = await readFile(await dump('chinook', '-Fc'));
    const tar = await readFile(await dump('chinook', '-Ft'));
    const script = await readFile(await dump('chinook'));
    const utf16 = Buffer.concat([
      Buffer.from([0xff, 0xfe]),
      Buffer.from(script.toString('utf8').replaceAll('\n', '\r\n'), 'utf16le'),
    ]);
    const files = {
      'a.dump.gz': gzipSync(archive),
      'a.tar.gz': gzipSync(tar),
      'a.sql.gz': gzipSync(script),
      'a.sql.zst': zstdCompressSync(script),
      'a.sql': utf16,
    };
    for (const [name, bytes] of Object.entries(files)) {
      const path = join(folder(), name);
      await writeFile(path, bytes);
      const asked = request(path);
      const outcome = await restorer.restore(asked);
      assert.equal(outcome.state, 'succeeded', `${name}: ${JSON.stringify(outcome.error)}`);
      assert.deepEqual(await rowsOf(cluster, asked.database!), await rowsOf(cluster, 'chinook'), name);
      assert.equal(
        await schemaOf(cluster, asked.database!, 17),
        await schemaOf(cluster, 'chinook', 17),
        name,
      );
    }
  });

  it('chooses jobs by cores and size, and refuses them where they cannot be', async () => {
    const custom = await dump('chinook', '-Fc');
    const tar = await dump('chinook', '-Ft');
    const wrapped = join(folder(), 'w.gz');
    await writeFile(wrapped, gzipSync(await readFile(custom)));
    const jobsOf = async (more: Partial<RestoreRequest>, path = custom): Promise<string | undefined> => {
      const plan = await restorer.plan(request(path, more));
      const step = plan.steps.find((s) => s.do === 'tool')!;
      return step.args.find((arg) => arg.startsWith('--jobs'));
    };
    assert.equal(await jobsOf({}), undefined, 'too small to be worth it');
    assert.equal(await jobsOf({ options: { jobs: 2 } }), '--jobs=2');
    for (const path of [tar, wrapped])
      await assert.rejects(jobsOf({ options: { jobs: 2 } }, path), { code: 'restore.options' });
    await assert.rejects(jobsOf({ options: { jobs: 2, 'single-transaction': true } }), {
      code: 'restore.options',
    });
    const outcome = await restorer.restore(request(custom, { options: { jobs: 2 } }));
    assert.equal(outcome.state, 'succeeded', JSON.stringify(outcome.error));
  });

  it('holds a script with psql commands of its own back, and lists them', async () => {
    const path = join(folder(), 'evil.sql');
    const marker = join(folder(), 'marker');
    const text = (await readFile(await dump('chinook'), 'utf8')).replace(/^\\(un)?restrict .*$/gm, '');
    await writeFile(path, text.replace('CREATE TABLE', `\\! touch ${marker}\nCREATE TABLE`));
    await assert.rejects(restorer.plan(request(path)), (error: { code: string; why: string }) => {
      assert.equal(error.code, 'script.metaCommands');
      assert.match(error.why, /line \d+: \\! touch/);
      return true;
    });
    await assert.rejects(stat(marker));
    const outcome = await restorer.restore(request(path, { allowMetaCommands: true }));
    assert.equal(outcome.state, 'succeeded', JSON.stringify(outcome.error));
    await stat(marker);
  });

  it('restores a script made with --create under its own name only', async () => {
    await cluster.sql(`create database "Own ""Name"" é"`);
    await cluster.sql('create table t as select 1 as a', 'Own "Name" é');
    const path = await dump('Own "Name" é', '--create');
    await assert.rejects(restorer.plan(request(path)), { code: 'script.otherDatabase' });
    await assert.rejects(restorer.plan(request(path, { database: 'Own "Name" é' })), {
      code: 'restore.databaseExists',
    });
    await cluster.sql(`drop database "Own ""Name"" é"`);
    const outcome = await restorer.restore(request(path, { database: 'Own "Name" é' }));
    assert.equal(outcome.state, 'succeeded', JSON.stringify(outcome.error));
    assert.equal(await cluster.sql('select a from t', 'Own "Name" é'), '1');
  });

  it('carries owner, settings, privileges and comment of the database with --create', async () => {
    await cluster.sql('create database proper owner maker');
    await cluster.sql(
      `alter database proper set work_mem = '7MB'; grant connect on database proper to plain; comment on database proper is 'it''s'`,
    );
    const path = await dump('proper', '-Fc');
    const state = `select d.datacl, pg_get_userbyid(datdba), shobj_description(oid, 'pg_database'), setconfig
      from pg_database d join pg_db_role_setting on setdatabase = oid where datname = 'proper'`;
    const before = await cluster.sql(state);
    await cluster.sql('drop database proper');
    const outcome = await restorer.restore(request(path, { database: 'proper', options: { create: true } }));
    assert.equal(outcome.state, 'succeeded', JSON.stringify(outcome.error));
    assert.equal(await cluster.sql(state), before);
    await assert.rejects(restorer.plan(request(path, { options: { create: true } })), {
      code: 'restore.options',
    });
  });

  describe('what is no backup, or no whole one', () => {
    const inputs: Record<string, { bytes: () => Promise<Buffer>; code: string }> = {
      empty: { bytes: async () => Buffer.alloc(0), code: 'artifact.' },
      'text that is no dump': {
        bytes: async () => Buffer.from('Dear diary,\nthis is no backup.\n'),
        code: 'artifact.',
      },
      'a binary archive that went through PowerShell': {
        bytes: async () =>
          Buffer.concat([
            Buffer.from([0xff, 0xfe]),
            Buffer.from((await readFile(await dump('chinook', '-Fc'))).toString('latin1'), 'utf16le'),
          ]),
        code: 'artifact.',
      },
      'an archive cut in its contents': {
        bytes: async () => (await readFile(await dump('chinook', '-Fc'))).subarray(0, 3000),
        code: 'artifact.',
      },
    };
    for (const [name, { bytes, code }] of Object.entries(inputs))
      it(name, async () => {
        const path = join(folder(), 'x');
        await writeFile(path, await bytes());
        await assert.rejects(restorer.plan(request(path)), (error: { code: string; next: string }) => {
          assert.ok(error.code.startsWith(code), error.code);
          assert.ok(error.next);
          return true;
        });
      });

    const damaged: Record<string, () => Promise<string>> = {
      'an archive cut in its rows': async () => {
        const path = await dump('chinook', '-Fc');
        await truncate(path, Math.floor((await stat(path)).size * 0.8));
        return path;
      },
      'a script cut in a row': async () => {
        const path = await dump('chinook');
        await truncate(path, Math.floor((await stat(path)).size * 0.8));
        return path;
      },
      'a gzipped script cut short': async () => {
        const path = join(folder(), 'cut.sql.gz');
        const bytes = gzipSync(await readFile(await dump('chinook')));
        await writeFile(path, bytes.subarray(0, Math.floor(bytes.length * 0.8)));
        return path;
      },
      'an archive with a flipped bit': async () => {
        const path = await dump('chinook', '-Fc');
        const bytes = await readFile(path);
        const at = Math.floor(bytes.length * 0.9);
        bytes[at] = bytes[at]! ^ 0x10;
        await writeFile(path, bytes);
        return path;
      },
    };
    for (const [name, make] of Object.entries(damaged))
      it(`${name}: fails, says so, and leaves no database`, async () => {
        const before = await databases();
        const path = await make();
        // Seen while planning or while restoring: either way nothing is left.
        try {
          const outcome = await restorer.restore(request(path));
          assert.equal(outcome.state, 'failed');
          assert.ok(outcome.error?.next && outcome.error.why, JSON.stringify(outcome.error));
        } catch (error) {
          assert.ok((error as { code: string }).code.startsWith('a'), String(error));
        }
        assert.deepEqual(await databases(), before);
      });
  });
});
