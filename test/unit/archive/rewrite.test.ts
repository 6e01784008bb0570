import assert from 'node:assert/strict';
import type { Entry, Renames } from '../../../src/engine/archive';
import { Renamer } from '../../../src/engine/archive/restoring';

function entry(kind: string, schema: string | null, name: string, definition = ''): Entry {
  return {
    ...{ id: ++ids, kind, schema, name, definition, owner: 'joe', section: 'pre-data' },
    ...{ dropStatement: '', copyStatement: '', dependencies: [], hasData: false, bytes: null },
  };
}
let ids = 0;

const entries = [
  entry('SCHEMA', null, 'app'),
  entry('TABLE', 'app', 'orders'),
  entry('TABLE', 'app', 'Mixed "x"'),
  entry('SEQUENCE', 'app', 'orders_id_seq'),
  entry('FUNCTION', 'app', 'total(integer)'),
  entry('TYPE', 'app', 'state'),
];
const schemas: Renames = { schemas: { app: 'old "app"' } };

function renamed(definition: string, kind = 'TABLE', renames: Renames = schemas): string {
  return new Renamer(entries, renames).entry(entry(kind, 'app', 'x', definition)).definition;
}

describe('other names in statements', () => {
  it('a schema is renamed wherever it qualifies something known', () => {
    assert.equal(
      renamed(`CREATE TABLE app.orders (s app.state, n int DEFAULT nextval('app.orders_id_seq'::regclass));`),
      `CREATE TABLE "old ""app""".orders (s "old ""app""".state, n int DEFAULT nextval('"old ""app""".orders_id_seq'::regclass));`,
    );
    assert.equal(
      renamed('SELECT app."Mixed ""x""".a FROM app."Mixed ""x"""'),
      'SELECT "old ""app"""."Mixed ""x""".a FROM "old ""app"""."Mixed ""x"""',
    );
    assert.equal(renamed('SELECT 1 OPERATOR(app.+) 2'), 'SELECT 1 OPERATOR("old ""app""".+) 2');
  });

  it('columns of an alias of the same name, texts and comments are left alone', () => {
    for (const same of [
      'SELECT app.id FROM other.app',
      `INSERT INTO t VALUES ('app.orders')`,
      'SELECT 1 -- app.orders',
      'SELECT x.app.orders',
    ])
      assert.equal(renamed(same), same);
  });

  it('schemas by themselves, search paths and defaults of privileges', () => {
    assert.equal(
      renamed('GRANT USAGE ON SCHEMA app TO joe;', 'ACL'),
      'GRANT USAGE ON SCHEMA "old ""app""" TO joe;',
    );
    assert.equal(
      renamed(
        `CREATE FUNCTION app.total(integer) RETURNS int SET search_path TO 'app', 'public' AS 'x' LANGUAGE c`,
        'FUNCTION',
      ),
      `CREATE FUNCTION "old ""app""".total(integer) RETURNS int SET search_path TO 'old "app"', 'public' AS 'x' LANGUAGE c`,
    );
    assert.equal(
      renamed(
        'ALTER DEFAULT PRIVILEGES FOR ROLE joe IN SCHEMA app GRANT SELECT ON TABLES TO ann;',
        'DEFAULT ACL',
        {
          ...schemas,
          roles: { joe: 'new', ann: 'Ann' },
        },
      ),
      'ALTER DEFAULT PRIVILEGES FOR ROLE new IN SCHEMA "old ""app""" GRANT SELECT ON TABLES TO "Ann";',
    );
  });

  it('bodies of functions are read where they are SQL or PL/pgSQL, and told where they are not', () => {
    const body = (language: string): string =>
      `CREATE FUNCTION app.total(integer) RETURNS int LANGUAGE ${language} AS $_$ SELECT count(*) FROM app.orders $_$;`;
    assert.match(renamed(body('sql'), 'FUNCTION'), /FROM "old ""app"""\.orders \$_\$/);
    assert.match(renamed(body('plpython3u'), 'FUNCTION'), /FROM app\.orders/);
    const renamer = new Renamer(entries, schemas);
    assert.equal(renamer.unread(entry('FUNCTION', 'app', 'f()', body('plpython3u'))), true);
    assert.equal(renamer.unread(entry('FUNCTION', 'app', 'f()', body('sql'))), false);
  });

  it('relations, their indexes and constraints get names of their own', () => {
    const relations = { app: { orders: 'orders_restored', orders_pkey: 'orders_pkey_restored', i: 'j' } };
    const of = (sql: string): string => renamed(sql, 'CONSTRAINT', { relations });
    assert.equal(
      of('ALTER TABLE ONLY app.orders ADD CONSTRAINT orders_pkey PRIMARY KEY (id);'),
      'ALTER TABLE ONLY app.orders_restored ADD CONSTRAINT orders_pkey_restored PRIMARY KEY (id);',
    );
    assert.equal(
      of('CREATE UNIQUE INDEX i ON app.orders USING btree (i);'),
      'CREATE UNIQUE INDEX j ON app.orders_restored USING btree (i);',
    );
    assert.equal(of('ALTER TABLE app.orders CLUSTER ON i;'), 'ALTER TABLE app.orders_restored CLUSTER ON j;');
  });
});
