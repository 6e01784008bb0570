import assert from 'node:assert/strict';
import { join } from 'node:path';
import { readMessages, readSummary, type JobOutcome } from '../../../src/engine/jobs';
import { applyFix, leftBy, resumeRequest, type RestoreRequest } from '../../../src/engine/restore';
import { rowsOf, runTool, schemaOf } from '../../support/databases';
import { useSuiteFolder } from '../../support/fixtures';
import { startCluster, type Cluster } from '../../support/postgres';
import { Restorer } from '../../support/restoring';

/**
 * Orders that are checked against a table whose rows come after theirs, as pg_dump cannot know; with what must not act on
 * rows that come late, and what was made of them too early.
 */
const shop = `
  create role keeper; create role guest;
  create table kinds (name text primary key);
  insert into kinds values ('book'), ('lamp');
  create function is_kind(text) returns boolean language sql stable as 'select exists (select from public.kinds where name = $1)';
  create table customers (id int generated always as identity primary key, name text);
  insert into customers (name) select 'c' || g from generate_series(1, 50) g;
  create table a_orders (id serial primary key, kind text check (is_kind(kind)), customer int references customers) partition by range (id);
  alter table a_orders drop constraint a_orders_pkey cascade;
  create table a_orders_1 partition of a_orders for values from (1) to (101);
  create table a_orders_2 partition of a_orders for values from (101) to (1001);
  create table seen (id int);
  insert into a_orders (kind, customer) select case when g % 2 = 0 then 'book' else 'lamp' end, 1 + g % 50 from generate_series(1, 200) g;
  create function note() returns trigger language plpgsql as 'begin insert into public.seen values (new.id); return null; end';
  create trigger noted after insert on a_orders for each row execute function note();
  create materialized view per_kind as select kind, count(*) from a_orders group by kind;
  create view lamps as select * from a_orders where kind = 'lamp';
  alter table customers owner to keeper; alter function note() owner to keeper;
  alter table customers enable row level security;
  create policy guests on customers to guest using (id < 10);
  grant select on lamps to guest; grant insert on kinds to guest;
  comment on table customers is 'who buys';
  select lo_from_bytea(4711, 'large');
`;

for (const major of [15, 18] as const)
  describe(`going on with a restore: PostgreSQL ${major}`, function () {
    this.timeout(180_000);
    const folder = useSuiteFolder();
    let cluster: Cluster;
    let restorer: Restorer;
    const paths: Record<string, string> = {};
    let expected: { rows: object; schema: string };

    before(async () => {
      cluster = await startCluster(major);
      restorer = await Restorer.open(cluster);
      await cluster.sql('create database shop');
      for (const statement of shop.split(';\n')) await cluster.sql(statement, 'shop');
      for (const [name, how] of Object.entries({
        custom: '-Fc',
        directory: '-Fd',
        tar: '-Ft',
        plain: '-Fp',
      })) {
        paths[name] = join(folder(), name);
        await runTool(cluster, major, 'pg_dump', ['-f', paths[name]!, how, 'shop']);
      }
      expected = { rows: await rowsOf(cluster, 'shop'), schema: await schemaOf(cluster, 'shop', major) };
    });
    after(async () => {
      await restorer?.close();
      await cluster?.stop();
    });
    afterEach(async () => {
      await cluster.sql('drop database if exists copy with (force)');
    });

    const ask = (format: string, more: Partial<RestoreRequest> = {}): RestoreRequest => ({
      ...{ artifact: paths[format]!, database: 'copy', strategy: 'new', tolerant: true, ...more },
    });
    const rename = async (from: string, to: string): Promise<void> =>
      void (await cluster.sql(`alter role ${from} rename to ${to}`));
    async function resumed(outcome: JobOutcome, set: object = {}): Promise<RestoreRequest> {
      const job = await readSummary(outcome.folder);
      return applyFix(await resumeRequest(job, await readMessages(outcome.folder)), set);
    }
    /** Rows that were refused because others were not there yet come with the next try. */
    async function onAndOn(first: JobOutcome): Promise<JobOutcome> {
      let last = first;
      for (let tries = 0; tries < 2 && last.state !== 'succeeded'; tries++)
        last = await restorer.run(await restorer.plan(await resumed(last)));
      return last;
    }
    async function whole(last: JobOutcome): Promise<void> {
      const said = (await readMessages(last.folder)).map(({ entry, text }) => `${entry}: ${text}`);
      assert.equal(
        last.state,
        'succeeded',
        [last.error?.what, last.error?.why, ...said].join('\n').slice(0, 1500),
      );
      assert.deepEqual(await rowsOf(cluster, 'copy'), expected.rows);
      assert.equal(await schemaOf(cluster, 'copy', major), expected.schema);
    }

    for (const format of ['custom', 'directory', 'tar', 'plain'])
      it(`restores what failed, and sets the owners and privileges that were refused: ${format}`, async () => {
        await rename('keeper', 'keeper_away');
        await rename('guest', 'guest_away');
        try {
          const first = await restorer.run(await restorer.plan(ask(format)));
          assert.equal(first.error?.code, 'restore.incomplete');
          assert.ok((await readSummary(first.folder)).resumable);
          const messages = await readMessages(first.folder);
          const roles = new Set(
            messages.flatMap(({ fixes = [] }) => fixes.filter((fix) => fix.id === 'createRoles')),
          );
          const set = [...roles].reduce((all, fix) => applyFix(all, fix.set), {});
          const request = await resumed(first, set);
          assert.deepEqual(request.createRoles?.toSorted(), ['guest', 'keeper']);
          const plan = await restorer.plan(request);
          assert.deepEqual(plan.destroys, []);
          const listed = plan.steps.flatMap((step) => (step.do === 'tool' ? (step.list ?? []) : []));
          assert.equal(listed.length > 0, format !== 'plain');
          const second = await restorer.run(plan);
          await whole(second);
          assert.deepEqual(second.messages, { harmless: 0, degraded: 0, failed: 0 });
          await assert.rejects(resumed(second), { code: 'restore.nothingFailed' });
        } finally {
          await cluster.sql('drop database if exists copy with (force)');
          for (const role of ['keeper', 'guest']) {
            await cluster.sql(`drop role if exists ${role}`);
            await rename(`${role}_away`, role);
          }
        }
      });

    /** The server ends the session that comes to a statement like this, as one that is stopped would; rows: of `kinds`. */
    const saboteur = (statement: string): string[] => [
      'create schema saboteur',
      `create function saboteur.kill() returns trigger language plpgsql as 'begin perform pg_terminate_backend(pg_backend_pid()); return null; end'`,
      `create function saboteur.look() returns event_trigger language plpgsql as $$
         begin
           if current_query() ~ '${statement}' then perform pg_terminate_backend(pg_backend_pid()); end if;
           if tg_tag = 'CREATE TABLE' and tg_event = 'ddl_command_end' and current_query() ~ 'CREATE TABLE public.kinds' and '${statement}' = 'rows' then
             create trigger kill before insert on public.kinds execute function saboteur.kill();
           end if;
         end $$`,
      'create event trigger looks on ddl_command_start execute function saboteur.look()',
      'create event trigger looked on ddl_command_end execute function saboteur.look()',
    ];

    async function brokenOff(request: RestoreRequest, statement: string): Promise<JobOutcome> {
      const plan = await restorer.plan(request);
      const [create] = plan.steps;
      assert.ok(create?.do === 'sql');
      plan.steps.splice(1, 0, { ...create, database: 'copy', statements: saboteur(statement) });
      const outcome = await restorer.run(plan);
      assert.equal(outcome.state, 'failed');
      assert.match((await readMessages(outcome.folder)).map(({ rule }) => rule).join(), /connectionLost/);
      await cluster.sql('drop schema saboteur cascade', 'copy');
      return outcome;
    }

    for (const format of ['custom', 'plain'])
      for (const [when, statement] of Object.entries({
        'making tables': 'CREATE TABLE public.kinds',
        'bringing rows': 'rows',
        'making keys': 'ADD CONSTRAINT kinds_pkey',
        'setting privileges': 'GRANT INSERT ON TABLE public.kinds',
      }))
        it(`restores what is missing after the server ended it while ${when}: ${format}`, async () => {
          const first = await brokenOff(ask(format), statement);
          assert.notEqual(leftBy(await readSummary(first.folder)), 'nothing');
          await whole(await onAndOn(first));
        });

    it('in one transaction, where it is not to be tolerant', async () => {
      const first = await brokenOff(ask('custom'), 'GRANT INSERT ON TABLE public.kinds');
      const plan = await restorer.plan(await resumed(first, { tolerant: false }));
      assert.match(plan.ifItFails ?? '', /copy is as it was/);
      await whole(await restorer.run(plan));
    });

    it('leaves what a person did meanwhile', async () => {
      const first = await restorer.run(await restorer.plan(ask('custom')));
      assert.equal(first.error?.code, 'restore.incomplete');
      await cluster.sql(
        `update customers set name = 'changed'; drop view lamps; truncate kinds; insert into kinds select name from (values ('book'), ('lamp'), ('new')) v (name)`,
        'copy',
      );
      const second = await restorer.run(await restorer.plan(await resumed(first)));
      assert.equal(second.state, 'succeeded', JSON.stringify(second.error));
      assert.equal(await cluster.sql(`select count(*) from customers where name = 'changed'`, 'copy'), '50');
      assert.equal(await cluster.sql('select count(*) from a_orders', 'copy'), '200');
      // The trigger did not act on rows that came late.
      assert.equal(await cluster.sql('select count(*) from seen', 'copy'), '0');
      assert.equal(await cluster.sql('select count(*) from kinds', 'copy'), '3');
      assert.equal(await cluster.sql(`select count(*) from pg_class where relname = 'lamps'`, 'copy'), '0');
    });

    it('replaces what is in the way, when it is asked to, and keeps a copy first', async () => {
      await cluster.sql('create database copy');
      await cluster.sql(
        `create table kinds (name text primary key); insert into kinds values ('mine'), ('book'), ('lamp')`,
        'copy',
      );
      const first = await restorer.run(
        await restorer.plan(
          ask('custom', { strategy: 'in-place', options: { clean: false }, safety: 'none' }),
        ),
      );
      assert.equal(first.error?.code, 'restore.incomplete');
      assert.equal(await cluster.sql('select count(*) from kinds', 'copy'), '3');
      assert.equal(await cluster.sql('select count(*) from a_orders', 'copy'), '200');
      const messages = await readMessages(first.folder);
      const fix = messages.flatMap(({ fixes = [] }) => fixes).find(({ id }) => id === 'replaceExisting');
      const plan = await restorer.plan(await resumed(first, fix!.set));
      assert.match(plan.destroys.join(), /public\.kinds/);
      const second = await restorer.run(plan);
      assert.equal(second.state, 'succeeded', JSON.stringify(second.error));
      assert.ok(second.result?.undo);
      assert.equal(
        await cluster.sql(`select string_agg(name, ',' order by name) from kinds`, 'copy'),
        'book,lamp',
      );
      await cluster.sql(`drop database "${String(second.result?.undo)}"`);
    });

    it('has nothing to go on with where nothing is left', async () => {
      await rename('guest', 'guest_away');
      try {
        const first = await restorer.run(await restorer.plan(ask('custom', { tolerant: false })));
        assert.equal(first.state, 'failed');
        const job = await readSummary(first.folder);
        assert.equal(job.resumable, false);
        await assert.rejects(resumed(first), { code: 'restore.nothingFailed' });
      } finally {
        await rename('guest_away', 'guest');
      }
    });
  });
