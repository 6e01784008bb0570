import assert from 'node:assert/strict';
import { chown, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readMessages, readSummary, type JobMessage } from '../../../src/engine/jobs';
import { remediesOf, requestWith, type RestoreRequest } from '../../../src/engine/restore';
import { runTool } from '../../support/databases';
import { useSuiteFolder } from '../../support/fixtures';
import { postgresBin, startCluster, type Cluster } from '../../support/postgres';
import { Restorer } from '../../support/restoring';

/** A restore that goes wrong, and what is pressed about the message that says so. */
interface Case {
  name: string;
  fix: string;
  rule: string | undefined;
  verdict?: JobMessage['verdict'];
  /** Made in the database `shop` that is dumped. */
  make: string[];
  /** Done to the source after the dump. */
  unmake?: string[];
  /** Majors of the source; 15 unless said. */
  from?: 15 | 18;
  /** Options of pg_dump, one dump each. */
  dumps?: string[][];
  /** What is done to a plain dump. */
  edit?: (script: string) => string;
  request?: Partial<RestoreRequest>;
  /** In the database `copy`, which is there beforehand for restores in place. */
  before?: string[];
  user?: string;
  /** True of `copy` afterwards. */
  holds: string;
}

const custom = [['-Fc']];
const both = [['-Fc'], ['-Fp']];
const inPlace = { strategy: 'in-place', safety: 'none', options: { clean: false } } as const;

const cases: Case[] = [
  {
    ...{ name: 'the owner is created, and gets what is his', fix: 'createRoles', rule: 'ownerMissing' },
    ...{ verdict: 'degraded', dumps: both },
    make: ['create role gone', 'create table t as select 1 as a', 'alter table t owner to gone'],
    unmake: ['drop owned by gone', 'drop role gone'],
    holds: `(select tableowner = 'gone' from pg_tables where tablename = 't') and (select count(*) = 1 from t)`,
  },
  {
    ...{ name: 'the role of a policy is created', fix: 'createRoles', rule: 'roleMissing', dumps: both },
    make: ['create role gone', 'create table t as select 1 as a', 'create policy p on t to gone'],
    unmake: ['drop owned by gone', 'drop role gone'],
    holds: `exists (select from pg_policy where polname = 'p') and (select count(*) = 1 from t)`,
  },
  {
    ...{ name: 'no role is switched to', fix: 'noRole', rule: 'roleMissingSet' },
    make: ['create table t as select 1 as a'],
    request: { options: { role: 'nobody' } },
    holds: '(select count(*) = 1 from t)',
  },
  {
    ...{ name: 'owners are left out', fix: 'noOwner', rule: 'ownerMissing', verdict: 'degraded' },
    make: ['create role gone', 'create table t as select 1 as a', 'alter table t owner to gone'],
    unmake: ['drop owned by gone', 'drop role gone'],
    request: inPlace,
    holds: `(select tableowner = 'postgres' from pg_tables where tablename = 't')`,
  },
  {
    ...{ name: 'owners that may not be set are left out', fix: 'noOwner', rule: 'ownerDenied' },
    ...{ verdict: 'degraded', user: 'plain' },
    make: ['create table t as select 1 as a'],
    ...{ request: inPlace, before: ['grant create on schema public to plain'] },
    holds: `(select tableowner = 'plain' from pg_tables where tablename = 't')`,
  },
  {
    ...{ name: 'the comment of an extension is left out', fix: 'noComments', rule: 'extensionComment' },
    ...{ verdict: 'harmless', user: 'plain' },
    make: ['create extension pgcrypto', 'create table t as select 1 as a', 'alter table t owner to plain'],
    request: inPlace,
    before: ['create extension pgcrypto', 'grant create on schema public to plain'],
    holds: '(select count(*) = 1 from t)',
  },
  {
    ...{
      name: 'an extension that is missing is left out',
      fix: 'withoutExtensions',
      rule: 'extensionMissing',
    },
    ...{ from: 18, dumps: both },
    make: ['create extension pg_logicalinspect', 'create table t as select 1 as a'],
    holds: '(select count(*) = 1 from t)',
  },
  {
    ...{
      name: 'an extension that may not be made is left out',
      fix: 'withoutExtensions',
      rule: 'extensionDenied',
    },
    // A script does not tell that the server needs the extension.
    user: 'plain',
    make: [
      'create extension file_fdw',
      'create server files foreign data wrapper file_fdw',
      `create foreign table f (a int) server files options (filename '/dev/null')`,
      'create table t as select 1 as a',
      'alter table t owner to plain',
    ],
    request: { options: { 'no-owner': true } },
    holds: `(select count(*) = 1 from t) and to_regclass('f') is null`,
  },
  {
    ...{
      name: 'tablespaces are left out',
      fix: 'noTablespaces',
      rule: 'tablespaceMissing',
      verdict: 'degraded',
    },
    make: ['create table t tablespace fast as select 1 as a'],
    request: inPlace,
    holds: '(select count(*) = 1 from t)',
  },
  {
    ...{ name: 'tablespaces of a script are left out', fix: 'noTablespaces', rule: 'tablespaceMissing' },
    ...{ verdict: 'degraded', dumps: [['-Fp']] },
    make: ['create table t tablespace fast as select 1 as a'],
    holds: '(select count(*) = 1 from t)',
  },
  {
    ...{ name: 'table access methods are left out', fix: 'noTableAccessMethod', rule: 'accessMethodMissing' },
    ...{ verdict: 'degraded', dumps: [['-Fc', '-t', 't']], request: inPlace },
    make: [
      'create access method pile type table handler heap_tableam_handler',
      'create table t (a int) using pile',
      'insert into t values (1)',
    ],
    holds: '(select count(*) = 1 from t)',
  },
  {
    ...{ name: 'security labels are left out', fix: 'noSecurityLabels', rule: 'labelProviderMissing' },
    ...{ verdict: 'degraded', dumps: [['-Fp']] },
    make: ['create table t as select 1 as a'],
    edit: (script) =>
      script.replace(
        /(?=--\n-- PostgreSQL database dump complete)/,
        `--\n-- Name: TABLE t; Type: SECURITY LABEL; Schema: public; Owner: postgres\n--\n\nSECURITY LABEL FOR nonesuch ON TABLE public.t IS 'x';\n\n\n`,
      ),
    holds: '(select count(*) = 1 from t)',
  },
  {
    ...{ name: 'subscriptions are left out', fix: 'noSubscriptions', rule: 'replicationDenied' },
    ...{ dumps: both, user: 'plain', request: { options: { 'no-owner': true } } },
    make: [
      'create table t as select 1 as a',
      `create subscription s connection 'host=nowhere' publication p with (connect = false, slot_name = none)`,
    ],
    unmake: ['drop subscription s'],
    holds: '(select count(*) = 1 from t)',
  },
  ...[true, false].map((tolerant): Case => ({
    name: `a function is made without a setting that is not known, ${tolerant ? 'by itself' : 'with all else'}`,
    ...{ fix: 'withoutSettings', rule: 'settingInRoutine', from: 18, dumps: both, request: { tolerant } },
    make: [
      'create table t as select 1 as a',
      `create function f() returns int language sql set search_path to 'public', pg_temp set transaction_timeout to '1s' as 'select a from t'`,
      'create view v as select f()',
    ],
    holds: `(select f() = 1 from v) and (select proconfig = '{"search_path=public, pg_temp"}' from pg_proc where proname = 'f')`,
  })),
  {
    ...{ name: 'the line of a script that sets what is not known is left out', fix: 'withoutLines' },
    ...{ rule: 'settingLost', verdict: 'degraded', dumps: [['-Fp']] },
    make: ['create table t as select 1 as a'],
    edit: (script) => script.replace(/(?=COPY public\.t)/, 'SET nonsense_setting = on;\n'),
    holds: '(select count(*) = 1 from t)',
  },
  {
    ...{ name: 'what exists is dropped first', fix: 'clean', rule: 'objectExists', request: inPlace },
    make: ['create table t as select 1 as a'],
    before: ['create table t as select 2 as a'],
    holds: '(select sum(a) = 1 from t)',
  },
  ...(['objectExists', 'duplicateKey', 'notUnique'] as const).map((rule): Case => ({
    ...{ name: `what is there is replaced: ${rule}`, fix: 'replaceExisting', rule },
    make: ['create table t as select 1 as a', 'alter table t add primary key (a)', 'create table u ()'],
    request: { ...inPlace, tolerant: true },
    before: [
      'create table t as select 1 as a',
      ...(rule === 'notUnique' ? [] : ['alter table t add primary key (a)']),
    ],
    holds: `(select sum(a) = 1 from t) and to_regclass('u') is not null and exists (select from pg_constraint where conname = 't_pkey')`,
  })),
  {
    ...{ name: 'triggers are disabled while rows come', fix: 'disableTriggers', rule: 'rowsRefused' },
    make: [
      'create table a (id int primary key)',
      'create table b (id int primary key)',
      'alter table a add foreign key (id) references b',
      'insert into b values (1)',
      'insert into a values (1)',
    ],
    request: { ...inPlace, options: { 'data-only': true } },
    before: [
      'create table a (id int primary key)',
      'create table b (id int primary key)',
      'alter table a add foreign key (id) references b',
    ],
    holds: '(select count(*) = 1 from a join b using (id))',
  },
  {
    ...{ name: 'one job does with few connections', fix: 'oneJob', rule: 'connectionFailed', user: 'lonely' },
    make: ['create table t as select 1 as a', 'create table u as select 2 as a'],
    request: { options: { jobs: '4', 'no-owner': true } },
    holds: '(select count(*) = 1 from t)',
  },
  {
    ...{ name: 'several transactions do with few locks', fix: 'notWhole', rule: 'serverLimits' },
    make: [
      `do $$ begin for n in 1..600 loop execute format('create table t%s (id int primary key)', n); end loop; end $$`,
    ],
    request: inPlace,
    holds: `(select count(*) = 600 from pg_class where relname ~ '^t[0-9]+$')`,
  },
  {
    ...{ name: 'once more, when the cause is over', fix: 'again', rule: 'connectionLost', request: inPlace },
    make: ['create table t as select 1 as a'],
    before: [
      'create schema once',
      'create sequence once.times',
      `create function once.kill() returns event_trigger language plpgsql as
         'begin if nextval(''once.times'') = 1 then perform pg_terminate_backend(pg_backend_pid()); end if; end'`,
      'create event trigger once on ddl_command_start execute function once.kill()',
    ],
    holds: '(select count(*) = 1 from t)',
  },
];

describe('what can be done about a message', function () {
  this.timeout(240_000);
  const folder = useSuiteFolder();
  const sources = new Map<number, Cluster>();
  let target: Cluster;
  let restorer: Restorer;

  before(async () => {
    for (const major of [15, 18]) sources.set(major, await startCluster(major));
    target = await startCluster(15);
    // So few locks that one transaction cannot make some hundred tables.
    await target.sql('alter system set max_locks_per_transaction = 10');
    await target.sql('alter system set max_connections = 20');
    await target.restart();
    restorer = await Restorer.open(target);
    for (const cluster of [target, sources.get(15)!])
      await cluster.sql(`create role plain login createdb password 'plain'`);
    await target.sql(`create role lonely login createdb connection limit 2 password 'lonely'`);
    const place = join(sources.get(15)!.socketDir, 'space');
    await mkdir(place);
    await chown(place, (await stat(sources.get(15)!.dataDir)).uid, -1);
    await sources.get(15)!.sql(`create tablespace fast location '${place}'`);
  });
  after(async () => {
    await restorer?.close();
    await target?.stop();
    for (const source of sources.values()) await source.stop();
  });
  afterEach(async () => {
    for (const source of sources.values()) await source.sql('drop database if exists shop with (force)');
    const names = await target.sql("select datname from pg_database where datname ~ '^copy'");
    for (const name of names.split('\n').filter(Boolean))
      await target.sql(`drop database "${name}" with (force)`);
    await target.sql('drop role if exists gone');
  });

  async function dumpOf({ make, unmake = [], from = 15, edit }: Case, how: string[]): Promise<string> {
    const source = sources.get(from)!;
    await source.sql('create database shop');
    for (const statement of make) await source.sql(statement, 'shop');
    const path = join(folder(), 'shop');
    await runTool(source, from, 'pg_dump', ['-f', path, ...how, 'shop']);
    for (const statement of unmake) await source.sql(statement, 'shop');
    if (edit) await writeFile(path, edit(await readFile(path, 'utf8')));
    return path;
  }

  /** Restores, finds the message, presses its button as the shell does, and looks at what came of it. */
  async function press(one: Case, artifact: string, restorer: Restorer): Promise<void> {
    const request: RestoreRequest = { artifact, database: 'copy', strategy: 'new', ...one.request };
    const who = one.user ? { user: one.user, password: one.user } : {};
    if (request.strategy === 'in-place') await target.sql('create database copy');
    for (const statement of one.before ?? []) await target.sql(statement, 'copy');
    const first = await restorer.restore(request, who);
    const job = await readSummary(first.folder);
    const messages = await readMessages(first.folder);
    const said = (some: readonly JobMessage[]): string =>
      some.map(({ rule, verdict, entry, text }) => `${rule} ${verdict} ${entry}: ${text}`).join('\n');
    const found = messages.find(
      ({ rule, verdict }) => rule === one.rule && verdict === (one.verdict ?? 'failed'),
    );
    assert.ok(found, `no ${one.rule}: ${job.error?.what} ${job.error?.why}\n${said(messages)}`);
    const fix = remediesOf(job, found).find(({ id }) => id === one.fix);
    assert.ok(fix, `not offered (${job.state}): ${JSON.stringify(found.fixes)}`);
    const plan = await restorer.plan(await requestWith(job, messages, fix), who);
    const second = await restorer.run(plan, { password: who.password });
    const after = await readMessages(second.folder);
    assert.equal(second.state, 'succeeded', `${second.error?.what} ${second.error?.why}\n${said(after)}`);
    assert.ok(!after.some(({ rule }) => rule === one.rule), said(after));
    assert.equal(await target.sql(`select ${one.holds}`, 'copy'), 't');
  }

  for (const one of cases)
    for (const how of one.dumps ?? custom)
      it(`${one.name} (${how.join(' ')})`, async () => {
        await press(one, await dumpOf(one, how), restorer);
      });

  it('another client does it where one is broken', async () => {
    const broken = join(folder(), 'broken');
    await mkdir(broken);
    for (const tool of ['pg_restore', 'pg_dump', 'psql'])
      await writeFile(
        join(broken, tool),
        `#!/bin/sh\ncase $1 in --version) exec '${join(postgresBin(15)!, tool)}' "$@";; esac\necho '${tool}: error: out of luck' >&2\nexit 1\n`,
        { mode: 0o755 },
      );
    const [real] = restorer.builds.filter(({ version }) => version.major === 17);
    const [old] = restorer.builds.filter(({ version }) => version.major === 15);
    const few = await Restorer.open(target, [{ ...old!, folder: broken }, real!]);
    try {
      const one: Case = {
        ...{ name: '', fix: 'useClient', rule: undefined, make: ['create table t as select 1 as a'] },
        holds: '(select count(*) = 1 from t)',
      };
      await press(one, await dumpOf(one, ['-Fc']), few);
    } finally {
      await few.close();
    }
  });

  it('every remedy there is was pressed', async () => {
    const made = await readFile('src/engine/restore/fixes.ts', 'utf8');
    const ids = [...made.matchAll(/\bid: '(\w+)'|without\(\s*'(\w+)'/g)].map((found) => found[1] ?? found[2]);
    const elsewhere = ['rolesFromGlobals', 'mapOwners', 'noPublications', 'useClient'];
    assert.deepEqual(
      [...new Set(ids)].filter((id) => !elsewhere.includes(id!)).sort(),
      [...new Set(cases.map(({ fix }) => fix))].sort(),
    );
  });
});
