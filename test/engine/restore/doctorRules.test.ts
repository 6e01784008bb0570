import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, open, readFile, rm, stat, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { diagnose, doctorRules } from '../../../src/engine/restore';
import { psqlArgs } from '../../../src/engine/restore/psqlArgs';
import type { JobMessage } from '../../../src/engine/jobs/events';
import { conninfo, postgresBin, startCluster, type Cluster } from '../../support/postgres';

/** Provokes every rule of the doctor against a real server, with the tools of another major where that matters. */
for (const [server, tools] of [
  [15, 17],
  [17, 17],
  [18, 18],
] as const) {
  describe(`failure doctor, server ${server}, tools ${tools}`, function () {
    this.timeout(120_000);
    let cluster: Cluster;
    let folder: string;
    let count = 0;

    before(async () => {
      cluster = await startCluster(server);
      folder = await mkdtemp(join(tmpdir(), 'rp-doctor-'));
      await cluster.sql('create role plain login');
    });
    after(async () => {
      await cluster?.stop();
      await rm(folder, { recursive: true, force: true });
    });

    async function run(
      tool: 'psql' | 'pg_restore' | 'pg_dump',
      args: string[],
      stdin = '',
    ): Promise<{ code: number | null; stderr: string }> {
      const child = spawn(join(postgresBin(tools)!, tool), args, {
        env: { PATH: process.env.PATH, LC_ALL: 'C', PGHOST: cluster.socketDir, PGPORT: String(cluster.port) },
        stdio: ['pipe', 'ignore', 'pipe'],
      });
      let stderr = '';
      child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
      child.stdin.on('error', () => {});
      child.stdin.end(stdin);
      const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
      return { code, stderr };
    }

    async function freshDatabase(suffix = ''): Promise<string> {
      const name = `d${++count}`;
      await cluster.sql(`create database ${name} template template0 ${suffix}`);
      return name;
    }

    /** What the doctor says of a script. */
    async function script(
      sql: string,
      options: { database?: string; user?: string } = {},
    ): Promise<JobMessage[]> {
      const { database = await freshDatabase(), user = 'postgres' } = options;
      const args = [...psqlArgs({ stopOnError: false }), '-f', '-'];
      const { stderr } = await run('psql', [...args, '-U', user, '-d', conninfo(database)], sql);
      return diagnose('psql', stderr);
    }

    /** Dumps a database made by `sql` into a custom archive. */
    async function archive(sql: string): Promise<string> {
      const database = await freshDatabase();
      await cluster.sql(sql, database);
      const path = join(folder, `${database}.dump`);
      const { code, stderr } = await run('pg_dump', ['-U', 'postgres', '-Fc', '-f', path, database]);
      assert.equal(code, 0, stderr);
      return path;
    }

    async function restore(
      path: string,
      options: { database?: string; user?: string; args?: string[] } = {},
    ): Promise<JobMessage[]> {
      const { database = await freshDatabase(), user = 'postgres', args = [] } = options;
      const { stderr } = await run('pg_restore', ['--verbose', '-U', user, ...args, '-d', database, path]);
      return diagnose('pg_restore', stderr);
    }

    const cases: Record<string, () => Promise<JobMessage[]>> = {
      transactionAborted: () => script('begin; select 1/0; select 1; rollback;'),
      roleExists: () => script('create role postgres;'),
      // Nothing pg_dump sets is unknown to a new server.
      ...(server < 17 && { settingUnknown: () => script('SET transaction_timeout = 0;') }),
      settingInRoutine: () =>
        script(`create function f() returns int language sql\nset nonsense_setting to '1' as 'select 1';`),
      settingLost: () => script('alter database postgres set nonsense_setting = 1;'),
      schemaPublicExists: () => script('create schema public;'),
      extensionExists: () => script('create extension plpgsql;'),
      languageExists: () => script('create language plpgsql handler plpgsql_call_handler;'),
      extensionMissing: () => script('create extension nonesuch;'),
      localeMissing: () => script(`create collation x (locale = 'xx_YY.UTF-8');`),
      tablespaceMissing: () => script('SET default_tablespace = nonesuch;'),
      permissionDenied: () => script('create schema s;', { user: 'plain' }),
      extensionDenied: () => script('create extension file_fdw;', { user: 'plain' }),
      accessMethodMissing: () => script('SET default_table_access_method = nonesuch;'),
      labelProviderMissing: () => script(`create table a (); security label for nonesuch on table a is 'x';`),
      replicationDenied: () =>
        script(`create subscription s connection 'host=nowhere' publication p with (connect = false);`, {
          user: 'plain',
        }),
      rowsRefused: () =>
        script(
          'create table a (id int primary key); create table b (a int references a); insert into b values (1);',
        ),
      invalidInput: () => script('create table a (id int); COPY a FROM stdin;\nx\n\\.\n'),
      connectionLost: () => script('select pg_terminate_backend(pg_backend_pid());'),
      cancelled: () => script('set statement_timeout = 1; select pg_sleep(5);'),
      dependents: () => script('create table a (); create view v as select from a; drop table a;'),
      databaseExists: () => script('create database postgres;'),
      objectExists: () => script('create table a (); create table a ();'),
      followsFailure: () => script('alter table a add b int;'),
      readOnly: () => script('set default_transaction_read_only = on; create table a ();'),
      serverLimits: () =>
        script(
          `set work_mem = '64kB'; set temp_file_limit = '64kB'; select * from generate_series(1, 100000) g order by -g;`,
        ),
      syntax: () => script('selec 1;'),
      newerFeature: () => script('create table a (x int, y int); create index on a using hash (x, y);'),
      // From 17 on psql skips the rows of a COPY that failed; older ones read each as a command.
      rowsAsCommands: () => script('\\N\n\\nonesuch\n'),
      commandRestricted: () => script('\\restrict key\n\\echo x\n'),
      duplicateKey: async () => {
        const path = await archive('create table a (id int primary key); insert into a values (1)');
        const database = await freshDatabase();
        await restore(path, { database });
        return await restore(path, { database, args: ['--data-only'] });
      },
      notUnique: async () => {
        const path = await archive('create table a (id int primary key); insert into a values (1)');
        const database = await freshDatabase();
        await cluster.sql('create table a (id int); insert into a values (1)', database);
        return await restore(path, { database });
      },
      encodingMismatch: async () => {
        const database = await freshDatabase(`encoding 'LATIN1' locale 'C'`);
        return await script(`set client_encoding = 'UTF8'; select length('\u20ac');`, { database });
      },
      lockRefused: async () => {
        const database = await freshDatabase();
        const client = new pg.Client({
          host: cluster.socketDir,
          port: cluster.port,
          user: 'postgres',
          database,
        });
        await client.connect();
        try {
          return await script(`drop database ${database};`, { database: 'postgres' });
        } finally {
          await client.end();
        }
      },
      extensionComment: async () => {
        const path = await archive('create extension pgcrypto');
        const database = await freshDatabase();
        await cluster.sql(`create extension pgcrypto; grant create on schema public to plain`, database);
        return await restore(path, { database, user: 'plain' });
      },
      ownerDenied: async () => {
        const path = await archive('create table a (id int)');
        const database = await freshDatabase();
        await cluster.sql(`grant create on schema public to plain`, database);
        return await restore(path, { database, user: 'plain' });
      },
      ownerMissing: async () => {
        await cluster.sql('create role gone');
        const path = await archive('create table a (); alter table a owner to gone');
        await cluster.sql('drop owned by gone', `d${count}`);
        await cluster.sql('drop role gone');
        return await restore(path);
      },
      roleMissing: async () => {
        await cluster.sql('create role gone');
        const path = await archive('create table a (); create policy p on a to gone');
        await cluster.sql('drop owned by gone', `d${count}`);
        await cluster.sql('drop role gone');
        return await restore(path);
      },
      roleMissingSet: async () =>
        await restore(await archive('create table a ()'), { args: ['--role=gone'] }),
      dropMissing: async () =>
        await restore(await archive('create table a (id int primary key)'), { args: ['--clean'] }),
      archiveDamaged: async () => {
        const path = await archive(
          'create table a as select g, md5(g::text) from generate_series(1, 9000) g',
        );
        await truncate(path, (await stat(path)).size - 20_000);
        return await restore(path);
      },
      archiveTooNew: async () => {
        const path = await archive('create table a ()');
        const file = await open(path, 'r+');
        await file.write(Buffer.from([99]), 0, 1, 6);
        await file.close();
        return await restore(path);
      },
      connectionFailed: async () =>
        await restore(await archive('create table a ()'), { database: 'nonesuch' }),
    };

    for (const [id, provoke] of Object.entries(cases))
      it(id, async () => {
        const rule = doctorRules.find((r) => r.id === id);
        assert.ok(rule, `no rule ${id}`);
        const messages = await provoke();
        const found = messages.find((message) => message.rule === id);
        assert.ok(found, `not recognised: ${JSON.stringify(messages, null, 1)}`);
        assert.equal(found.verdict, rule.verdict);
        assert.ok(found.reason.length > 20);
        if (rule.verdict === 'failed' && rule.next) assert.ok(found.next);
      });

    it('diskFull', async function () {
      // A small disk of its own, where this user may mount one.
      const disk = await mkdtemp(join(tmpdir(), 'rp-disk-'));
      const mounted = await mount(disk);
      if (!mounted) return this.skip();
      try {
        await cluster.sql(`create tablespace small location '${disk}'`);
        const messages = await script(
          'create table a tablespace small as select g, repeat(md5(g::text), 20) from generate_series(1, 100000) g;',
        );
        assert.equal(
          messages.find((m) => m.rule === 'diskFull')?.verdict,
          'failed',
          JSON.stringify(messages),
        );
        await cluster.sql('drop tablespace small');
      } finally {
        await unmount(disk);
        await rm(disk, { recursive: true, force: true });
      }
    });

    it('pg_restore gets the SQLSTATE its message means', async () => {
      const path = await archive('create table a (id int primary key); insert into a values (1)');
      const database = await freshDatabase();
      await restore(path, { database });
      const messages = await restore(path, { database });
      const failed = messages.filter((m) => m.verdict === 'failed');
      assert.deepEqual(
        failed.map((m) => [m.rule, m.sqlState, m.entry?.replace(/ postgres$/, '')]),
        [
          ['objectExists', '42P07', 'TABLE a'],
          ['duplicateKey', '23505', 'TABLE DATA a'],
          ['objectExists', '42P07', 'CONSTRAINT a a_pkey'],
        ],
      );
    });

    it('every rule has a case', () => {
      const elsewhere = ['diskFull', ...(server < 17 ? [] : ['settingUnknown'])];
      const ids = doctorRules.map((rule) => rule.id).filter((id) => !elsewhere.includes(id));
      assert.deepEqual(
        ids.sort(),
        Object.keys(cases)
          .filter((id) => !elsewhere.includes(id))
          .sort(),
      );
    });
  });
}

async function command(program: string, args: string[]): Promise<boolean> {
  return await new Promise((resolve) => {
    const child = spawn(program, args, { stdio: 'ignore' });
    child.once('error', () => resolve(false));
    child.once('close', (code) => resolve(code === 0));
  });
}

async function mount(disk: string): Promise<boolean> {
  if (process.getuid?.() !== 0) return false;
  const passwd = await readFile('/etc/passwd', 'utf8');
  const lines = passwd.split('\n');
  const line = ['postgres:', 'nobody:'].map((name) => lines.find((l) => l.startsWith(name))).find(Boolean);
  const [, , uid] = line?.split(':') ?? [];
  return await command('mount', ['-t', 'tmpfs', '-o', `size=2m,uid=${uid ?? 0},mode=700`, 'tmpfs', disk]);
}

async function unmount(disk: string): Promise<void> {
  await command('umount', ['-l', disk]);
}
