import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Comparer, countsOf, type TestSide } from '../../support/comparing';
import { runTool } from '../../support/databases';
import { startCluster, type Cluster } from '../../support/postgres';

/** Whatever is wrong with a side: what can be compared is, and what cannot is told. */
describe('comparing what is not as it should be', function () {
  this.timeout(600_000);
  const clusters = new Map<number, Cluster>();
  let comparer: Comparer;
  let count = 0;

  before(async () => {
    for (const major of [15, 18])
      clusters.set(major, await startCluster(major, { settings: { max_locks_per_transaction: '1024' } }));
    comparer = await Comparer.open();
    await clusters.get(15)!.sql(`create role plain login password 'plain'`);
  });
  after(async () => {
    await comparer?.close();
    for (const cluster of clusters.values()) await cluster.stop();
  });
  afterEach(async () => {
    for (const cluster of clusters.values())
      for (const name of ['a', 'b']) await cluster.sql(`drop database if exists ${name} with (force)`);
    const left = (await readdir(tmpdir())).filter((name) => name.startsWith('restore-point-compare-'));
    assert.deepEqual(left, []);
  });

  const cluster = (major = 15): Cluster => clusters.get(major)!;
  const live = (database: string, major = 15): TestSide => ({ cluster: cluster(major), database });
  async function make(name: string, sql: string, { major = 15, how = '' } = {}): Promise<void> {
    await cluster(major).sql(`create database ${name} ${how}`);
    await cluster(major).sql(sql, name);
  }
  async function dump(name: string, args: string[] = ['-Fc'], major = 15): Promise<string> {
    const path = join(comparer.folder, `${name}-${count++}`);
    await runTool(cluster(major), major, 'pg_dump', ['-f', path, ...args, name]);
    return path;
  }

  it('no table in common', async () => {
    await make('a', 'create table one as select 1 as a');
    await make('b', 'create table two as select 1 as a');
    const found = await comparer.compare(live('a'), live('b'));
    assert.deepEqual(
      found.tables.map(({ name, state }) => [name, state]),
      [
        ['one', 'leftOnly'],
        ['two', 'rightOnly'],
      ],
    );
    assert.deepEqual(
      found.objects.differences.map(({ change, name }) => `${change} ${name}`),
      ['removed one', 'added two'],
    );
  });

  it('other columns, in another order', async () => {
    await make(
      'a',
      `create table t (id int primary key, x text, gone int); insert into t select g, 'x', g from generate_series(1, 20) g`,
    );
    await make(
      'b',
      `create table t (new int default 7, x text, id int primary key); insert into t (id, x) select g, case g when 3 then 'y' else 'x' end from generate_series(1, 20) g`,
    );
    const found = await comparer.compare(await dump('a'), live('b'));
    assert.equal(countsOf(found, 't'), '+0 -0 ~1 =19');
    assert.deepEqual(
      found.tables[0]!.columns.map(({ name, left, right, changed }) => [name, left, right, changed]),
      [
        ['new', false, true, 0],
        ['x', true, true, 1],
        ['id', true, true, 0],
        ['gone', true, false, 0],
      ],
    );
    assert.deepEqual(found.rows['public.t']![0], {
      change: 'changed',
      left: [null, 'x', '3', '3'],
      right: ['7', 'y', '3', null],
      columns: [1],
    });
  });

  it('no key, one that was chosen, and one that is not unique on one side', async () => {
    await make('a', `create table t (a int, b text); insert into t values (1, 'x'), (1, 'x'), (2, 'y')`);
    await make('b', `create table t (a int, b text); insert into t values (1, 'x'), (2, 'z'), (2, 'w')`);
    const none = await comparer.compare(live('a'), live('b'));
    assert.equal(countsOf(none, 't'), '+2 -2 ~0 =1');
    assert.match(none.tables[0]!.notes.join(), /Nothing tells its rows apart/);
    const chosen = await comparer.compare(live('a'), live('b'), { rows: true, keys: { 'public.t': ['a'] } });
    assert.equal(countsOf(chosen, 't'), '+1 -1 ~1 =1');
    assert.equal(chosen.tables[0]!.keyFrom, 'chosen');
    assert.match(chosen.tables[0]!.notes.join(), /1 keys are not unique among/);
  });

  it('a damaged dump', async () => {
    await make(
      'a',
      `create table good as select g as id from generate_series(1, 1000) g; create table z_bad as select g as id, md5(g::text) as t from generate_series(1, 20000) g`,
    );
    const whole = await dump('a', ['-Fc', '-Z0']);
    const cut = `${whole}-cut`;
    const bytes = await readFile(whole);
    await writeFile(cut, bytes.subarray(0, Math.floor(bytes.length * 0.7)));
    for (const [left, right] of [
      [cut, whole],
      [whole, cut],
    ] as const) {
      const found = await comparer.compare(left, right);
      assert.equal(found.equal, false);
      assert.ok(found.faults.length > 0);
      assert.equal(found.tables.find(({ name }) => name === 'good')!.state, 'same');
      const bad = found.tables.find(({ name }) => name === 'z_bad')!;
      assert.equal(bad.state, 'notCompared');
      // What one side has beyond the damage is not said to be missing.
      assert.deepEqual(found.rows['public.z_bad'], undefined);
      assert.match(bad.notes.join(), /could be read up to row \d+ only/);
    }
  });

  it('a table that may not be read', async () => {
    await make(
      'a',
      'create table mine as select 1 as a; create table secret as select 2 as a; grant select on mine to plain',
    );
    const found = await comparer.compare(await dump('a'), {
      cluster: cluster(),
      database: 'a',
      who: { user: 'plain', password: 'plain' },
    });
    assert.deepEqual(
      found.tables.map(({ name, state }) => [name, state]),
      [
        ['mine', 'same'],
        ['secret', 'notCompared'],
      ],
    );
    assert.match(found.tables[1]!.notes.join(), /may not read it/);
    assert.deepEqual(found.objects.differences, []);
    assert.equal(found.equal, false);
  });

  it('rows that row level security hides', async () => {
    await make(
      'a',
      `create table t as select g as a from generate_series(1, 9) g; alter table t enable row level security; create policy p on t using (a < 3); grant select on t to plain`,
    );
    const found = await comparer.compare(await dump('a'), {
      cluster: cluster(),
      database: 'a',
      who: { user: 'plain', password: 'plain' },
    });
    assert.equal(found.tables[0]!.state, 'notCompared');
    assert.match(found.tables[0]!.notes.join(), /row-level security/);
  });

  it('a table that is locked, and one that is dropped meanwhile', async () => {
    await make('a', 'create table other as select 1 as a; create table t as select 1 as a');
    const before = await dump('a');
    let dropped: Promise<string> | undefined;
    const found = await comparer.compare(
      before,
      live('a'),
      { rows: true },
      {
        onProgress: (fraction) => {
          // Behind the reading of the definitions, before that of the rows: it waits for the lock or wins.
          if (fraction !== null)
            dropped ??= cluster()
              .sql(`set lock_timeout = '30s'; drop table t`, 'a')
              .catch(() => '');
        },
      },
    );
    await dropped;
    assert.equal(found.tables[0]!.state, 'same');
    assert.ok(['same', 'notCompared'].includes(found.tables[1]!.state));
  });

  it('a statement that takes too long', async () => {
    await make(
      'a',
      `create table t as select g as a, repeat('x', 500) as b from generate_series(1, 200000) g`,
    );
    const found = await comparer.compare(await dump('a', ['-Fc', '-Z1']), live('a'), {
      rows: true,
      statementTimeout: 50,
    });
    assert.equal(found.tables[0]!.state, 'notCompared');
    assert.match(found.tables[0]!.notes.join(), /statement timeout/);
  });

  it('a connection that is lost', async () => {
    await make(
      'a',
      `create table t as select g as a, repeat('x', 500) as b from generate_series(1, 200000) g`,
    );
    const before = await dump('a', ['-Fc', '-Z1']);
    let killed = false;
    await assert.rejects(
      comparer.compare(
        before,
        live('a'),
        { rows: true, rate: 1 << 20 },
        {
          onProgress: (fraction) => {
            if (fraction === null || killed) return;
            killed = true;
            void cluster().sql(
              `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'restore-point-test'`,
            );
          },
        },
      ),
    );
    assert.ok(killed);
    const sessions = "select count(*) from pg_stat_activity where application_name = 'restore-point-test'";
    while ((await cluster().sql(sessions)) !== '0') await new Promise((done) => setTimeout(done, 50));
  });

  it('cancel', async () => {
    await make(
      'a',
      `create table t as select g as a, repeat('x', 500) as b from generate_series(1, 200000) g`,
    );
    const stop = new AbortController();
    await assert.rejects(
      comparer.compare(
        await dump('a', ['-Fc', '-Z1']),
        live('a'),
        { rows: true, rate: 1 << 20 },
        {
          signal: stop.signal,
          onProgress: (fraction) => {
            if (fraction !== null) stop.abort();
          },
        },
      ),
      { name: 'CancelledError' },
    );
    assert.deepEqual(
      (await readdir(comparer.folder)).filter((name) => name.endsWith('.partial')),
      [],
    );
    const sessions = "select count(*) from pg_stat_activity where application_name = 'restore-point-test'";
    while ((await cluster().sql(sessions)) !== '0') await new Promise((done) => setTimeout(done, 50));
  });

  it('another encoding', async () => {
    const text = `create table t (id int primary key, x text); insert into t values (1, 'grün'), (2, 'weiß'), (3, 'plain')`;
    await make('a', text);
    await make('b', `${text}; update t set x = 'blau' where id = 2`, {
      how: `encoding 'LATIN1' locale 'C' template template0`,
    });
    for (const right of [
      live('b'),
      await dump('b'),
      await dump('b', ['-Fp', '--inserts']),
      await dump('b', ['-Fc', '-E', 'UTF8']),
    ])
      for (const left of [live('a'), await dump('a')]) {
        const found = await comparer.compare(left, right);
        assert.equal(countsOf(found, 't'), '+0 -0 ~1 =2');
        assert.deepEqual(found.rows['public.t']![0]!.left, ['2', 'weiß']);
      }
  });

  it('other time zones and ways to write bytes', async () => {
    await make(
      'a',
      `create table t (id int primary key, at timestamptz, b bytea); insert into t select g, timestamptz '2024-03-30 12:00+00' + g * interval '1 hour', decode(md5(g::text), 'hex') from generate_series(1, 40) g`,
    );
    const before = await dump('a');
    await cluster().sql(
      `alter database a set timezone = 'Europe/Berlin'; alter database a set bytea_output = 'escape'`,
    );
    const after = await dump('a');
    for (const right of [live('a'), after])
      assert.equal(countsOf(await comparer.compare(before, right), 't'), '+0 -0 ~0 =40');
    await cluster().sql(
      `update t set at = at + interval '1 microsecond' where id = 5; update t set b = b || '\\x00' where id = 6`,
      'a',
    );
    assert.equal(countsOf(await comparer.compare(after, live('a')), 't'), '+0 -0 ~2 =38');
  });

  it('infinite values, NaN, no columns, no rows', async () => {
    const text = `create table t (id int primary key, f float8, n numeric, at timestamptz); insert into t values (1, 'NaN', 'NaN', 'infinity'), (2, 'Infinity', '1.50', '-infinity'), (3, '-0', '0', null);
      create table none (); insert into none default values; insert into none default values; create table empty (a int)`;
    await make('a', text);
    await make('b', text, { major: 18 });
    const same = await comparer.compare(await dump('a'), live('b', 18));
    assert.ok(
      same.tables.every(({ state }) => state === 'same'),
      JSON.stringify(same.tables),
    );
    await cluster(18).sql(
      `delete from none where ctid = (select min(ctid) from none); update t set n = '1.5' where id = 2`,
      'b',
    );
    const found = await comparer.compare(await dump('a', ['-Fp']), live('b', 18));
    assert.deepEqual([countsOf(found, 'none'), countsOf(found, 't')], ['+0 -1 ~0 =1', '+0 -0 ~1 =2']);
    const byValue = await comparer.compare(await dump('a'), live('b', 18), {
      rows: true,
      values: { numeric: 'value' },
    });
    assert.equal(countsOf(byValue, 't'), '+0 -0 ~0 =3');
  });

  it('tables partitioned in another way, and a table that is partitioned now', async () => {
    const rows = `insert into t select g, g % 7 from generate_series(1, 100) g; insert into p select g, g % 7 from generate_series(1, 50) g`;
    await make(
      'a',
      `create table t (id int primary key, k int) partition by range (id); create table t1 partition of t for values from (0) to (50); create table t2 partition of t for values from (50) to (1000); create table p (id int primary key, k int); ${rows}`,
    );
    await make(
      'b',
      `create table t (id int primary key, k int) partition by hash (id); create table t1 partition of t for values with (modulus 3, remainder 0); create table t2 partition of t for values with (modulus 3, remainder 1); create table t3 partition of t for values with (modulus 3, remainder 2);
      create table p (id int primary key, k int) partition by list (id); create table pd partition of p default; ${rows}; update t set k = 99 where id = 42`,
    );
    for (const right of [live('b'), await dump('b')]) {
      const found = await comparer.compare(await dump('a'), right);
      assert.deepEqual([countsOf(found, 't'), countsOf(found, 'p')], ['+0 -0 ~1 =99', '+0 -0 ~0 =50']);
      assert.deepEqual(found.tables.find(({ name }) => name === 't')!.parts, ['t1', 't2', 't3']);
    }
  });

  it('one very long row', async () => {
    await make(
      'a',
      `create table t (id int primary key, a text, b text); insert into t values (1, repeat('x', 500000000), 'short'), (2, 'y', 'z')`,
    );
    const before = await dump('a');
    assert.equal(countsOf(await comparer.compare(before, live('a')), 't'), '+0 -0 ~0 =2');
    await cluster().sql(`update t set a = a || '!' where id = 1`, 'a');
    for (const right of [live('a'), await dump('a', ['-Fd'])]) {
      const found = await comparer.compare(before, right);
      assert.equal(countsOf(found, 't'), '+0 -0 ~1 =1');
      const [row] = found.rows['public.t']!;
      assert.deepEqual(
        [row!.columns, row!.cut],
        [[1], { left: { 1: 500_000_000 }, right: { 1: 500_000_001 } }],
      );
      assert.ok(row!.left![1]!.length < 1 << 20);
    }
  });

  it('many tables', async () => {
    const tables = 10_000;
    await make(
      'a',
      `do $$ begin for n in 1..${tables} loop execute format('create table t%s (id int primary key)', n); execute format('insert into t%s values (1)', n); end loop; end $$`,
    );
    const before = await dump('a');
    await cluster().sql('insert into t700 values (2)', 'a');
    const found = await comparer.compare(before, live('a'));
    assert.equal(found.tables.length, tables);
    assert.deepEqual(
      found.tables.filter(({ state }) => state !== 'same').map(({ name }) => name),
      ['t700'],
    );
  });

  it('large objects and sequences', async () => {
    await make(
      'a',
      `create sequence s; select nextval('s'); select lo_from_bytea(1001, 'one'), lo_from_bytea(1002, 'two'), lo_from_bytea(1003, 'three')`,
    );
    const before = await dump('a');
    await cluster().sql(
      `select nextval('s'); select lo_put(1002, 0, 'TWO'); select lo_unlink(1003); select lo_from_bytea(1004, 'four')`,
      'a',
    );
    for (const right of [live('a'), await dump('a', ['-Fp'])]) {
      const found = await comparer.compare(before, right);
      assert.deepEqual(found.largeObjects, {
        same: 1,
        changed: [
          { oid: 1002, change: 'changed', left: 3, right: 3 },
          { oid: 1003, change: 'removed', left: 5, right: null },
          { oid: 1004, change: 'added', left: null, right: 4 },
        ],
      });
      assert.deepEqual(
        found.sequences.map(({ name, left, right }) => [name, left?.value, right?.value]),
        [['s', '1', '2']],
      );
    }
  });
});
