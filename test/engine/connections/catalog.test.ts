import assert from 'node:assert/strict';
import type { Client } from 'pg';
import {
  connectClient,
  databaseSizes,
  endClient,
  listDatabases,
  listRelations,
  listSchemas,
  openAccess,
  quoteIdent,
  quoteLiteral,
  relationSizes,
  serverFacts,
  serverKey,
  versionOf,
  type Access,
} from '../../../src/engine/connections';
import { quickQuery } from '../../../src/engine/connections/catalog';
import { bare, resolved } from '../../support/connect';
import { majors, postgresBin, startCluster, type Cluster } from '../../support/postgres';

const odd = `odd "na'me\\" 🐘\n-x`;

describe('The catalog of a live server (engine)', function () {
  let cluster: Cluster;
  let access: Access;
  let client: Client;

  async function enter(user: string, database: string): Promise<Client> {
    const hosts = [{ host: cluster.socketDir, port: cluster.port }];
    access = await openAccess(await resolved({ hosts, user, database }), { env: bare });
    return await connectClient(access, database);
  }

  before(async () => {
    cluster = await startCluster(15, { settings: { allow_system_table_mods: 'on', autovacuum: 'off' } });
    await cluster.sql('create role plain login');
    await cluster.sql('create database shop owner plain');
    await cluster.sql(`create database ${quoteIdent(odd)}`);
    await cluster.sql('create database closed');
    await cluster.sql('revoke connect on database closed from public');
    await cluster.sql(
      `create schema audit; create schema ${quoteIdent(odd)};
       create table never_analysed (id int);
       create table orders (id int primary key, note text);
       insert into orders select n, repeat('x', 100) from generate_series(1, 1000) n;
       create table parts (id int) partition by range (id);
       create table parts_1 partition of parts for values from (0) to (10);
       insert into parts values (1), (2);
       create view shown as select 1 as one;
       create materialized view counted as select count(*) from orders;
       create sequence numbers;
       create unlogged table ${quoteIdent(odd)}.${quoteIdent(odd)} (id int);
       create temporary table gone (id int);
       analyze`,
      'shop',
    );
    await cluster.sql('create table never_analysed_2 (id int)', 'shop');
    client = await enter('postgres', 'shop');
  });
  after(async () => {
    if (client) await endClient(client);
    await cluster?.stop();
  });

  it('lists databases with owner and size', async () => {
    const databases = await listDatabases(client);
    assert.deepEqual(
      databases.map(({ name }) => name),
      ['closed', odd, 'postgres', 'shop', 'template1'],
    );
    const shop = databases.find(({ name }) => name === 'shop');
    assert.ok(shop?.bytes && shop.bytes > 1_000_000);
    assert.deepEqual(
      { ...shop, bytes: 0 },
      { name: 'shop', owner: 'plain', bytes: 0, allowConnections: true, isTemplate: false },
    );
    assert.equal(databases.find(({ name }) => name === 'template1')?.isTemplate, true);
    assert.ok((await listDatabases(client, { sizes: false })).every(({ bytes }) => bytes === null));
  });

  it('does not fail for databases one may not know the size of', async () => {
    const plain = await enter('plain', 'shop');
    try {
      const sizes = new Map((await listDatabases(plain)).map(({ name, bytes }) => [name, bytes]));
      assert.equal(sizes.get('closed'), null);
      assert.ok(sizes.get('shop'));
      const asked = await databaseSizes(plain, ['closed', 'shop', 'gone']);
      assert.deepEqual([...asked.keys()].sort(), ['closed', 'shop']);
      assert.equal(asked.get('closed'), null);
      assert.deepEqual(await databaseSizes(plain, []), new Map());
    } finally {
      await endClient(plain);
    }
  });

  it('lists schemas with the number of tables', async () => {
    assert.deepEqual(await listSchemas(client), [
      { name: 'audit', owner: 'postgres', tables: 0 },
      { name: odd, owner: 'postgres', tables: 1 },
      { name: 'public', owner: 'pg_database_owner', tables: 7 },
    ]);
  });

  it('lists relations with kind, size and estimated rows', async () => {
    const relations = await listRelations(client, 'public', { sequences: true });
    assert.deepEqual(
      relations.map(({ name, kind, bytes, rows }) => [name, kind, bytes === null ? null : bytes > 0, rows]),
      [
        ['counted', 'materialized view', true, 1],
        ['never_analysed', 'table', false, 0],
        ['never_analysed_2', 'table', false, null],
        ['numbers', 'sequence', true, null],
        ['orders', 'table', true, 1000],
        ['parts', 'partitioned table', null, 2],
        ['parts_1', 'table', true, 2],
        ['shown', 'view', null, null],
      ],
    );
    assert.deepEqual(await listRelations(client, odd), [
      { schema: odd, name: odd, kind: 'table', bytes: 0, rows: 0 },
    ]);
    assert.deepEqual(await listRelations(client, 'no such schema'), []);
  });

  it('gives the tables with rows of their own for a dump’s progress', async () => {
    const sizes = await relationSizes(client);
    assert.deepEqual(
      sizes.map(({ name }) => name).sort(),
      ['never_analysed', 'never_analysed_2', odd, 'orders', 'parts_1'].sort(),
    );
    const orders = sizes.find(({ name }) => name === 'orders');
    assert.ok(orders && orders.bytes > 100_000);
    assert.equal(orders.rows, 1000);
  });

  it('does not wait for a table that somebody rebuilds, and leaves no trace in the session', async () => {
    const other = await enter('postgres', 'shop');
    try {
      await other.query('begin; lock table orders in access exclusive mode');
      const orders = (await listRelations(client, 'public')).find(({ name }) => name === 'orders');
      assert.ok(orders?.bytes && orders.bytes > 100_000, 'the size of the last ANALYZE stands in');
      assert.equal((await relationSizes(client)).length, 5);
    } finally {
      await endClient(other);
    }
    const { rows } = await client.query(
      `select current_setting('statement_timeout') as statement, current_setting('lock_timeout') as lock`,
    );
    assert.deepEqual(rows[0], { statement: '0', lock: '0' });
  });

  it('gives up on a list that takes too long', async () => {
    await assert.rejects(quickQuery(client, 'select pg_sleep(600)', 50), { code: '57014' });
  });

  it('pages through thousands by name', async () => {
    await cluster.sql(
      `insert into pg_database select (d.oid::int8 + 1000000 + n)::oid, 'many_' || n, ${columnsBut('oid', 'datname')}
         from pg_database d, generate_series(1, 1000) n where d.datname = 'shop'`,
    );
    await cluster.sql(
      `create schema many; do $$ begin for n in 1..2000 loop execute format('create table many.%I (id int)', 'T' || n); end loop; end $$`,
      'shop',
    );
    const databases: string[] = [];
    for (let after: string | undefined; ;) {
      const page = await listDatabases(client, { limit: 300, ...(after === undefined ? {} : { after }) });
      databases.push(...page.map(({ name }) => name));
      after = page.at(-1)?.name;
      if (page.length < 300) break;
    }
    assert.equal(databases.length, 1005);
    assert.equal(new Set(databases).size, 1005);
    const tables: string[] = [];
    for (let after: string | undefined; ;) {
      const page = await listRelations(client, 'many', {
        limit: 500,
        ...(after === undefined ? {} : { after }),
      });
      tables.push(...page.map(({ name }) => name));
      after = page.at(-1)?.name;
      if (page.length < 500) break;
    }
    assert.equal(new Set(tables).size, 2000);
    await cluster.sql(`delete from pg_database where datname like 'many\\_%'`);
  });

  for (const major of majors)
    it(`knows who a server of ${major} is, by whatever way it is reached`, async function () {
      if (!postgresBin(major)) this.skip();
      const server = await startCluster(major);
      try {
        const places = [
          { host: '127.0.0.1', port: server.port },
          { host: server.socketDir, port: server.port },
        ];
        const keys = [];
        for (const place of places) {
          const target = await resolved({ hosts: [place], user: 'postgres', database: 'postgres' });
          const way = await openAccess(target, { password: server.password, env: bare });
          const session = await connectClient(way, 'postgres');
          const facts = await serverFacts(session);
          assert.equal(facts.version.major, major);
          assert.match(facts.version.text, new RegExp(`^${major}\\.${facts.version.minor}`));
          assert.match(facts.lsn ?? '', /^[0-9A-F]+\/[0-9A-F]+$/);
          assert.equal(facts.inRecovery, false);
          keys.push(serverKey(target, facts));
          assert.equal((await listDatabases(session)).length, 2);
          assert.equal((await listSchemas(session)).length, 1);
          assert.deepEqual(await relationSizes(session), []);
          await endClient(session);
        }
        assert.match(keys[0] ?? '', /^\d{10,}$/);
        assert.equal(keys[0], keys[1]);
      } finally {
        await server.stop();
      }
    });

  it('names a server by host and port where it does not tell its number', async () => {
    const target = await resolved({ hosts: [{ host: 'h', port: 1 }] });
    assert.equal(serverKey(target, { systemIdentifier: null }), 'h:1');
    assert.equal(
      serverKey({ ...target, ssh: { destination: 'bastion' } }, { systemIdentifier: null }),
      'bastion>h:1',
    );
  });

  it('reads version numbers', () => {
    assert.deepEqual(versionOf(150018, '15.18'), { num: 150018, major: 15, minor: 18, text: '15.18' });
    assert.equal(versionOf(90624, '9.6.24').minor, 6);
  });

  it('quotes names and texts so that the server reads them back', async () => {
    for (const text of [odd, '', "'", '\\', '$$', '"', "\\'; drop table x; --"]) {
      for (const mode of ['on', 'off']) {
        await client.query(`set standard_conforming_strings = ${mode}; set escape_string_warning = off`);
        const { rows } = await client.query(`select ${quoteLiteral(text)} as ${quoteIdent(text || ' ')}`);
        assert.deepEqual(rows[0], { [text || ' ']: text });
      }
    }
    await client.query('reset standard_conforming_strings');
  });
});

/** All columns of pg_database but some, in order. */
function columnsBut(...left: string[]): string {
  const all =
    'oid datname datdba encoding datlocprovider datistemplate datallowconn datconnlimit datfrozenxid datminmxid dattablespace datcollate datctype daticulocale datcollversion datacl';
  return all
    .split(' ')
    .filter((name) => !left.includes(name))
    .map((name) => `d.${name}`)
    .join(', ');
}
