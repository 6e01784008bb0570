import assert from 'node:assert/strict';
import { join } from 'node:path';
import { readContents } from '../../../src/engine/archive';
import { compareObjects, scriptDifference, scriptText } from '../../../src/engine/compare';
import { runTool } from '../../support/databases';
import { useSuiteFolder } from '../../support/fixtures';
import { startCluster, type Cluster } from '../../support/postgres';

const base = `
  create schema app; create type app.mood as enum ('sad', 'happy'); create domain app.code as text check (value <> '');
  create table app.customers (id int generated always as identity primary key, name text not null, mood app.mood);
  create table app.orders (id serial primary key, customer int not null references app.customers, total numeric(10,2) default 0, note text,
    constraint total_fits check (total >= 0));
  create index orders_note on app.orders (note);
  create view app.big as select id, total from app.orders where total > 100;
  create view app.bigger as select id from app.big;
  create materialized view app.sums as select customer, sum(total) as total from app.orders group by customer;
  create unique index sums_customer on app.sums (customer);
  create function app.twice(n int) returns int language sql as 'select n * 2';
  create function app.noted() returns trigger language plpgsql as 'begin return new; end';
  create trigger noted before insert on app.orders for each row execute function app.noted();
  create view app.doubled as select app.twice(id) as n from app.orders;
  create sequence app.numbers increment 2;
  create table app.events (at date not null, what text) partition by range (at);
  create table app.events_2024 partition of app.events for values from ('2024-01-01') to ('2025-01-01');
  create policy mine on app.orders using (note is not null);
  comment on table app.orders is 'what was bought';
  grant select on app.orders to reader; grant usage on schema app to reader;
  insert into app.customers (name) values ('a'); insert into app.orders (customer, total) values (1, 5);
`;

/** One change each. `leaves`: what a script cannot do, and says so. */
const changes: [name: string, sql: string, leaves?: RegExp][] = [
  ['nothing', 'select 1'],
  [
    'a table',
    'create table app.new (id int primary key, o int references app.orders, "odd Name" text default $$x$$)',
  ],
  [
    'a table with a serial',
    'create table app.new (id serial primary key); grant insert on app.new to reader',
  ],
  ['a view', 'create view app.more as select * from app.bigger'],
  ['a column', 'alter table app.orders add column extra text'],
  ['a column with a default', 'alter table app.orders add column n int not null default 7'],
  [
    'a column that is read',
    'alter table app.orders add column n int; create or replace view app.big as select id, total, n from app.orders',
  ],
  ['a type of a column', 'alter table app.customers alter column name type varchar(80)'],
  [
    'a type of a column that views read',
    'drop view app.bigger, app.big; drop materialized view app.sums; alter table app.orders alter total type numeric(12,3); create view app.big as select id, total from app.orders where total > 100; create view app.bigger as select id from app.big; create materialized view app.sums as select customer, sum(total) as total from app.orders group by customer; create unique index sums_customer on app.sums (customer)',
  ],
  ['a default', 'alter table app.orders alter total set default 1'],
  ['NOT NULL', 'alter table app.orders alter total set not null'],
  ['an identity', 'alter table app.customers alter id drop identity'],
  [
    'a computed column',
    'alter table app.orders add column half numeric generated always as (total / 2) stored',
  ],
  [
    'a check',
    'alter table app.orders drop constraint total_fits, add constraint total_fits check (total > -1)',
  ],
  ['a unique constraint', 'alter table app.customers add unique (name)'],
  [
    'the primary key others refer to',
    'alter table app.orders drop constraint orders_customer_fkey; alter table app.customers drop constraint customers_pkey; alter table app.customers add primary key (id, name)',
  ],
  [
    'a foreign key',
    'alter table app.orders drop constraint orders_customer_fkey, add constraint orders_customer_fkey foreign key (customer) references app.customers on delete cascade',
  ],
  ['an index', 'drop index app.orders_note; create index orders_note on app.orders (lower(note))'],
  [
    'a trigger',
    'drop trigger noted on app.orders; create trigger noted after insert on app.orders for each row execute function app.noted()',
  ],
  [
    'a policy',
    'alter policy mine on app.orders using (true); alter table app.orders enable row level security',
  ],
  ['a function', `create or replace function app.twice(n int) returns int language sql as 'select n + n'`],
  [
    'the result of a function that a view needs',
    `drop view app.doubled; drop function app.twice; create function app.twice(n int) returns bigint language sql as 'select n * 2::bigint'; create view app.doubled as select app.twice(id) as n from app.orders`,
  ],
  ['an overload', `create function app.twice(n text) returns text language sql as 'select n || n'`],
  [
    'a view that a view reads',
    'create or replace view app.big as select id, total from app.orders where total > 200',
  ],
  [
    'a materialized view',
    'drop materialized view app.sums; create materialized view app.sums as select customer, max(total) as total from app.orders group by customer',
  ],
  ['a sequence', 'alter sequence app.numbers increment 5 maxvalue 1000'],
  [
    'a label of an enum',
    `alter type app.mood add value 'calm' after 'sad'`,
    /cannot be dropped and made anew/,
  ],
  [
    'a partition',
    `create table app.events_2025 partition of app.events for values from ('2025-01-01') to ('2026-01-01')`,
  ],
  ['a partition that is detached', 'alter table app.events detach partition app.events_2024'],
  [
    'privileges',
    'revoke select on app.orders from reader; grant insert, update on app.orders to reader with grant option; grant select (id) on app.customers to reader',
  ],
  ['a privilege of everybody', 'revoke execute on function app.twice(int) from public'],
  ['default privileges', 'alter default privileges in schema app grant select on tables to reader'],
  ['an owner', 'alter table app.orders owner to keeper; alter view app.big owner to keeper'],
  [
    'comments',
    `comment on table app.orders is null; comment on column app.orders.id is 'it''s the id'; comment on function app.twice(int) is 'twice'`,
  ],
  [
    'everything that can go',
    'drop view app.bigger, app.big, app.doubled; drop materialized view app.sums; drop table app.orders, app.events cascade; drop sequence app.numbers; drop function app.twice; drop function app.noted',
  ],
  ['a schema', 'create schema other; create table other.t (id int); alter table app.events set schema other'],
  ['an extension', 'create extension pgcrypto'],
  ['statistics', 'create statistics app.s on customer, note from app.orders'],
  ['a rule', 'create rule none as on delete to app.orders do instead nothing'],
];

for (const major of [15, 18])
  describe(`scripting the difference: PostgreSQL ${major}`, function () {
    this.timeout(180_000);
    const folder = useSuiteFolder();
    let cluster: Cluster;
    let original: string;

    before(async () => {
      cluster = await startCluster(major);
      for (const role of ['reader', 'keeper']) await cluster.sql(`create role ${role}`);
      await cluster.sql('create database base');
      await cluster.sql(base, 'base');
      original = await dump('base', 'base', '-Fc');
    });
    after(async () => {
      await cluster?.stop();
    });
    afterEach(async () => {
      for (const database of ['changed', 'made']) await cluster.sql(`drop database if exists ${database}`);
    });

    async function dump(database: string, name: string, how: string): Promise<string> {
      const path = join(folder(), name);
      await runTool(cluster, major, 'pg_dump', ['-f', path, how, '--schema-only', database]);
      return path;
    }

    /** Runs the script on a copy of one side; nothing differs from the other afterwards. */
    async function proved(from: string, fromDump: string, toDump: string, leaves?: RegExp): Promise<number> {
      const [left, right] = [await readContents(fromDump), await readContents(toDump)];
      const { differences } = compareObjects(left, right, {});
      const script = scriptDifference(left, right, differences);
      const text = scriptText(script, { title: 'test' });
      for (const { why } of script.leftOut) assert.match(why, leaves ?? /^$/, text);
      await cluster.sql(`drop database if exists made`);
      await cluster.sql(`create database made template ${from}`);
      await cluster.sql(text, 'made').catch((error: Error) => assert.fail(`${error.message}\n${text}`));
      const again = compareObjects(await readContents(await dump('made', 'made', '-Fc')), right, {});
      const left_ = again.differences.filter(
        ({ key }) => !script.leftOut.some(({ object }) => object === key),
      );
      assert.deepEqual(
        left_.map(({ change, kind, name, aspects, left, right }) => ({
          change,
          kind,
          name,
          aspects,
          left,
          right,
        })),
        [],
        text,
      );
      return differences.length;
    }

    for (const [name, sql, leaves] of changes)
      it(name, async () => {
        await cluster.sql('create database changed template base');
        // A new label may not be used in the transaction that adds it.
        await cluster.sql(sql, 'changed');
        const changed = await dump('changed', 'changed', '-Fc');
        const found = await proved('base', original, changed, leaves);
        assert.equal(found > 0, name !== 'nothing');
        assert.equal(await proved('changed', changed, original, leaves), found);
        // Scripts tell less: how things are dropped, and what needs what.
        const plain = await dump('changed', 'changed.sql', '-Fp');
        assert.equal(await proved('changed', plain, original, leaves), found);
      });

    it('says what loses data, and stays with what was chosen', async () => {
      await cluster.sql('create database changed template base');
      await cluster.sql(
        'drop table app.events cascade; drop policy mine on app.orders; alter table app.orders drop column note; create view app.v as select 1',
        'changed',
      );
      const [left, right] = [
        await readContents(original),
        await readContents(await dump('changed', 'changed', '-Fc')),
      ];
      const { differences } = compareObjects(left, right, {});
      const script = scriptDifference(left, right, differences);
      assert.match(
        scriptText(script, { title: 't' }),
        /LOSES DATA: The rows of events go[^]*LOSES DATA: The values of note go/,
      );
      const view = differences.find(({ name }) => name === 'v')!;
      const some = scriptText(script, { title: 't', only: new Set([view.key]) });
      assert.match(some, /CREATE VIEW app\.v/);
      assert.doesNotMatch(some, /events|DROP COLUMN/);
    });
  });
