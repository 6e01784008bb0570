import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import {
  chooseDatabases,
  planBackup,
  type BackupRequest,
  type PlanContext,
} from '../../../src/engine/backup';
import type { Access } from '../../../src/engine/connections';
import type { Plan, ToolStep } from '../../../src/engine/plan';
import { conninfo, startCluster, type Cluster } from '../../support/postgres';
import { accessTo, buildsOf, ident, oddNames } from './support';

const run = promisify(execFile);

/** Runs a plan's pg_dump as it is; what pg_restore then lists. */
async function dumped(cluster: Cluster, plan: Plan): Promise<string> {
  const { args, database } = plan.steps[0] as ToolStep;
  const file = args.find((arg) => arg.startsWith('--file='))!.slice('--file='.length);
  await mkdir(join(file, '..'), { recursive: true });
  const where = ['-h', cluster.socketDir, '-p', String(cluster.port), '-U', 'postgres'];
  await run(join(cluster.bin, 'pg_dump'), [...args, ...where, '-d', conninfo(database!)]);
  const { stdout } = await run(join(cluster.bin, 'pg_restore'), ['-l', file]);
  await rm(file, { recursive: true });
  return stdout;
}

for (const major of [15, 18])
  describe(`planning against PostgreSQL ${major}`, function () {
    this.timeout(120_000);
    let cluster: Cluster;
    let folder: string;
    let context: PlanContext;
    const accesses: Access[] = [];

    before(async () => {
      cluster = await startCluster(major);
      folder = await mkdtemp(join(tmpdir(), 'rp-plan-'));
      for (const name of oddNames) {
        const quoted = ident(name);
        await cluster.sql(`create database ${quoted}`);
        await cluster.sql(
          `create schema ${quoted}; create table ${quoted}.${quoted} as select 1 as ${quoted}`,
          name,
        );
      }
      await cluster.sql('create database shop');
      await cluster.sql(
        `create table orders as select generate_series(1, 1000) as id;
         create table secret (id int); create schema audit; create table audit.log (id serial);
         create table events (at int) partition by range (at);
         create schema parts; create table parts.events_1 partition of events for values from (0) to (100);
         insert into events select generate_series(1, 50);
         create table tenants (id int); alter table tenants enable row level security;
         create role reader login password 'r3ader';
         grant select on orders, events, parts.events_1, tenants to reader; grant usage on schema parts to reader`,
        'shop',
      );
      const access = await accessTo(cluster);
      accesses.push(access);
      const builds = await buildsOf(cluster.bin);
      context = { access, builds, folder, now: new Date('2026-11-21T07:15:12Z') };
    });
    after(async () => {
      for (const access of accesses) await access.close();
      await cluster?.stop();
      await rm(folder, { recursive: true, force: true });
    });

    it('makes a plan that is plain data and holds no secret', async () => {
      const plan = await planBackup({ method: 'dump', database: 'shop', withGlobals: true }, context);
      assert.deepEqual(JSON.parse(JSON.stringify(plan)), plan);
      assert.ok(!JSON.stringify(plan).includes(cluster.password));
      assert.equal(plan.artifact!.path, join(folder, 'test', 'shop', 'shop_20261121T071512Z.dump'));
      assert.deepEqual(
        plan.artifact!.members.map(({ path, holds }) => [basename(path), holds]),
        [
          ['shop_20261121T071512Z.dump', 'shop'],
          ['shop_20261121T071512Z.globals.sql', 'globals'],
        ],
      );
      assert.deepEqual(
        plan.steps.map((step) => step.do),
        ['tool', 'tool', 'finishArtifact'],
      );
      assert.equal(plan.locks[0]!.database, 'shop');
      assert.match(plan.locks[0]!.server, /^\d{10,}$/);
      const { bytes, freeBytes, durationMs } = plan.estimate;
      assert.ok(bytes! > 0 && freeBytes! > 0 && durationMs! > 0);
      assert.equal(plan.facts.compression, major >= 16 ? 'zstd:3' : 'gzip:1');
      assert.equal(plan.facts.verify, 'contents');
    });

    it('picks schemas and tables by their exact names, whatever is in them', async () => {
      for (const name of oddNames) {
        const requests: BackupRequest[] = [
          { method: 'dump', database: name, tables: [{ schema: name, name }] },
          { method: 'dump', database: name, schemas: [name] },
        ];
        for (const request of requests) {
          const list = await dumped(cluster, await planBackup(request, context));
          assert.match(list, /TABLE DATA/, `${JSON.stringify(name)}: ${list}`);
        }
      }
    });

    it('takes partitions with their table', async () => {
      const tables = [{ schema: 'public', name: 'events' }];
      const plan = await planBackup({ method: 'dump', database: 'shop', tables }, context);
      const list = await dumped(cluster, plan);
      assert.match(list, /TABLE DATA parts events_1/);
      assert.doesNotMatch(list, /orders/);
      assert.deepEqual(
        (plan.steps[0] as ToolStep).relations!.map(({ name }) => name),
        ['events_1'],
      );
    });

    it('foresees what pg_dump selects by patterns', async () => {
      const cases: [string, Record<string, string | string[] | boolean>][] = [
        ['tables', { table: ['order*', 'audit.*'] }],
        ['schemas', { schema: ['a*'] }],
        ['exclusions', { 'exclude-table': ['orders'], 'exclude-schema': ['parts'] }],
        ['no data', { 'exclude-table-data': ['orders', 'audit.log'] }],
        ['folding', { table: ['ORDERS', '"ORDERS"'] }],
      ];
      for (const [title, options] of cases) {
        const plan = await planBackup({ method: 'dump', database: 'shop', options }, context);
        const list = await dumped(cluster, plan);
        const real = [...list.matchAll(/TABLE DATA \S+ (\S+)/g)].map(([, name]) => name).sort();
        const foreseen = (plan.steps[0] as ToolStep).relations!.map(({ name }) => name).sort();
        assert.deepEqual(foreseen, real, title);
      }
    });

    it('names every missing right before anything runs', async () => {
      const access = await accessTo(cluster, 'reader', 'r3ader');
      accesses.push(access);
      const asReader = { ...context, access };
      await assert.rejects(planBackup({ method: 'dump', database: 'shop' }, asReader), {
        code: 'backup.rights',
        why: /USAGE on SCHEMA audit.*SELECT on TABLE audit\.log.*SELECT on TABLE public\.secret/,
        next: /GRANT SELECT ON TABLE "public"\."secret" TO "reader";/,
      });
      const options = { 'exclude-schema': ['audit'], 'exclude-table': ['secret'] };
      await assert.rejects(planBackup({ method: 'dump', database: 'shop', options }, asReader), {
        code: 'backup.rowSecurity',
        why: /TABLE public\.tenants/,
      });
      const open = { ...options, 'enable-row-security': true };
      const plan = await planBackup(
        { method: 'dump', database: 'shop', options: open, withGlobals: true },
        asReader,
      );
      assert.deepEqual(
        plan.warnings.map(({ code }) => code),
        ['backup.rowSecurity', 'backup.rolePasswords'],
      );
      assert.ok((plan.steps[1] as ToolStep).args.includes('--no-role-passwords'));
    });

    it('reads as the role of --role', async () => {
      const options = { role: 'reader' };
      await assert.rejects(planBackup({ method: 'dump', database: 'shop', options }, context), {
        code: 'backup.rights',
        what: /Role reader/,
      });
    });

    it('notices new databases at each planning, and excludes by pattern', async () => {
      const databases = { exclude: ['postgres', '"UPPER.dot"'] };
      const held = async (): Promise<string[]> =>
        (await planBackup({ method: 'set', databases }, context)).artifact!.members.map(
          ({ holds }) => holds!,
        );
      const expected = [...oddNames.filter((name) => name !== 'UPPER.dot'), 'shop', 'globals'];
      assert.deepEqual((await held()).sort(), expected.sort());
      await cluster.sql('create database newcomer');
      assert.ok((await held()).includes('newcomer'));
      await cluster.sql('drop database newcomer');
      const files = (await planBackup({ method: 'set' }, context)).artifact!.members.map(({ path }) => path);
      assert.equal(new Set(files).size, files.length);
      assert.deepEqual(await chooseDatabases(context, { include: ['sh*'] }), ['shop']);
      await assert.rejects(planBackup({ method: 'set', databases: { include: ['nothing'] } }, context), {
        code: 'backup.noDatabases',
      });
    });

    it('copies what COPY cannot name through a query', async () => {
      const request = { method: 'copy', database: 'shop', format: 'csv' } as const;
      const statement = async (name: string): Promise<string> => {
        const { steps } = await planBackup({ ...request, table: { schema: 'public', name } }, context);
        const [step] = steps;
        return step?.do === 'copyOut' ? step.statement : '';
      };
      assert.match(await statement('orders'), /^COPY "public"\."orders" TO STDOUT/);
      assert.match(await statement('events'), /^COPY \(select "at" from "public"\."events"\n\) TO STDOUT/);
      await assert.rejects(statement('none'), { code: 'copy.noTable' });
    });

    it('goes on when someone holds a table for long: sizes then come from pages', async () => {
      const where = ['-X', '-h', cluster.socketDir, '-p', String(cluster.port), '-U', 'postgres'];
      const holder = run(join(cluster.bin, 'psql'), [
        ...where,
        '-d',
        'shop',
        '-c',
        'begin; lock table orders; select pg_sleep(600)',
      ]).catch(() => undefined);
      const held = `select 1 from pg_locks where relation = 'orders'::regclass and mode = 'AccessExclusiveLock' and granted`;
      while ((await cluster.sql(held, 'shop')) !== '1');
      try {
        const plan = await planBackup({ method: 'dump', database: 'shop' }, context);
        assert.ok((plan.steps[0] as ToolStep).relations!.some(({ name }) => name === 'orders'));
      } finally {
        await cluster.sql(
          `select pg_terminate_backend(pid) from pg_stat_activity where query like '%pg_sleep(600)%' and pid <> pg_backend_pid()`,
        );
        await holder;
      }
    });

    it('warns of a folder that git would take in', async () => {
      const tree = await mkdtemp(join(tmpdir(), 'rp-git-'));
      try {
        await run('git', ['init', '-q', tree]);
        const inTree = { ...context, folder: join(tree, 'backups') };
        const plan = await planBackup({ method: 'dump', database: 'shop' }, inTree);
        assert.equal(plan.warnings[0]?.code, 'folder.git');
      } finally {
        await rm(tree, { recursive: true, force: true });
      }
    });
  });
