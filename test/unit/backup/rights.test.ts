import assert from 'node:assert/strict';
import { checkRights, dataWarnings, missingRights } from '../../../src/engine/backup/rights';
import { select } from '../../../src/engine/backup/selection';
import type { Answers } from '../../../src/engine/backup/types';
import { relation, sourceOf } from './sources';

const source = sourceOf([
  relation('public', 'open'),
  relation('public', 'closed', { select: false }),
  relation('audit', 'log', { schemaUsage: false }),
  relation('public', 'closed_seq', { kind: 'S', select: false }),
  relation('public', 'closed_view', { kind: 'v', select: false }),
  relation('ext', 'of_extension', { select: false, ofExtension: true }),
]);

function check(options: Answers, goOn = false): ReturnType<typeof checkRights> {
  return checkRights(source, select(source, options), options, goOn);
}

describe('missing rights', () => {
  it('are all named, each with the statement that gives it', () => {
    assert.deepEqual(missingRights(source, select(source, {})), [
      {
        entry: 'TABLE public.closed',
        right: 'SELECT',
        grant: 'GRANT SELECT ON TABLE "public"."closed" TO "app";',
      },
      { entry: 'SCHEMA audit', right: 'USAGE', grant: 'GRANT USAGE ON SCHEMA "audit" TO "app";' },
      {
        entry: 'SEQUENCE public.closed_seq',
        right: 'SELECT',
        grant: 'GRANT SELECT ON SEQUENCE "public"."closed_seq" TO "app";',
      },
    ]);
  });

  it('are an error with entry and right', () => {
    assert.throws(() => check({}), {
      code: 'backup.rights',
      what: /Role app/,
      why: /SELECT on TABLE public\.closed, USAGE on SCHEMA audit/,
      next: /GRANT SELECT ON TABLE "public"\."closed" TO "app";/,
      sqlState: '42501',
    });
  });

  it('do not matter for what is left out', () => {
    assert.deepEqual(check({ table: ['open'] }), []);
    assert.deepEqual(check({ 'exclude-table': ['closed*'], 'exclude-schema': ['audit'] }), []);
  });

  it('do not matter for sequences when no data is dumped', () => {
    assert.deepEqual(check({ 'schema-only': true, table: ['open', 'closed_seq'] }), []);
  });

  it('become warnings when told to go on', () => {
    assert.deepEqual(
      check({}, true).map(({ code }) => code),
      ['backup.rights'],
    );
  });

  it('count large objects where all of them are dumped', () => {
    const withObjects = sourceOf([], { hiddenLargeObjects: ['16402'] });
    const missing = (options: Answers) =>
      missingRights(withObjects, select(withObjects, options)).map(({ entry }) => entry);
    assert.deepEqual(missing({}), ['LARGE OBJECT 16402']);
    assert.deepEqual(missing({ table: ['x'], 'large-objects': true }), ['LARGE OBJECT 16402']);
    const without: Answers[] = [{ table: ['x'] }, { 'schema-only': true }, { 'no-large-objects': true }];
    for (const options of without) assert.deepEqual(missing(options), []);
  });

  it('are left to the tool with a filter file', () => {
    assert.deepEqual(check({ filter: 'x' }), []);
  });
});

describe('row security', () => {
  const guarded = sourceOf([relation('public', 'tenants', { rowSecurity: true })]);

  it('is refused, with the way out', () => {
    assert.throws(() => checkRights(guarded, select(guarded, {}), {}, false), {
      code: 'backup.rowSecurity',
      why: /TABLE public\.tenants/,
      next: /--enable-row-security/,
    });
  });

  it('is allowed when asked for, and said', () => {
    const options = { 'enable-row-security': true };
    const [warning] = checkRights(guarded, select(guarded, options), options, false);
    assert.match(warning!.text, /Only the rows that policies show to role app/);
  });
});

describe('unlogged tables', () => {
  const relations = [relation('public', 'cache', { unlogged: true }), relation('public', 'orders')];

  it('have no rows on a standby', () => {
    const standby = sourceOf(relations, { inRecovery: true });
    const selection = select(standby, {});
    assert.deepEqual(
      selection.data.map(({ name }) => name),
      ['orders'],
    );
    assert.match(dataWarnings(standby, selection)[0]!.text, /standby.*public\.cache/);
  });

  it('are kept on a primary, with a word', () => {
    const primary = sourceOf(relations);
    assert.match(dataWarnings(primary, select(primary, {}))[0]!.text, /crash/);
    const without = { 'no-unlogged-table-data': true };
    assert.deepEqual(dataWarnings(primary, select(primary, without)), []);
  });
});
