import assert from 'node:assert/strict';
import { columnClauses, tableBody } from '../../../src/engine/compare/objects';
import { sameStatement } from '../../../src/engine/compare/objects/spelling';

describe('statements that say the same', () => {
  const same = (
    kind: string,
    left: string,
    right: string,
    majors: [number, number] = [15, 18],
  ): string[] | false => {
    const { same, rules } = sameStatement(kind, [left, right], majors);
    return same && rules;
  };

  it('whatever their blanks and comments, but not in quoted text', () => {
    assert.deepEqual(
      same('TABLE', 'CREATE TABLE t (\n  a int\n)', 'CREATE  TABLE t (a int) -- note', [15, 15]),
      [],
    );
    assert.equal(
      same('FUNCTION', `CREATE FUNCTION f() AS 'a b'`, `CREATE FUNCTION f() AS 'a  b'`, [15, 15]),
      false,
    );
    assert.equal(same('TABLE', 'CREATE TABLE "a b" ()', 'CREATE TABLE "a  b" ()'), false);
    assert.ok(
      sameStatement('FUNCTION', [`f AS $$a\n  b$$`, `f AS $$a b$$`], [15, 15], { whitespace: true }).same,
    );
  });

  it('in majors that spell them otherwise, and only between these', () => {
    const named = 'CREATE TABLE t (a int CONSTRAINT my_name NOT NULL)';
    const plain = 'CREATE TABLE t (a int NOT NULL)';
    assert.deepEqual(same('TABLE', plain, named), ['notNullNames']);
    assert.equal(same('TABLE', plain, named, [18, 18]), false);
    assert.deepEqual(same('TABLE', plain, named.replace('my_name', 't_a_not_null1'), [18, 18]), [
      'notNullNumbers',
    ]);
    assert.deepEqual(same('ROLE MEMBERSHIP', 'GRANT a TO b', 'GRANT a TO b WITH INHERIT TRUE GRANTED BY c'), [
      'membershipOptions',
    ]);
    assert.deepEqual(
      same(
        'VIEW',
        'CREATE VIEW v AS SELECT t.a FROM s.t WHERE (t.b > 1)',
        'CREATE VIEW v AS SELECT a FROM s.t WHERE (b > 1)',
      ),
      ['columnQualifiers'],
    );
  });

  it('in clients that spell an older server otherwise', () => {
    const grant = (what: string): string => `GRANT ${what} ON TABLE public.t TO reader;`;
    const seven = 'SELECT,INSERT,REFERENCES,DELETE,TRIGGER,TRUNCATE,UPDATE';
    assert.deepEqual(same('TABLE', grant('ALL'), grant(seven), [15, 15]), ['allPrivileges']);
    assert.equal(same('TABLE', grant('ALL'), grant(seven), [17, 18]), false);
    assert.equal(same('TABLE', grant('ALL'), grant('SELECT,INSERT'), [15, 15]), false);
    const subscription = (more: string): string =>
      `CREATE SUBSCRIPTION s CONNECTION 'host=x' PUBLICATION p WITH (connect = false, slot_name = 's'${more});`;
    assert.deepEqual(
      same(
        'SUBSCRIPTION',
        subscription(''),
        subscription(', streaming = off, run_as_owner = true'),
        [15, 15],
      ),
      ['subscriptionDefaults'],
    );
    assert.equal(same('SUBSCRIPTION', subscription(''), subscription(', streaming = on'), [15, 15]), false);
  });

  it('but not where a qualifier tells one table from another', () => {
    const joined = (column: string): string =>
      `CREATE VIEW v AS SELECT ${column} FROM (s.t JOIN s.u ON (t.id = u.id))`;
    assert.equal(same('VIEW', joined('t.a'), joined('u.a')), false);
    const listed = (column: string): string => `CREATE VIEW v AS SELECT ${column} FROM s.t, s.u`;
    assert.equal(same('VIEW', listed('t.a'), listed('u.a')), false);
    const nested = (column: string): string =>
      `CREATE VIEW v AS SELECT a FROM s.t WHERE (EXISTS (SELECT 1 FROM s.u, s.w WHERE (${column} = 1)))`;
    assert.equal(same('VIEW', nested('u.a'), nested('w.a')), false);
  });
});

describe('the body of a table', () => {
  it('is taken apart into columns and constraints', () => {
    const body = tableBody(
      `CREATE TABLE app.t (\n  id integer DEFAULT nextval('app.s'::regclass) NOT NULL,\n  "odd, name" numeric(10,2)[],\n  kind text COLLATE "C" DEFAULT ('a,b'::text) NOT NULL,\n  twice numeric GENERATED ALWAYS AS ((id * 2)) STORED,\n  CONSTRAINT c CHECK ((id > 0))\n)\nPARTITION BY RANGE (id);`,
    )!;
    assert.deepEqual(
      body.items.map(({ kind, name }) => [kind, name]),
      [
        ['column', 'id'],
        ['column', 'odd, name'],
        ['column', 'kind'],
        ['column', 'twice'],
        ['constraint', 'c'],
      ],
    );
    assert.equal(body.tail, 'PARTITION BY RANGE (id);');
    const clauses = body.items.slice(0, 4).map(columnClauses);
    assert.deepEqual(
      clauses.map(({ type, notNull }) => [type, notNull]),
      [
        ['integer', true],
        ['numeric(10,2)[]', false],
        ['text', true],
        ['numeric', false],
      ],
    );
    assert.equal(clauses[0]!.default, `nextval('app.s'::regclass)`);
    assert.deepEqual([clauses[2]!.collation, clauses[2]!.default], ['"C"', `('a,b'::text)`]);
    assert.match(clauses[3]!.generated!, /ALWAYS AS \(\(id \* 2\)\) STORED/);
    assert.equal(tableBody('CREATE TABLE p PARTITION OF t FOR VALUES IN (1)'), null);
  });
});
