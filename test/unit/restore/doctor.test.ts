import assert from 'node:assert/strict';
import { createDoctor, diagnose, doctorRules } from '../../../src/engine/restore';

/** As pg_restore 17 printed it, run with --verbose against a 15 server. */
const restoreLog = `pg_restore: connecting to database for restore
pg_restore: while INITIALIZING:
pg_restore: error: could not execute query: ERROR:  unrecognized configuration parameter "transaction_timeout"
Command was: SET transaction_timeout = 0;
pg_restore: creating EXTENSION "pgcrypto"
pg_restore: creating TABLE "public.orders"
pg_restore: while PROCESSING TOC:
pg_restore: from TOC entry 215; 1259 16389 TABLE orders app
pg_restore: error: could not execute query: ERROR:  relation "orders" already exists
Command was: CREATE TABLE public.orders (
    id integer NOT NULL,
    t text
);


pg_restore: error: could not execute query: ERROR:  role "app" does not exist
Command was: ALTER TABLE public.orders OWNER TO app;

pg_restore: processing data for table "public.orders"
pg_restore: from TOC entry 3377; 0 16389 TABLE DATA orders app
pg_restore: error: COPY failed for table "orders": ERROR:  duplicate key value violates unique constraint "orders_pkey"
DETAIL:  Key (id)=(1) already exists.
CONTEXT:  COPY orders, line 1
pg_restore: creating ACL "public.TABLE orders"
pg_restore: from TOC entry 3385; 0 0 ACL TABLE orders app
pg_restore: error: could not execute query: ERROR:  role "r2" does not exist
Command was: GRANT SELECT ON TABLE public.orders TO r2;


pg_restore: warning: errors ignored on restore: 5`;

/** As psql 15 printed it, told what `psqlArgs` says. */
const psqlLog = `psql:<stdin>:18: ERROR:  42710: role "postgres" already exists
LOCATION:  CreateRole, user.c:308
psql:<stdin>:18: STATEMENT:  CREATE ROLE postgres;
psql:<stdin>:58: ERROR:  42704: unrecognized configuration parameter "transaction_timeout"
LOCATION:  find_option, guc.c:5734
psql:<stdin>:148: ERROR:  42P07: relation "orders" already exists
LOCATION:  heap_create_with_catalog, heap.c:1164
psql:<stdin>:159: ERROR:  23505: duplicate key value violates unique constraint "orders_pkey"
DETAIL:  Key (id)=(1) already exists.
CONTEXT:  COPY orders, line 1
SCHEMA NAME:  public
TABLE NAME:  orders
CONSTRAINT NAME:  orders_pkey
LOCATION:  _bt_check_unique, nbtinsert.c:664
psql:<stdin>:159: STATEMENT:  COPY public.orders (id, t) FROM stdin;
psql:<stdin>:160: NOTICE:  00000: nothing to see
LOCATION:  x, y.c:1
psql:<stdin>:161: error: invalid command \\foo`;

describe('failure doctor', () => {
  it('ties pg_restore messages to their entries and statements', () => {
    const messages = diagnose('pg_restore', restoreLog);
    assert.deepEqual(
      messages.map((m) => [m.verdict, m.rule, m.entry, m.sqlState]),
      [
        ['harmless', 'settingUnknown', null, '42704'],
        ['failed', 'objectExists', 'TABLE orders app', '42P07'],
        ['degraded', 'ownerMissing', 'TABLE orders app', '42704'],
        ['failed', 'duplicateKey', 'TABLE DATA orders app', '23505'],
        ['degraded', 'ownerMissing', 'ACL TABLE orders app', '42704'],
      ],
    );
    assert.equal(
      messages[1]?.statement,
      'CREATE TABLE public.orders (\n    id integer NOT NULL,\n    t text\n);',
    );
    assert.match(
      messages[3]?.text ?? '',
      /DETAIL: Key \(id\)=\(1\) already exists\.\nCONTEXT: COPY orders, line 1$/,
    );
    assert.match(messages[4]?.next ?? '', /Create the role r2/);
  });

  it('names entries as the contents do when it is given them', () => {
    const names = new Map([[3377, 'TABLE DATA shop orders app']]);
    const messages = diagnose(
      'pg_restore',
      restoreLog,
      { inPlace: true },
      { entryById: (id) => names.get(id) },
    );
    assert.equal(messages[3]?.entry, 'TABLE DATA shop orders app');
    assert.equal(messages[1]?.entry, 'TABLE orders app');
  });

  it('reads psql with SQLSTATEs and lines', () => {
    const messages = diagnose('psql', psqlLog, { inPlace: false }, { entryAtLine: (n) => `line ${n}` });
    assert.deepEqual(
      messages.map((m) => [m.verdict, m.rule, m.sqlState, m.line, m.entry]),
      [
        ['harmless', 'roleExists', '42710', 18, 'line 18'],
        ['harmless', 'settingUnknown', '42704', 58, 'line 58'],
        ['failed', 'objectExists', '42P07', 148, 'line 148'],
        ['failed', 'duplicateKey', '23505', 159, 'line 159'],
        ['failed', 'rowsAsCommands', null, 161, 'line 161'],
      ],
    );
    assert.deepEqual(
      messages.map((m) => m.statement),
      ['CREATE ROLE postgres;', undefined, undefined, 'COPY public.orders (id, t) FROM stdin;', undefined],
    );
  });

  it('puts together again what parallel workers wrote into each other', () => {
    const refused =
      'connection to server at "localhost", port 5432 failed: FATAL:  too many connections for role "app"';
    for (const torn of [
      `pg_restore: pg_restore: error: error: ${refused}\n${refused}`,
      `pg_restore: error: pg_restore: ${refused}\nprocessing item 3 TABLE orders`,
      `pg_restore: error: pg_restore: processing item 3 TABLE orders\n${refused}`,
      `pg_restore: pg_restore: processing item 3 TABLE orders\nerror: ${refused}`,
    ]) {
      const messages = diagnose(
        'pg_restore',
        `${torn}\npg_restore: error: a worker process died unexpectedly`,
      );
      assert.deepEqual([messages[0]?.rule, messages.length], ['connectionFailed', 2], torn);
    }
  });

  it('tells a setting of the session from one without which a function is not made', () => {
    const said = (statement: string): string =>
      `psql:<stdin>:9: ERROR:  42704: unrecognized configuration parameter "transaction_timeout"
LOCATION:  find_option, guc.c:5734
psql:<stdin>:9: STATEMENT:  ${statement}`;
    const routine = `CREATE OR REPLACE FUNCTION public.f() RETURNS integer
    LANGUAGE sql
    SET transaction_timeout TO '1s'
    AS $$select 1$$;`;
    for (const [statement, verdict] of [
      ['SET transaction_timeout = 0;', 'harmless'],
      [routine, 'failed'],
      ['CREATE PROCEDURE p() LANGUAGE sql SET transaction_timeout TO 1 AS $$$$;', 'failed'],
    ] as const)
      assert.deepEqual(
        diagnose('psql', said(statement)).map((message) => message.verdict),
        [verdict],
      );
  });

  it('decides by SQLSTATE where a server speaks another language', () => {
    const [message] = diagnose(
      'psql',
      'psql:<stdin>:9: ERROR:  23505: doppelter Schlüsselwert verletzt „orders_pkey“',
    );
    assert.equal(message?.rule, 'duplicateKey');
  });

  it('knows a server that is gone', () => {
    const log = `pg_restore: error: could not execute query: server closed the connection unexpectedly
\tThis probably means the server terminated abnormally
\tbefore or while processing the request.
Command was: REFRESH MATERIALIZED VIEW public.slow;


pg_restore: error: could not execute query: no connection to the server
Command was: SELECT 1;
psql:<stdin>:7: server closed the connection unexpectedly`;
    assert.deepEqual(
      diagnose('pg_restore', log).map((m) => m.rule),
      ['connectionLost', 'connectionLost'],
    );
    assert.deepEqual(
      diagnose('psql', log.split('\n').slice(-1).join()).map((m) => [m.rule, m.line]),
      [['connectionLost', 7]],
    );
  });

  it('gives a message only when it is complete', () => {
    const doctor = createDoctor('pg_restore', { inPlace: false });
    assert.deepEqual(
      doctor.push('pg_restore: error: could not execute query: ERROR:  type "x" already exists'),
      [],
    );
    assert.deepEqual(doctor.push('Command was: CREATE TYPE x AS ENUM ();'), []);
    assert.equal(doctor.push('pg_restore: creating TABLE "public.t"').length, 1);
    assert.deepEqual(doctor.end(), []);
  });

  it('counts an unknown error as failed and an unknown warning as harmless', () => {
    assert.equal(diagnose('pg_restore', 'pg_restore: error: the moon is full')[0]?.verdict, 'failed');
    assert.equal(diagnose('pg_restore', 'pg_restore: warning: the moon is full')[0]?.verdict, 'harmless');
  });

  it('keeps password hashes out of messages', () => {
    const log = `pg_restore: error: could not execute query: ERROR:  permission denied to alter role
Command was: ALTER ROLE app WITH LOGIN PASSWORD 'SCRAM-SHA-256$4096:abc''def' VALID UNTIL 'infinity';
pg_restore: error: could not execute query: ERROR:  permission denied to create subscription
Command was: CREATE SUBSCRIPTION s CONNECTION 'host=h password=hunter2 dbname=x' PUBLICATION p;`;
    const text = JSON.stringify(diagnose('pg_restore', log));
    assert.ok(!text.includes('SCRAM') && !text.includes('hunter2'), text);
    assert.ok(text.includes('VALID UNTIL'));
  });

  it('shortens statements and bounds what it keeps', () => {
    const doctor = createDoctor('pg_restore', { inPlace: false });
    doctor.push('pg_restore: error: could not execute query: ERROR:  syntax error at or near "x"');
    doctor.push(`Command was: INSERT INTO t VALUES (`);
    for (let i = 0; i < 10_000; i++) doctor.push(`('${'x'.repeat(100)}'),`);
    assert.ok((doctor.end()[0]?.statement?.length ?? 0) < 500);
  });

  it('has a unique id per rule', () => {
    assert.equal(new Set(doctorRules.map((rule) => rule.id)).size, doctorRules.length);
  });
});
