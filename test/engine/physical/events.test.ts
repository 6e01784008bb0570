import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  readSets,
  scanEvents,
  WalFolder,
  type EventEffect,
  type Scanned,
  type ScanRequest,
  type WalEvent,
} from '../../../src/engine/physical';
import { openDecoded } from '../../../src/engine/physical/wal';
import { Archiving } from '../../support/archiving';
import { freePort } from '../../support/postgres';
import { asServer, baseBackup } from '../../support/recovery';
import { askServer } from '../backup/baseSupport';
import { newUser } from '../cli/support';

type Commit = Extract<WalEvent, { kind: 'commit' }>;

/** What is done, each between two named restore points, and what of it takes something away. */
const deeds: readonly [name: string, statements: string[], effects: string[]][] = [
  ['nothing', ['insert into kept values (1)'], []],
  ['drop', ['drop table gone'], ['drop public.gone']],
  ['truncate', ['truncate emptied'], ['truncate public.emptied']],
  [
    'truncate and fill',
    ['begin; truncate emptied; insert into emptied values (7); commit'],
    ['truncate public.emptied'],
  ],
  ['drop what was truncated', ['drop table emptied'], ['drop public.emptied']],
  ['vacuum full', ['vacuum full kept'], []],
  ['rewrite', ['alter table kept alter n type bigint'], []],
  ['cluster', ['cluster indexed using indexed_pkey'], []],
  ['reindex', ['reindex table indexed'], []],
  ['drop an index', ['drop index indexed_m'], []],
  ['refresh', ['refresh materialized view seen'], []],
  [
    'rewrite and truncate',
    ['begin; truncate second; alter table indexed alter m type text; commit'],
    ['truncate public.second'],
  ],
  ['delete', ['delete from kept where n <= 5'], ['delete public.kept 7']],
  [
    'delete a part',
    [
      'begin; delete from third where n < 3; savepoint a; delete from third where n < 9; rollback to a; delete from third where n = 5; commit',
    ],
    ['delete public.third 4'],
  ],
  ['delete nothing in the end', ['begin; delete from third; rollback'], []],
  ['delete long rows', ['delete from long'], ['delete public.long 3']],
  ['update', ['update third set n = n + 100'], []],
  ['move a row', ['update parted set n = 150 where n = 50'], []],
  [
    'drop the parts',
    ['drop table parted'],
    ['drop public.parted', 'drop public.parted_high', 'drop public.parted_low'],
  ],
  ['drop in vain', ['begin; drop table third; rollback'], []],
  [
    'make and drop',
    ['begin; create table brief (n int); insert into brief values (1); drop table brief; commit'],
    [],
  ],
  ['make', ['create table later (n int primary key); insert into later values (1)'], []],
  ['drop what came later', ['drop table later'], ['drop public.later']],
  ['rename', ['alter table renamed rename to other_name'], []],
  ['drop what was renamed', ['checkpoint', 'drop table other_name'], ['drop public.other_name']],
  ['drop a schema', ['drop schema stock cascade'], ['drop stock.items', 'drop stock.view_of_items']],
  ['prepare', ["begin; drop table prepared; prepare transaction 'one'"], []],
  ['commit what was prepared', ["commit prepared 'one'"], ['drop public.prepared']],
  ['temporary', ['create temporary table t (n int); drop table t'], []],
  ['make a database', ['create database brief_db'], []],
  ['drop a database', ['drop database brief_db'], ['dropDatabase brief_db']],
  [
    'move a database',
    ['create database moved tablespace elsewhere', 'alter database moved set tablespace pg_default'],
    [],
  ],
];

const textOf = ({ kind, schema, name, rows, fileNode }: EventEffect): string =>
  [
    kind,
    name === null ? `file ${fileNode}` : [schema, name].filter(Boolean).join('.'),
    ...(rows === null ? [] : [rows]),
  ].join(' ');

for (const major of [15, 17, 18] as const)
  describe(`events in the WAL: PostgreSQL ${major}`, function () {
    this.timeout(300_000);
    let server: Archiving;
    let events: WalEvent[];
    let scanned: Scanned;
    let backups: string;

    before(async () => {
      server = await Archiving.start(major, [], {
        max_prepared_transactions: '5',
        wal_compression: major === 18 ? 'lz4' : major === 17 ? 'zstd' : 'pglz',
      });
      const { cluster } = server;
      const shop = async (text: string): Promise<string> => await cluster.sql(text, 'shop');
      await cluster.sql('create database shop');
      for (const table of ['gone', 'emptied', 'kept', 'second', 'third', 'renamed', 'prepared'])
        await shop(`create table ${table} (n int); insert into ${table} select generate_series(0, 9)`);
      await shop(
        'create table indexed (n int primary key, m int); create index indexed_m on indexed (m); insert into indexed select g, g from generate_series(1, 100) g',
      );
      await shop('create materialized view seen as select n from indexed');
      await shop(
        `create table long (t text); alter table long alter t set storage external; insert into long select repeat('x', 20000) from generate_series(1, 3)`,
      );
      await shop(
        'create table parted (n int) partition by range (n); create table parted_low partition of parted for values from (0) to (100); create table parted_high partition of parted for values from (100) to (200); insert into parted values (50)',
      );
      await shop(
        'create schema stock; create table stock.items (n int); create view stock.view_of_items as select * from stock.items',
      );
      const place = join(cluster.socketDir, 'elsewhere');
      await asServer(cluster, '/bin/mkdir', [place]);
      await cluster.sql(`create tablespace elsewhere location '${place}'`);
      await server.switch();
      backups = join(cluster.socketDir, 'backups');
      await asServer(cluster, '/bin/mkdir', [backups]);
      await baseBackup(cluster, 'backups/full', ['-X', 'fetch', '-T', `${place}=${place}-copy`]);
      for (const [name, statements] of deeds) {
        for (const text of statements) await shop(text);
        await cluster.sql(`select pg_create_restore_point('after ${name}')`);
      }
      await server.switch();
      ({ events, scanned } = await scan({}));
    });
    after(async () => await server?.cluster.stop());

    async function scan(
      request: ScanRequest,
      named = true,
    ): Promise<{ events: WalEvent[]; scanned: Scanned }> {
      const found: WalEvent[] = [];
      const sets = named ? await readSets([backups]) : [];
      const result = await scanEvents(new WalFolder(server.archive), request, (event) => found.push(event), {
        sets,
      });
      return { events: found, scanned: result };
    }

    /** The commits of a deed. */
    function commitsOf(name: string, all = events): Commit[] {
      const end = all.findIndex((event) => event.kind === 'restorePoint' && event.name === `after ${name}`);
      assert.ok(end >= 0, name);
      const begin = all.findLastIndex((event, i) => i < end && event.kind === 'restorePoint');
      return all.slice(begin + 1, end).filter((event) => event.kind === 'commit');
    }

    it('are the commits and restore points that pg_waldump shows', async () => {
      const { cluster, archive } = server;
      const folder = join(cluster.socketDir, 'plain');
      await mkdir(folder);
      await chmod(folder, 0o755);
      const source = new WalFolder(archive);
      const segments: string[] = [];
      for (const file of await source.list()) {
        const [base = ''] = file.name.split('.');
        if (!/^[0-9A-F]{24}(?:\.gz|\.zst)?$/.test(file.name)) continue;
        const parts: Buffer[] = [];
        for await (const part of (await openDecoded(source, file)).parts) parts.push(part);
        await writeFile(join(folder, base), Buffer.concat(parts), { mode: 0o644 });
        segments.push(base);
      }
      const last = segments.sort().at(-1)!;
      const said = await asServer(cluster, '/usr/bin/env', [
        'TZ=UTC',
        join(cluster.bin, 'pg_waldump'),
        '-p',
        folder,
        segments[0]!,
        last,
      ]).catch(
        // It ends with an error where the last segment ends.
        (error: { stdout: string }) => error.stdout,
      );
      const expected: string[] = [];
      for (const line of said.split('\n')) {
        const [, tx, lsn, desc = ''] = /tx:\s*(\d+), lsn: (\S+), prev \S+, desc: (.*)$/.exec(line) ?? [];
        const commit = /^COMMIT(?:_PREPARED (\d+):)? (\S+) (\S+) UTC/.exec(desc);
        const point = /^RESTORE_POINT (.*)$/.exec(desc);
        const place = lsn?.replace(/\/0*(?=.)/, '/');
        if (commit) expected.push(`${place} ${commit[1] ?? tx} ${commit[2]}T${commit[3]}Z`);
        if (point) expected.push(`${place} ${point[1]}`);
      }
      const found = events.map((event) =>
        event.kind === 'commit' ? `${event.lsn} ${event.xid} ${event.time}` : `${event.lsn} ${event.name}`,
      );
      assert.ok(found.length > 60);
      assert.deepEqual(found, expected);
      assert.equal(scanned.events, events.length);
      assert.deepEqual([scanned.unread, scanned.missing, scanned.clockBack], [[], [], []]);
    });

    for (const [name, , effects] of deeds)
      it(`tell of "${name}": ${effects.join(', ') || 'no loss'}`, () => {
        const found = commitsOf(name).flatMap((commit) => commit.effects.map(textOf));
        assert.deepEqual(found.sort(), effects);
      });

    it('have names from images of pages where no backup tells them', async () => {
      const bare = await scan({ losses: true }, false);
      assert.equal(bare.scanned.namesFrom, null);
      const found = bare.events.flatMap((event) => (event.kind === 'commit' ? event.effects : []));
      const known = new Map(found.map((effect) => [effect.name, effect]));
      for (const name of ['later', 'other_name', 'items', 'prepared'])
        assert.equal(known.get(name)?.kind, 'drop', name);
      // What was done is known where the name is not.
      const kinds = (events: WalEvent[]): string[] =>
        events.flatMap((event) => (event.kind === 'commit' ? event.effects.map(({ kind }) => kind) : []));
      assert.deepEqual(new Set(kinds(bare.events)), new Set(kinds(events)));
    });

    it('are found by time and by place', async () => {
      const at = events.findIndex((event) => event.kind === 'restorePoint' && event.name === 'after delete');
      const [first, last] = [events[at - 2]!, events[at + 2]!];
      const wanted = events.slice(at - 2, at + 3).map(({ lsn }) => lsn);
      const byTime = await scan({ from: { time: first.time }, to: { time: last.time } });
      assert.deepEqual(
        byTime.events.map(({ lsn }) => lsn),
        wanted,
      );
      const byPlace = await scan({ from: { lsn: first.lsn }, to: { lsn: last.lsn } });
      assert.deepEqual(
        byPlace.events.map(({ lsn }) => lsn),
        wanted.slice(0, -1),
      );
      assert.ok(byTime.scanned.segments < scanned.segments);
      const losses = await scan({ losses: true, leastRows: 5 });
      assert.ok(losses.events.every((event) => event.kind === 'restorePoint' || event.effects.length > 0));
      assert.deepEqual(
        losses.events
          .flatMap((event) => (event.kind === 'commit' ? event.effects : []))
          .filter(({ kind }) => kind === 'delete')
          .map(textOf),
        ['delete public.kept 7'],
      );
      await assert.rejects(scan({ from: { time: 'never' } }), { code: 'events.time' });
      await assert.rejects(scan({ timeline: 7 }), { code: 'events.timeline' });
    });

    if (major === 17)
      it('lead back to just before a DROP', async () => {
        const { cluster, archive } = server;
        const [drop] = commitsOf('drop');
        const user = await newUser();
        const sides = await mkdtemp(join(tmpdir(), 'rp-before-'));
        await chmod(sides, 0o755);
        const recover = async (name: string, target: string[]): Promise<(sql: string) => Promise<string>> => {
          const into = join(sides, name);
          const port = await freePort();
          const ran = await user.run([
            ...['recover', ...target, '--into', into, '--port', String(port)],
            ...['--backups', backups, '--wal', archive, '--tools', cluster.bin],
          ]);
          assert.equal(ran.code, 0, ran.stderr);
          return async (sql) => await askServer(cluster, into, port, sql);
        };
        const end = async (action: string, name: string): Promise<void> => {
          const ran = await user.run(['recover', action, join(sides, name), '--tools', cluster.bin]);
          assert.equal(ran.code, 0, ran.stderr);
        };
        try {
          const before = await recover('before', ['--before', drop!.lsn]);
          assert.equal(await before('select count(*) from gone'), '10');
          await end('--remove', 'before');
          // Just before the commit itself its lock is held until the cluster is opened.
          const exact = await recover('exact', ['--target', drop!.lsn, '--exclusive']);
          const read = 'select count(*) from gone';
          await assert.rejects(exact(`set lock_timeout = 300; ${read}`), /lock timeout/);
          await end('--promote', 'exact');
          assert.equal(await exact(read), '10');
          await end('--remove', 'exact');
          const after = await recover('after', ['--target', drop!.lsn]);
          await assert.rejects(after(read), /does not exist/);
          await end('--remove', 'after');
          const nowhere = await user.run([
            'recover',
            '--before',
            '0/100',
            '--into',
            join(sides, 'x'),
            '--port',
            '1',
            '--wal',
            archive,
          ]);
          assert.match(nowhere.stderr, /No transaction was committed at 0\/100/);
        } finally {
          await user.remove();
          await rm(sides, { recursive: true, force: true });
        }
      });

    if (major === 18)
      it('are listed on the command line', async () => {
        const user = await newUser();
        try {
          const [drop] = commitsOf('drop');
          const listed = await user.run(['wal', 'events', server.archive, '--losses', '--backups', backups]);
          assert.equal(listed.code, 0, listed.stderr);
          assert.match(
            listed.stdout,
            new RegExp(`^${drop!.time}  ${drop!.lsn}  shop  xid:${drop!.xid}  DROP public.gone$`, 'm'),
          );
          assert.match(listed.stdout, /restore point "after drop"/);
          const { document } = await user.json<
            Scanned & { events: WalEvent[]; count: number; leftOut: number }
          >([
            ...[
              'wal',
              'events',
              server.archive,
              '--around',
              drop!.time,
              '--backups',
              backups,
              '--limit',
              '3',
            ],
          ]);
          assert.deepEqual(
            [document.count, document.events.length, document.leftOut],
            [events.length, 3, events.length - 3],
          );
        } finally {
          await user.remove();
        }
      });
  });
