import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { applyFix, type RestoreRequest } from '../../../src/engine/restore';
import { loadSample, runTool } from '../../support/databases';
import { useSuiteFolder } from '../../support/fixtures';
import { startCluster, type Cluster } from '../../support/postgres';
import { Restorer } from '../../support/restoring';

for (const major of [15, 18] as const)
  describe(`picking from a backup: PostgreSQL ${major}`, function () {
    this.timeout(120_000);
    const folder = useSuiteFolder();
    let cluster: Cluster;
    let restorer: Restorer;
    const paths: Record<string, string> = {};

    before(async () => {
      cluster = await startCluster(major);
      restorer = await Restorer.open(cluster);
      await loadSample(cluster, 'pagila');
      for (const format of ['custom', 'plain', 'inserts']) {
        const path = (paths[format] = join(folder(), format));
        const how = format === 'inserts' ? ['--column-inserts', '--rows-per-insert=100'] : [`-F${format[0]}`];
        await runTool(cluster, major, 'pg_dump', ['-f', path, ...how, 'pagila']);
      }
      await cluster.sql('create role app');
    });
    after(async () => {
      await restorer?.close();
      await cluster?.stop();
    });
    beforeEach(() => cluster.sql('drop database if exists live'));
    afterEach(async () => {
      for (const name of (await cluster.sql("select datname from pg_database where datname ~ '^(live|copy)'"))
        .split('\n')
        .filter(Boolean))
        await cluster.sql(`drop database "${name}"`);
    });

    /** Everything of a database as text, without what changes from dump to dump. */
    async function text(database: string, ...options: string[]): Promise<string> {
      const path = join(folder(), 'text.sql');
      await runTool(cluster, major, 'pg_dump', ['-f', path, ...options, database]);
      return (await readFile(path, 'utf8')).replaceAll(/^\\(?:un)?restrict .*$/gm, '');
    }

    const live = async (...changes: string[]): Promise<void> => {
      await cluster.sql('create database live template pagila');
      for (const change of changes) await cluster.sql(change, 'live');
    };
    const ask = (format: string, more: Partial<RestoreRequest>): RestoreRequest => ({
      ...{ artifact: paths[format]!, database: 'live', strategy: 'in-place', ...more },
    });
    async function run(request: RestoreRequest): Promise<Awaited<ReturnType<Restorer['run']>>> {
      const outcome = await restorer.run(await restorer.plan(request));
      assert.equal(outcome.state, 'succeeded', JSON.stringify(outcome.error));
      return outcome;
    }
    const value = (sql: string): Promise<string> => cluster.sql(sql, 'live');

    it('brings a table and a view with what they need, the same from every format', async () => {
      const found: string[] = [];
      for (const format of ['custom', 'plain', 'inserts']) {
        const request = ask(format, {
          ...{
            database: 'copy',
            strategy: 'new',
            pick: { entries: ['public.film', 'VIEW public.customer_list'] },
          },
        });
        const plan = await restorer.plan(request);
        const without = plan.warnings.find(({ code }) => code === 'pick.without');
        assert.match(without?.text ?? '', /public\.language/);
        assert.match(
          plan.checked?.find(({ code }) => code === 'pick.needed')?.text ?? '',
          /TABLE public\.city/,
        );
        assert.equal((await restorer.run(plan)).state, 'succeeded');
        found.push(await text('copy'));
        assert.equal(await cluster.sql('select count(*) from film', 'copy'), '1000');
        await cluster.sql('drop database copy');
        // The table a foreign key needs can be had, too.
        const more = applyFix(request, without!.fixes![0]!.set);
        const codes = (await restorer.plan(more)).warnings.map(({ code }) => code);
        assert.ok(!codes.includes('pick.without'));
      }
      assert.equal(found[1], found[0]);
      assert.equal(found[2], found[0]);
    });

    it('replaces one table in place; what depends on it stays as it is now', async () => {
      await live(
        `update customer set email = 'gone'; delete from payment where amount > 5`,
        'create view newer as select count(*) from customer; grant select on newer to app',
        'create materialized view kept as select count(*) from customer',
      );
      const before = await value('select count(*) from payment');
      const keys = await value(`select count(*) from pg_constraint where contype = 'f'`);
      const plan = await restorer.plan(
        ask('custom', { pick: { entries: ['public.customer'], existing: 'replace' } }),
      );
      assert.match(plan.destroys.join(), /public\.customer/);
      assert.match(plan.checked?.find(({ code }) => code === 'pick.anew')?.text ?? '', /VIEW public\.newer/);
      const outcome = await restorer.run(plan);
      assert.equal(outcome.state, 'succeeded', JSON.stringify(outcome.error));
      assert.equal(await value(`select count(*) from customer where email = 'gone'`), '0');
      assert.equal(await value('select count from newer'), '599');
      assert.equal(await value(`select has_table_privilege('app', 'newer', 'select')`), 't');
      assert.equal(await value('select count(*) from payment'), before);
      assert.equal(await value(`select count(*) from pg_constraint where contype = 'f'`), keys);
      assert.equal(await value('select count from kept'), '599');
    });

    it('replaces tables that refer to each other', async () => {
      await live(
        'create function theirs() returns bigint language sql begin atomic select count(*) from store; end',
      );
      await run(ask('custom', { pick: { entries: ['public.store', 'public.staff'], existing: 'replace' } }));
      assert.equal(await value('select theirs()'), '2');
      const keys = `select count(*) from pg_constraint where contype = 'f'`;
      assert.equal(await value(keys), await cluster.sql(keys, 'pagila'));
    });

    it('leaves everything as it was when a dependent cannot be made anew', async () => {
      await live(
        `alter table customer add nick text default 'x'; update customer set email = 'now'`,
        'create view nicks as select nick from customer',
      );
      const before = await text('live');
      const outcome = await restorer.run(
        await restorer.plan(ask('plain', { pick: { entries: ['public.customer'], existing: 'replace' } })),
      );
      assert.equal(outcome.state, 'failed');
      assert.match(outcome.error?.why ?? '', /nick/);
      assert.equal(await text('live'), before);
    });

    it('refuses to replace what other tables are made of, and offers to restore beside', async () => {
      await live('create table vips (like customer); create table kids () inherits (customer)');
      const request = ask('custom', { pick: { entries: ['public.customer'], existing: 'replace' } });
      const [blocking] = (await restorer.plan(request)).warnings.filter(({ blocks }) => blocks);
      assert.equal(blocking?.code, 'pick.inTheWay');
      assert.match(blocking.text, /TABLE public\.kids/);
      await run(applyFix(request, blocking.fixes![0]!.set));
      assert.equal(await value('select count(*) from customer_restored'), '599');
      assert.equal(await value('select count(*) from only customer'), '599');
    });

    it('adds what is missing and leaves the rest', async () => {
      await live(`update film set title = 'mine'; drop table film_category cascade`);
      const request = ask('plain', {
        pick: { entries: ['public.film', 'public.film_category', 'VIEW public.film_list'] },
      });
      const plan = await restorer.plan(request);
      assert.match(
        plan.warnings.find(({ code }) => code === 'pick.exists')?.text ?? '',
        /TABLE public\.film\b/,
      );
      assert.equal((await restorer.run(plan)).state, 'succeeded');
      assert.equal(await value(`select count(*) from film where title = 'mine'`), '1000');
      assert.equal(await value('select count(*) from film_category'), '1000');
      assert.notEqual(await value('select count(*) from film_list'), '0');
      const again = await restorer.plan(request);
      const [blocking] = again.warnings.filter(({ blocks }) => blocks);
      assert.equal(blocking?.code, 'pick.nothing');
      assert.deepEqual(
        blocking.fixes?.map(({ id }) => id),
        ['replaceExisting', 'putBeside'],
      );
    });

    it('puts a partitioned table beside the one there is, twice', async () => {
      await live('delete from payment');
      for (const suffix of ['_restored', '_restored_2']) {
        await run(
          ask(suffix.endsWith('2') ? 'plain' : 'custom', {
            pick: { entries: ['public.payment'], existing: 'beside' },
          }),
        );
        assert.equal(await value(`select count(*) from payment${suffix}`), '16049');
      }
      assert.equal(await value('select count(*) from payment'), '0');
      assert.equal(
        await value(
          `select count(*) from pg_index i join pg_class c on c.oid = i.indrelid where c.relname = 'payment_restored'`,
        ),
        await value(
          `select count(*) from pg_index i join pg_class c on c.oid = i.indrelid where c.relname = 'payment'`,
        ),
      );
    });

    it('replaces only the rows of a table that others refer to', async () => {
      await live(`update customer set email = 'gone'; alter table customer add more int`);
      await run(ask('inserts', { pick: { entries: ['TABLE DATA public.customer'], existing: 'replace' } }));
      assert.equal(await value(`select count(*) from customer where email = 'gone'`), '0');
      assert.equal(await value('select count(*) from customer where more is null'), '599');
      assert.equal(
        await value(
          `select count(*) from pg_constraint where contype = 'f' and confrelid = 'customer'::regclass`,
        ),
        await cluster.sql(
          `select count(*) from pg_constraint where contype = 'f' and confrelid = 'customer'::regclass`,
          'pagila',
        ),
      );
    });

    it('takes no rows when asked for none', async () => {
      await run(
        ask('custom', {
          database: 'copy',
          strategy: 'new',
          pick: { entries: ['public.actor'], rows: false },
        }),
      );
      assert.equal(await cluster.sql('select count(*) from actor', 'copy'), '0');
    });

    it('gives schemas another name, everywhere they are named, and keeps what is there', async () => {
      await live();
      const before = await text('live', '-n', 'public');
      for (const format of ['custom', 'plain', 'inserts'])
        await run(ask(format, { rename: { schemas: { public: `Old ${format}` } } }));
      assert.equal(await text('live', '-n', 'public'), before);
      for (const format of ['custom', 'plain', 'inserts']) {
        const name = `Old ${format}`;
        const renamed = (await text('live', '-n', `"${name}"`, '--schema-only'))
          .replaceAll(`"${name}"`, 'public')
          .replaceAll(name, 'public');
        const plain = await text('pagila', '-n', 'public', '--schema-only');
        const lines = (all: string): string[] =>
          all.split('\n').filter((line) => line && !line.startsWith('--') && !/SCHEMA public/.test(line));
        assert.deepEqual(lines(renamed), lines(plain));
        assert.equal(await value(`select count(*) from "${name}".payment`), '16049');
      }
    });

    it('gives owners another name, and scripts no owners at all', async () => {
      await run(
        ask('custom', { database: 'copy', strategy: 'new', rename: { owners: { postgres: 'app' } } }),
      );
      assert.equal(
        await cluster.sql(
          `select count(*) from pg_tables where schemaname = 'public' and tableowner <> 'app'`,
          'copy',
        ),
        '0',
      );
      await cluster.sql('drop database copy');
      await run(
        ask('plain', {
          database: 'copy',
          strategy: 'new',
          options: { 'no-owner': true, 'schema-only': true },
        }),
      );
      assert.equal(await cluster.sql('select count(*) from film', 'copy'), '0');
    });

    it('leaves out an extension with what needs it', async () => {
      await cluster.sql('create database withext');
      await cluster.sql('create extension if not exists citext', 'withext').catch(() => '');
      const has = await cluster.sql(`select count(*) from pg_extension where extname = 'citext'`, 'withext');
      if (has === '0') return await cluster.sql('drop database withext').then(() => undefined);
      await cluster.sql(
        'create table a (x citext); create table b (x text); insert into b values (1)',
        'withext',
      );
      const path = join(folder(), 'ext.dump');
      await runTool(cluster, major, 'pg_dump', ['-Fc', '-f', path, 'withext']);
      await cluster.sql('drop database withext');
      const request: RestoreRequest = {
        artifact: path,
        database: 'copy',
        strategy: 'new',
        withoutExtensions: ['citext'],
      };
      const plan = await restorer.plan(request);
      assert.match(
        plan.warnings.find(({ code }) => code === 'extension.without')?.text ?? '',
        /TABLE public\.a/,
      );
      assert.equal((await restorer.run(plan)).state, 'succeeded');
      assert.equal(await cluster.sql('select count(*) from b', 'copy'), '1');
    });

    it('says which name the backup does not hold', async () => {
      await assert.rejects(
        restorer.plan(
          ask('custom', { database: 'copy', strategy: 'new', pick: { entries: ['public.nothing'] } }),
        ),
        /holds no public\.nothing/,
      );
    });
  });
