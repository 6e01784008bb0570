import assert from 'node:assert/strict';
import type { Contents, Entry } from '../../../src/engine/archive';
import type { ToolStep } from '../../../src/engine/plan';
import type { JobMessage } from '../../../src/engine/jobs/events';
import { concludeTool, countEntries } from '../../../src/engine/restore';
import { chosenEntries } from '../../../src/engine/restore/chosen';
import { needsOf } from '../../../src/engine/restore/requirements';
import { checkMetaCommands, ownDatabase } from '../../../src/engine/restore/script';
import { connectedDatabase } from '../../../src/engine/restore/scriptHead';
import { fakeBuild } from '../../support/fakeBuild';

function entry(facts: Partial<Entry>): Entry {
  return {
    id: 1,
    kind: 'TABLE',
    schema: 'public',
    name: 't',
    owner: 'app',
    section: 'pre-data',
    definition: '',
    dropStatement: '',
    copyStatement: '',
    dependencies: [],
    hasData: false,
    bytes: null,
    ...facts,
  };
}

function contents(facts: Partial<Contents>): Contents {
  return {
    format: 'plain',
    scope: 'database',
    archiveVersion: null,
    compression: 'none',
    wrapper: null,
    source: { database: 'shop', serverVersion: '15.18', toolVersion: '15.18' },
    createdAt: null,
    entries: [],
    metaCommands: [],
    faults: [],
    ...facts,
  };
}

function message(facts: Partial<JobMessage>): JobMessage {
  return {
    severity: 'error',
    verdict: 'failed',
    entry: null,
    sqlState: null,
    text: 'x',
    reason: 'y',
    ...facts,
  };
}

function step(facts: Partial<ToolStep>): ToolStep {
  return {
    do: 'tool',
    title: 'Restore',
    weight: 1,
    tool: 'pg_restore',
    build: fakeBuild('17.6'),
    args: [],
    dialect: 'pg_restore',
    tolerant: true,
    ...facts,
  };
}

describe('what a backup needs on the target', () => {
  const entries = [
    entry({ owner: 'app' }),
    entry({ kind: 'EXTENSION', name: 'pgcrypto', owner: null, schema: null }),
    entry({ name: 'big', owner: 'Odd "Role"', tablespace: 'fast' }),
    entry({ kind: 'DATABASE', name: 'shop', owner: 'dba' }),
    entry({
      kind: 'ACL',
      name: 'TABLE t',
      owner: 'ignored',
      section: 'none',
      definition:
        'REVOKE ALL ON TABLE public.t FROM old;\nGRANT SELECT ON TABLE public.t TO reader WITH GRANT OPTION;\nGRANT ALL ON TABLE public.t TO PUBLIC;\nGRANT ALL ON TABLE public.t TO "Odd ""Two""";\n',
    }),
    entry({
      kind: 'DEFAULT ACL',
      definition:
        'ALTER DEFAULT PRIVILEGES FOR ROLE maker IN SCHEMA public GRANT SELECT ON TABLES TO watcher;\n',
    }),
    entry({
      kind: 'POLICY',
      owner: 'app',
      definition: 'CREATE POLICY p ON public.t TO alice, bob USING (true);',
    }),
  ];

  it('finds roles, extensions and tablespaces', () => {
    const needs = needsOf(entries);
    assert.deepEqual(
      [...needs.roles].sort(),
      ['Odd "Role"', 'Odd "Two"', 'alice', 'app', 'bob', 'maker', 'old', 'reader', 'watcher'].sort(),
    );
    assert.deepEqual([...needs.extensions], ['pgcrypto']);
    assert.deepEqual([...needs.tablespaces], ['fast']);
  });

  it('leaves out what the options leave out', () => {
    const needs = needsOf(entries, { 'no-owner': true, 'no-privileges': true, 'no-tablespaces': true });
    assert.deepEqual([...needs.roles], ['alice', 'bob']);
    assert.deepEqual([...needs.tablespaces], []);
  });
});

describe('entries a restore goes through', () => {
  const all = contents({
    entries: [
      entry({ kind: 'ENCODING' }),
      entry({ kind: 'DATABASE', name: 'shop' }),
      entry({ kind: 'COMMENT', name: 'DATABASE shop', section: 'none' }),
      entry({ kind: 'TABLE' }),
      entry({ kind: 'TABLE DATA', section: 'data' }),
      entry({ kind: 'INDEX', section: 'post-data' }),
      entry({ kind: 'ACL', section: 'none' }),
    ],
  });
  const kinds = (options: Parameters<typeof chosenEntries>[1]): string[] =>
    chosenEntries(all, options).map((e) => e.kind);
  it('follow the options', () => {
    assert.deepEqual(kinds({}), ['TABLE', 'TABLE DATA', 'INDEX', 'ACL']);
    assert.deepEqual(kinds({ 'schema-only': true, 'no-privileges': true }), ['TABLE', 'INDEX']);
    assert.deepEqual(kinds({ 'data-only': true }), ['TABLE DATA']);
    assert.deepEqual(kinds({ section: ['post-data'] }), ['INDEX', 'ACL']);
  });
});

describe('psql commands in scripts', () => {
  it('hold a script back unless they are allowed', () => {
    const script = contents({
      metaCommands: [
        { line: 6, text: '\\restrict abc', own: true },
        { line: 90, text: '\\! rm -rf /', own: false },
      ],
    });
    assert.throws(() => checkMetaCommands(script, false), {
      code: 'script.metaCommands',
      why: 'line 90: \\! rm -rf /',
    });
    assert.match(checkMetaCommands(script, true)[0]?.text ?? '', /rm -rf/);
    assert.deepEqual(checkMetaCommands(contents({}), false), []);
  });

  it('tell where a script goes', () => {
    assert.equal(connectedDatabase('\\connect shop'), 'shop');
    assert.equal(connectedDatabase('\\connect "Shop"'), 'Shop');
    assert.equal(connectedDatabase(`\\connect -reuse-previous=on "dbname='My \\\\ \\'Db\\''"`), `My \\ 'Db'`);
    assert.equal(connectedDatabase('\\restrict x'), null);
    assert.equal(ownDatabase(contents({ metaCommands: [{ line: 3, text: '\\connect a', own: true }] })), 'a');
    assert.equal(ownDatabase(contents({})), null);
  });
});

describe('how a restore ended', () => {
  it('exit code 1 after harmless messages is a success', () => {
    const messages = [message({ verdict: 'harmless' }), message({ verdict: 'degraded' })];
    assert.equal(concludeTool(step({}), { exitCode: 1, signal: null, ignored: 2 }, messages), null);
  });

  it('exit code 1 without the count of ignored errors is a failure, whatever was said before', () => {
    const end = { exitCode: 1, signal: null, ignored: null };
    assert.ok(concludeTool(step({}), end, [message({ verdict: 'harmless' })]));
    assert.ok(concludeTool(step({}), end, []));
  });

  it('a failed message is a failure unless one goes on', () => {
    const end = { exitCode: 1, signal: null, ignored: 1 };
    const messages = [message({ rule: 'duplicateKey', entry: 'TABLE DATA public t app', sqlState: '23505' })];
    const facts = concludeTool(step({}), end, messages);
    assert.equal(facts?.code, 'restore.duplicateKey');
    assert.equal(facts?.sqlState, '23505');
    assert.match(facts?.why ?? '', /TABLE DATA public t app/);
    assert.equal(concludeTool(step({ keepGoing: true }), end, messages), null);
  });

  it('a tool that was killed failed', () => {
    assert.match(
      concludeTool(step({}), { exitCode: 137, signal: 'SIGKILL', ignored: null }, [])?.what ?? '',
      /SIGKILL/,
    );
  });

  it('psql: exit code 0 with errors fails, and what ended it is named', () => {
    const psql = step({ tool: 'psql', dialect: 'psql' });
    assert.ok(concludeTool(psql, { exitCode: 0, signal: null, ignored: null }, [message({})]));
    assert.equal(
      concludeTool(psql, { exitCode: 0, signal: null, ignored: null }, [message({ verdict: 'harmless' })]),
      null,
    );
    const lost = concludeTool(psql, { exitCode: 2, signal: null, ignored: null }, [
      message({ text: 'first' }),
      message({ text: 'last', rule: 'connectionLost' }),
    ]);
    assert.equal(lost?.code, 'connection.lost');
  });

  it('counts entries by their worst message', () => {
    assert.deepEqual(
      countEntries(10, [
        message({ entry: 'A', verdict: 'harmless' }),
        message({ entry: 'A', verdict: 'failed' }),
        message({ entry: 'B', verdict: 'degraded' }),
        message({ verdict: 'harmless' }),
        message({ verdict: 'harmless' }),
      ]),
      { restored: 9, harmless: 2, degraded: 1, failed: 1 },
    );
  });
});
